/** What the API server refuses in a new Pod (`pkg/apis/core/validation/validation.go`, ValidatePodCreate; sections 1.6 and 1.7). */
import type { Json, JsonObject } from "../../event/Json.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { entries, integer, mapping, numbered, text } from "./fields.ts"
import { between, dns1123Label, dns1123Subdomain, qualifiedName } from "./nameRules.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, notSupported, required } from "./status.ts"
import { validateAffinity, validateTopologySpread } from "./validateAffinity.ts"
import { validateImage, validateOverhead } from "./validateContainer.ts"
import { validateContainers, validateHostPorts, validateInitContainers } from "./validateContainers.ts"
import { validateFileKeyVolumes } from "./validateEnv.ts"
import { validateEphemeralContainers } from "./validateEphemeralContainers.ts"
import { validateLabels, validateObjectMeta } from "./validateObjectMeta.ts"
import { validatePodAnnotations, validateProfilesMatch } from "./validatePodAnnotations.ts"
import { validateDnsConfig, validateHostAliases, validateHostnameOverride } from "./validatePodDns.ts"
import { validatePodResources } from "./validatePodResources.ts"
import { validateHostUsers, validatePodSecurityContext } from "./validatePodSecurityContext.ts"
import { podClaimNames, validatePodResourceClaims } from "./validateResourceClaims.ts"
import { validateTolerations } from "./validateTolerations.ts"
import { validateVolumes } from "./validateVolumes.ts"
import { validateHostProcess, validateOS } from "./validateWindows.ts"

const MAX_INT32 = 2_147_483_647

const choice = (spec: JsonObject, field: string, supported: ReadonlyArray<string>): ReadonlyArray<FieldError> =>
  supported.includes(text(spec, field)) ? [] : [notSupported(`spec.${field}`, text(spec, field), supported)]

const named = (
  spec: JsonObject,
  field: string,
  rule: (value: string) => ReadonlyArray<string>
): ReadonlyArray<FieldError> =>
  text(spec, field) === ""
    ? []
    : rule(text(spec, field)).map((message) => invalid(`spec.${field}`, text(spec, field), message))

const validateGates = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const seen = new Set<string>()
  return [
    ...numbered(entries(spec, "readinessGates"), "spec.readinessGates").flatMap(({ at, item }) => {
      const type = text(item, "conditionType")
      return qualifiedName(type).map((message) => invalid(`${at}.conditionType`, type, message))
    }),
    ...numbered(entries(spec, "schedulingGates"), "spec.schedulingGates").flatMap(({ at, item }) => {
      const name = text(item, "name")
      const repeated = seen.has(name)
      seen.add(name)
      return [
        ...qualifiedName(name).map((message) => invalid(at, name, message)),
        ...(repeated ? [duplicate(at, name)] : [])
      ]
    })
  ]
}

/** What a pod wants of its node, beside resources. */
const placementErrors = (spec: JsonObject): ReadonlyArray<FieldError> => [
  ...validateLabels(mapping(spec, "nodeSelector"), "spec.nodeSelector"),
  ...validatePodSecurityContext(spec),
  ...(spec["affinity"] === undefined ? [] : validateAffinity(mapping(spec, "affinity"))),
  ...validateDnsConfig(spec),
  ...validateGates(spec),
  ...validateTopologySpread(entries(spec, "topologySpreadConstraints")),
  ...validateHostProcess(spec),
  ...validateHostUsers(spec),
  ...validateHostnameOverride(spec)
]

const deadlineErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const deadline = integer(spec, "activeDeadlineSeconds")
  return deadline !== undefined && (deadline < 1 || deadline > MAX_INT32)
    ? [invalid("spec.activeDeadlineSeconds", deadline, between(1, MAX_INT32))]
    : []
}

const runtimeClassErrors = ({ runtimeClassName: name }: JsonObject): ReadonlyArray<FieldError> =>
  typeof name === "string"
    ? dns1123Subdomain(name).map((message) => invalid("spec.runtimeClassName", name, message))
    : []

const preemptionErrors = ({ preemptionPolicy: policy }: JsonObject): ReadonlyArray<FieldError> => {
  const [field, supported] = ["spec.preemptionPolicy", ["PreemptLowerPriority", "Never"]]
  if (typeof policy !== "string" || supported.includes(policy)) return []
  return [policy === "" ? required(field) : notSupported(field, policy, supported)]
}

/** Of whom a spec is a part. */
interface SpecHolder {
  readonly release: KubernetesRelease
  /** Of the pod; a template's pods have their own. */
  readonly metadata?: JsonObject
}

/** ValidatePodSpec: of a pod; in a template the paths begin elsewhere. */
export const validatePodSpec = (spec: JsonObject, { metadata, release }: SpecHolder): ReadonlyArray<FieldError> => {
  const { errors, volumes } = validateVolumes(entries(spec, "volumes"), text(metadata ?? {}, "name"))
  const claims = podClaimNames(spec)
  return [
    ...errors,
    ...validatePodResourceClaims(spec, metadata ?? {}),
    ...validateContainers(spec, { claims, volumes }, release),
    ...validateInitContainers(spec, { claims, volumes }, release),
    ...validateEphemeralContainers(spec, { claims, volumes }),
    ...validatePodResources(spec, claims),
    ...validateHostPorts(spec, metadata !== undefined),
    ...choice(spec, "restartPolicy", ["Always", "OnFailure", "Never"]),
    ...choice(spec, "dnsPolicy", ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
    ...placementErrors(spec),
    ...named(spec, "serviceAccountName", dns1123Subdomain),
    ...named(spec, "nodeName", dns1123Subdomain),
    ...deadlineErrors(spec),
    ...named(spec, "hostname", dns1123Label),
    ...named(spec, "subdomain", dns1123Label),
    ...validateTolerations(entries(spec, "tolerations")),
    ...validateHostAliases(spec),
    ...named(spec, "priorityClassName", dns1123Subdomain),
    ...runtimeClassErrors(spec),
    ...preemptionErrors(spec),
    ...validateOverhead(mapping(spec, "overhead")),
    ...validateOS(spec),
    ...validateFileKeyVolumes(spec)
  ]
}

const nonEmpty = (value: Json | undefined): boolean => Array.isArray(value) && value.length > 0

/** Are there volumes whose claims have the pod's name in theirs? */
export const hasOwnClaims = (spec: JsonObject): boolean =>
  entries(spec, "volumes").some(({ ephemeral }) => ephemeral !== undefined)

/** What is wrong with a new Pod of whose spec it is known that nothing is, but for `hasOwnClaims`. */
export const validatePodMetadata = (pod: PodParts): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(pod.metadata),
  ...validatePodAnnotations(pod.metadata, pod.spec),
  ...validateProfilesMatch(pod.metadata, pod.spec)
]

/** Specs of which nothing was wrong, and in which version: most updates of a pod leave its spec as it was. */
const sound = new WeakMap<JsonObject, KubernetesRelease>()

const specErrors = ({ metadata, spec }: PodParts, release: KubernetesRelease): ReadonlyArray<FieldError> => {
  // These are checked together with the pod's metadata.
  const isAlone = !hasOwnClaims(spec) && !nonEmpty(spec["resourceClaims"])
  if (isAlone && sound.get(spec) === release) return []
  const errors = [
    ...validatePodSpec(spec, { metadata, release }),
    ...["containers", "initContainers"].flatMap((list) =>
      numbered(entries(spec, list), `spec.${list}`).flatMap(({ at, item }) => validateImage(item, at))
    )
  ]
  if (isAlone && errors.length === 0) sound.set(spec, release)
  return errors
}

/** What is wrong with a Pod whoever writes it, on creation and on every update (validatePodMetadataAndSpec). */
export const validatePodMetadataAndSpec = (
  pod: PodParts,
  release: KubernetesRelease = latestRelease
): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(pod.metadata),
  ...validatePodAnnotations(pod.metadata, pod.spec),
  ...specErrors(pod, release)
]

interface PodParts {
  readonly metadata: JsonObject
  readonly spec: JsonObject
}

/**
 * All errors of a defaulted Pod, in the order of Kubernetes.
 *
 * A negative `terminationGracePeriodSeconds` is none: it is stored and acts as 1 (C-096).
 */
export const validatePod = (pod: PodParts, release: KubernetesRelease = latestRelease): ReadonlyArray<FieldError> => [
  ...validatePodMetadataAndSpec(pod, release),
  ...(nonEmpty(pod.spec["ephemeralContainers"])
    ? [fieldForbidden("spec.ephemeralContainers", "cannot be set on create")]
    : []),
  ...(text(pod.spec, "nodeName") !== "" && nonEmpty(pod.spec["schedulingGates"])
    ? [fieldForbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")]
    : []),
  ...validateProfilesMatch(pod.metadata, pod.spec)
]
