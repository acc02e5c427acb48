/** Pods that a namespace's labels do not allow or would rather not have (`k8s.io/pod-security-admission/admission/admission.go`, `api/helpers.go`; C-017). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { controllerOf } from "../../controller/podOfTemplate.ts"
import { latestRelease } from "../../kubelet/featureGates.ts"
import { entries, mapping, text } from "../fields.ts"
import { type FieldError, forbidden, invalid, pods, type Status } from "../status.ts"
import { baselineChecks } from "./podSecurity/baseline.ts"
import type { Check, Finding } from "./podSecurity/podParts.ts"
import { restrictedChecks } from "./podSecurity/restricted.ts"

const PREFIX = "pod-security.kubernetes.io/"
const modes = ["enforce", "audit", "warn"]

const levels: { readonly [level: string]: ReadonlyArray<Check> } = {
  privileged: [],
  baseline: baselineChecks,
  restricted: restrictedChecks
}

const versionShape = /^v1\.([0-9]|[1-9][0-9]*)$/

/** What the labels say that there is not, in the order in which they are read (PolicyToEvaluate). */
const labelErrors = (labels: JsonObject): ReadonlyArray<FieldError> =>
  modes.flatMap((mode) => {
    const [level, version] = [`${PREFIX}${mode}`, `${PREFIX}${mode}-version`]
    const says = (label: string) => Object.hasOwn(labels, label)
    return [
      ...(says(level) && !Object.hasOwn(levels, text(labels, level))
        ? [
            invalid(
              `metadata.labels[${level}]`,
              text(labels, level),
              `must be one of ${Object.keys(levels).join(", ")}`
            )
          ]
        : []),
      ...(says(version) && text(labels, version) !== "latest" && !versionShape.test(text(labels, version))
        ? [invalid(`metadata.labels[${version}]`, text(labels, version), 'must be "latest" or "v1.x"')]
        : [])
    ]
  })

/** ValidateNamespace: an update may keep the wrong labels that it finds. */
export const podSecurityLabelErrors = (next: JsonObject, old: JsonObject = {}): ReadonlyArray<FieldError> => {
  const found = labelErrors(next)
  const told = (errors: ReadonlyArray<FieldError>): string => errors.map(({ body, field }) => field + body).join()
  return found.length > 0 && told(found) === told(labelErrors(old)) ? [] : found
}

/** isSignificantPodUpdate: another image or one more container is a new pod for this; the rest cannot change. */
const isSignificant = (pod: JsonObject, old: JsonObject): boolean => {
  const [spec, before] = [mapping(pod, "spec"), mapping(old, "spec")]
  return ["containers", "initContainers", "ephemeralContainers"].some((list) => {
    const looks = (container: JsonObject) => [container["name"] ?? "", container["image"] ?? ""]
    return !jsonEqual(entries(spec, list).map(looks), entries(before, list).map(looks))
  })
}

/** Subresources through which no container comes in. */
const ignored = new Set(["binding", "eviction", "status"])

/** A level of a version. */
interface Policy {
  readonly level: string
  /** "" or wrong: the latest. */
  readonly version: string
}

type Labels = KubernetesObject["metadata"]["labels"]

const policyText = ({ level, version }: Policy): string => `${level}:${versionShape.test(version) ? version : "latest"}`

/** PolicyToEvaluate: who enforces something wrong means the strictest. */
const enforcedBy = (labels: Labels = {}): Policy => {
  const level = labels[`${PREFIX}enforce`] ?? "privileged"
  return {
    level: Object.hasOwn(levels, level) ? level : "restricted",
    version: labels[`${PREFIX}enforce-version`] ?? ""
  }
}

/** PolicyToEvaluate: who says nothing of warnings is warned of what he has forbidden; who says something wrong is not warned. */
const warnedBy = (labels: Labels = {}): Policy => {
  const { [`${PREFIX}enforce`]: enforced, [`${PREFIX}warn`]: level, [`${PREFIX}warn-version`]: version } = labels
  if (level !== undefined) return { level: Object.hasOwn(levels, level) ? level : "privileged", version: version ?? "" }
  if (enforced === undefined || !Object.hasOwn(levels, enforced)) return { level: "privileged", version: version ?? "" }
  return { level: enforced, version: version ?? enforcedBy(labels).version }
}

const findingsOf = ({ level, version }: Policy, pod: JsonObject): ReadonlyArray<Finding> => {
  const [, asked] = versionShape.exec(version) ?? []
  const minor = asked === undefined ? latestRelease.minor : Math.min(Number(asked), latestRelease.minor)
  return (levels[level] ?? []).flatMap((check) => check(pod, minor) ?? [])
}

const violation = (policy: Policy, found: ReadonlyArray<Finding>): string => {
  const told = found.map(({ detail, reason }) => (detail === "" ? reason : `${reason} (${detail})`)).join(", ")
  return `PodSecurity ${JSON.stringify(policyText(policy))}: ${told}`
}

/** A pod as it was and as it will be, and through which path. */
interface PodRequest {
  readonly object: PodObject
  readonly old?: KubernetesObject
  readonly subresource?: string
}

const isLookedAt = ({ object, old, subresource = "" }: PodRequest): boolean =>
  !ignored.has(subresource) &&
  (old === undefined || isSignificant(object as unknown as JsonObject, old as unknown as JsonObject))

/** 403 for a pod that violates the level that its namespace enforces. */
export const violatesPodSecurity = (namespace: KubernetesObject, request: PodRequest): Status | undefined => {
  const { labels = {} } = namespace.metadata
  if (labels[`${PREFIX}enforce`] === undefined || !isLookedAt(request)) return undefined
  const policy = enforcedBy(labels)
  const pod = request.object
  const found = findingsOf(policy, pod as unknown as JsonObject)
  return found.length === 0 ? undefined : forbidden(pods, pod.metadata.name, `violates ${violation(policy, found)}`)
}

const warningOf = (labels: Labels, pod: JsonObject): ReadonlyArray<string> => {
  const policy = warnedBy(labels)
  const found = findingsOf(policy, pod)
  return found.length === 0 ? [] : [`would violate ${violation(policy, found)}`]
}

/** Of a pod that is allowed: what its namespace would rather not see. */
export const podSecurityWarnings = (namespace: KubernetesObject, request: PodRequest): ReadonlyArray<string> =>
  isLookedAt(request) ? warningOf(namespace.metadata.labels, request.object as unknown as JsonObject) : []

const templated = new Set(["ReplicaSet", "ReplicationController", "Deployment", "DaemonSet", "StatefulSet", "Job"])

/** Of an object that makes pods: what its namespace would rather not see, or will refuse (ValidatePodController). */
export const templateSecurityWarnings = (
  namespace: KubernetesObject,
  object: KubernetesObject
): ReadonlyArray<string> => {
  const spec = mapping(object, "spec")
  if (object.kind === "CronJob")
    return warningOf(namespace.metadata.labels, mapping(mapping(mapping(spec, "jobTemplate"), "spec"), "template"))
  return templated.has(object.kind) ? warningOf(namespace.metadata.labels, mapping(spec, "template")) : []
}

/** As many pods of a namespace are looked at when its level changes. */
const PODS_MAX = 3000

const ranks = ["privileged", "baseline", "restricted"]

/** Pods of one controller are alike: the first of each is looked at before the others (prioritizePods). */
const prioritized = (all: ReadonlyArray<PodObject>): ReadonlyArray<PodObject> => {
  const seen = new Set<string>()
  const [first, others]: [Array<PodObject>, Array<PodObject>] = [[], []]
  for (const pod of all) {
    const owner = controllerOf(pod)?.uid
    const isFirst = owner === undefined || !seen.has(owner)
    if (owner !== undefined) seen.add(owner)
    ;(isFirst ? first : others).push(pod)
  }
  return [...first, ...others]
}

/** Of a namespace that enforces more from now on: the pods that it has already (EvaluatePodsInNamespace). `all`: oldest first. */
export const namespaceSecurityWarnings = (
  next: KubernetesObject,
  old: KubernetesObject,
  all: () => ReadonlyArray<PodObject>
): ReadonlyArray<string> => {
  const [policy, before] = [enforcedBy(next.metadata.labels), enforcedBy(old.metadata.labels)]
  const [text, was] = [policyText(policy), policyText(before)]
  const isRelaxed =
    text.split(":")[1] === was.split(":")[1] && ranks.indexOf(policy.level) <= ranks.indexOf(before.level)
  if (text === was || policy.level === "privileged" || isRelaxed) return []
  const inOrder = prioritized(all())
  const namesOf = new Map<string, Array<string>>()
  for (const pod of inOrder.slice(0, PODS_MAX)) {
    const found = findingsOf(policy, pod as unknown as JsonObject)
    const reasons = found.map(({ reason }) => reason).join(", ")
    if (found.length > 0) namesOf.set(reasons, [...(namesOf.get(reasons) ?? []), pod.metadata.name])
  }
  const lines = [...namesOf].map(([reasons, names]) => {
    const [name] = names.toSorted()
    const others = names.length - 1
    return `${name}${others === 0 ? "" : others === 1 ? " (and 1 other pod)" : ` (and ${others} other pods)`}: ${reasons}`
  })
  return [
    ...(inOrder.length > PODS_MAX
      ? [`new PodSecurity enforce level only checked against the first ${PODS_MAX} of ${inOrder.length} existing pods`]
      : []),
    ...(lines.length > 0
      ? [
          `existing pods in namespace ${JSON.stringify(next.metadata.name)} violate the new PodSecurity enforce level ${JSON.stringify(text)}`
        ]
      : []),
    ...lines.toSorted()
  ]
}
