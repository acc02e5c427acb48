/** Pods that a namespace's labels do not allow (`k8s.io/pod-security-admission/admission/admission.go`, `api/helpers.go`; C-017). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { latestRelease } from "../../kubelet/featureGates.ts"
import { entries, mapping, text } from "../fields.ts"
import { type FieldError, forbidden, invalid, pods, type Status } from "../status.ts"
import { baselineChecks } from "./podSecurity/baseline.ts"
import type { Check } from "./podSecurity/podParts.ts"
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

/** 403 for a pod that violates the level that its namespace enforces. */
export const violatesPodSecurity = (
  namespace: KubernetesObject,
  { object: pod, old, subresource = "" }: { object: PodObject; old?: KubernetesObject; subresource?: string }
): Status | undefined => {
  const { labels = {} } = namespace.metadata
  const enforced = labels[`${PREFIX}enforce`]
  if (enforced === undefined || ignored.has(subresource)) return undefined
  if (old !== undefined && !isSignificant(pod as unknown as JsonObject, old as unknown as JsonObject)) return undefined
  // Who says something wrong means the strictest.
  const level = Object.hasOwn(levels, enforced) ? enforced : "restricted"
  const version = versionShape.exec(labels[`${PREFIX}enforce-version`] ?? "")
  const minor = version === null ? latestRelease.minor : Math.min(Number(version[1]), latestRelease.minor)
  const found = (levels[level] ?? []).flatMap((check) => check(pod as unknown as JsonObject, minor) ?? [])
  if (found.length === 0) return undefined
  const policy = `${level}:${version === null ? "latest" : version[0]}`
  const told = found.map(({ detail, reason }) => `${reason} (${detail})`).join(", ")
  return forbidden(pods, pod.metadata.name, `violates PodSecurity ${JSON.stringify(policy)}: ${told}`)
}
