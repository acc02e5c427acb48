/** From a manifest to the stored Pod, complete as `kubectl get -o yaml` shows it (`k8s.io/apiserver` create handler; section 1.1). */
import { Result } from "effect"
import { type Instant, toTime } from "../../event/Instant.ts"
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "../../event/Json.ts"
import type { KubernetesObject, PodObject, PodSpec } from "../../event/KubernetesObject.ts"
import type { Labels } from "../client/labelSelector.ts"
import { CONFIG_MIRROR } from "../kubelet/criticalPod.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { applyLimitRanges, brokenLimitRange } from "./admission/limitRanger.ts"
import { admitRuntimeClass, type RuntimeClassLookup, runtimeClassName } from "./admission/runtimeClass.ts"
import { withTopologyLabels } from "./bindPod.ts"
import { decodeObject } from "./decodeObject.ts"
import { dropDisabledFields } from "./dropDisabledFields.ts"
import { encodeObject } from "./encodeObject.ts"
import { applyLabelKeys } from "./labelKeys.ts"
import {
  accountOf,
  type PriorityClass,
  priority,
  serviceAccount,
  systemPriorityClasses,
  tolerationSeconds
} from "./podAdmission.ts"
import { defaultPodSpec } from "./podDefaults.ts"
import { qosClass } from "./qosClass.ts"
import { badRequest, type FieldError, invalidObject, type Status } from "./status.ts"
import { hasOwnClaims, validatePod, validatePodMetadata } from "./validatePod.ts"
import { withAppArmorProfiles } from "./warnings/appArmor.ts"

/** What the server makes up for a new object; all of it is given, so that a run repeats. */
export interface CreationNames {
  /** Of the request; a manifest that names another one is refused. */
  readonly namespace: string
  readonly uid: string
  readonly resourceVersion: string
  readonly now: Instant
  /** Five characters of `nameCharacters`, for the volume of the service account. */
  readonly suffix: string
  /** Five characters more, for a name that is to be generated. */
  readonly nameSuffix?: string
  /** The service accounts of the namespace; without it none is asked for. */
  readonly serviceAccounts?: (name: string) => JsonObject | undefined
  /** Of the server; the newest if absent. */
  readonly release?: KubernetesRelease
  /** The LimitRanges of the namespace. */
  readonly limitRanges?: ReadonlyArray<KubernetesObject>
  /** Those of a node, for pods that name theirs. */
  readonly nodeLabels?: (name: string) => Labels | undefined
  /** The priority classes of the cluster beside the system's own. */
  readonly priorityClasses?: { readonly [name: string]: PriorityClass }
  /** Those of the cluster; without it none is asked for. */
  readonly runtimeClass?: RuntimeClassLookup
}

/** No vowels, and nothing that looks like one (`k8s.io/apimachinery/pkg/util/rand/rand.go`; C-022). */
export const nameCharacters = "bcdfghjklmnpqrstvwxz2456789"

/** At most 58 characters of the base, then the suffix (`k8s.io/apiserver/pkg/storage/names/generate.go`). */
export const generateName = (base: string, suffix: string): string => `${base.slice(0, 58)}${suffix}`

const part = (object: JsonObject, key: string): JsonObject => {
  const value = object[key]
  return isJsonObject(value) ? value : {}
}

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "")

const nameOf = (metadata: JsonObject, names: CreationNames): string =>
  text(metadata["name"]) === "" && text(metadata["generateName"]) !== "" && names.nameSuffix !== undefined
    ? generateName(text(metadata["generateName"]), names.nameSuffix)
    : text(metadata["name"])

/** rest.FillObjectMetaSystemFields; what only the server may set is dropped. */
const metadataOf = (given: JsonObject, names: CreationNames): JsonObject => ({
  name: nameOf(given, names),
  generateName: given["generateName"],
  namespace: names.namespace,
  uid: names.uid,
  resourceVersion: names.resourceVersion,
  // Pods have a generation since 1.33.
  generation: (names.release ?? latestRelease).minor >= 33 ? 1 : undefined,
  creationTimestamp: toTime(names.now),
  labels: given["labels"],
  annotations: given["annotations"],
  ownerReferences: given["ownerReferences"],
  finalizers: given["finalizers"]
})

/** PodStrategy.PrepareForCreate: a client's status counts for nothing (K-233). */
const statusOf = (spec: JsonObject, now: Instant): JsonObject => {
  const gates = spec["schedulingGates"]
  const gated = Array.isArray(gates) && gates.length > 0
  const condition = {
    type: "PodScheduled",
    status: "False",
    lastTransitionTime: toTime(now),
    reason: "SchedulingGated",
    message: "Scheduling is blocked due to non-empty scheduling gates"
  }
  return {
    phase: "Pending",
    qosClass: qosClass(spec as unknown as PodSpec),
    ...(gated ? { conditions: [condition] } : {})
  }
}

const defaulted = new WeakMap<JsonObject, { readonly release: KubernetesRelease; readonly spec: JsonObject }>()

/** Controllers make many pods of one template: what its spec becomes is worked out once. */
const defaultedSpec = (given: JsonObject, release = latestRelease): JsonObject => {
  const known = defaulted.get(given)
  if (known?.release === release) return known.spec
  const asked = dropDisabledFields(defaultPodSpec(given), release)
  // A grace below zero is read as the shortest that there is (`pkg/apis/core/v1/conversion.go`, Convert_v1_Pod_To_core_Pod).
  const spec =
    Number(asked["terminationGracePeriodSeconds"]) < 0 ? { ...asked, terminationGracePeriodSeconds: 1 } : asked
  defaulted.set(given, { release, spec })
  return spec
}

/** Of a pod that has its node already; the others get them with it. */
const topologyLabelled = (metadata: JsonObject, spec: JsonObject, names: CreationNames): Labels | undefined => {
  const labels = metadata["labels"] as Labels | undefined
  const node = text(spec["nodeName"])
  const { gates } = names.release ?? latestRelease
  if (node === "" || !gates.PodTopologyLabelsAdmission) return labels
  return withTopologyLabels(labels, names.nodeLabels?.(node) ?? {})
}

/** A client's Pod with its defaults. */
export const askedPod = (manifest: JsonObject, release?: KubernetesRelease): JsonObject => ({
  ...manifest,
  spec: defaultedSpec(part(manifest, "spec"), release)
})

/** What became of a template's spec when its last pod was made, all that it depended on, and that pod. */
interface Admitted {
  readonly labels: JsonObject
  readonly classes: Classes
  readonly runtimeClass: KubernetesObject | undefined
  /** All but the volume with the token, which each pod has a name of its own for. */
  readonly spec: JsonObject
  pod?: PodObject
  /** The version for which nothing was wrong with the pod's spec. */
  valid?: KubernetesRelease
}

type Classes = { readonly [name: string]: PriorityClass }

const sameClasses = (a: Classes, b: Classes): boolean => {
  const [names, others] = [Object.keys(a), Object.keys(b)]
  return names.length === others.length && names.every((name) => a[name] === b[name])
}

const admittedSpecs = new WeakMap<JsonObject, Admitted>()

/** `given`: with its defaults; what admission adds is worked out once for all pods of a template. */
const admit = (
  given: JsonObject,
  metadata: JsonObject,
  { priorityClasses: classes = {}, runtimeClass: lookup }: CreationNames
): Result.Result<Admitted, Status> => {
  const [known, labels] = [admittedSpecs.get(given), part(metadata, "labels")]
  const className = runtimeClassName(given)
  const runtimeClass = className === "" ? undefined : lookup?.(className)
  const isSame = known !== undefined && known.runtimeClass === runtimeClass && sameClasses(known.classes, classes)
  if (isSame && jsonEqual(known.labels, labels)) return Result.succeed(known)
  const name = text(metadata["name"])
  const ranked = priority(given, name, { ...systemPriorityClasses, ...classes })
  if (Result.isFailure(ranked)) return Result.fail(ranked.failure)
  const tolerant = tolerationSeconds(ranked.success)
  const run = lookup === undefined ? Result.succeed(tolerant) : admitRuntimeClass(tolerant, name, runtimeClass)
  if (Result.isFailure(run)) return Result.fail(run.failure)
  const spec = encodeObject("PodSpec", applyLabelKeys(run.success, labels))
  const made = { labels, classes, runtimeClass, spec }
  admittedSpecs.set(given, made)
  return Result.succeed(made)
}

interface Made {
  readonly pod: PodObject
  readonly admitted: Admitted
}

/** Everything that the API server adds, or what admission refuses (403). */
const defaultPod = (manifest: JsonObject, names: CreationNames): Result.Result<Made, Status> => {
  const own = metadataOf(part(manifest, "metadata"), names)
  const asked = defaultedSpec(part(manifest, "spec"), names.release)
  const given = { metadata: own, spec: withAppArmorProfiles(asked, part(own, "annotations")) }
  const limited = applyLimitRanges(given, names.limitRanges ?? [])
  const [metadata, decoded] = [part(limited, "metadata"), part(limited, "spec")]
  const { namespace, serviceAccounts: known } = names
  const lookup = (name: string) => ({ account: known?.(name), namespace })
  // A mirror shows what runs already: admission asks for no account and adds none.
  const isMirror = part(metadata, "annotations")[CONFIG_MIRROR] !== undefined
  const allowed =
    known === undefined || isMirror ? Result.succeed(decoded) : accountOf(decoded, text(metadata["name"]), lookup)
  if (Result.isFailure(allowed)) return Result.fail(allowed.failure)
  const labelled = { ...metadata, labels: topologyLabelled(metadata, allowed.success, names) }
  const admitted = admit(allowed.success, labelled, names)
  if (Result.isFailure(admitted)) return Result.fail(admitted.failure)
  const { pod: before, spec: common } = admitted.success
  const spec = isMirror ? common : encodeObject("PodSpec", serviceAccount(common, names.suffix, known), common)
  const whole = { kind: "Pod", apiVersion: "v1", metadata: labelled, spec, status: statusOf(common, names.now) }
  const pod = encodeObject("Pod", whole, { ...before, spec }) as PodObject
  admitted.success.pod ??= pod
  return Result.succeed({ pod, admitted: admitted.success })
}

/** What is said against its spec is the same for all pods of a template, but for claims that are named after the pod. */
const errorsOf = ({ admitted, pod }: Made, release = latestRelease): ReadonlyArray<FieldError> => {
  if (admitted.valid === release && !hasOwnClaims(pod.spec)) return validatePodMetadata(pod)
  const errors = validatePod(pod, release)
  if (errors.length === 0) admitted.valid = release
  return errors
}

/**
 * The stored object of a POST, or why it is refused: 400 for a body that is no Pod, 403 from admission, 422 for what is
 * invalid. (404 for its namespace and 409 for its name are the store's to say.)
 */
export const createPod = (manifest: Json, names: CreationNames): Result.Result<PodObject, Status> => {
  const decoded = decodeObject(manifest)
  if (Result.isFailure(decoded)) return Result.fail(decoded.failure)
  const namespace = text(part(decoded.success, "metadata")["namespace"])
  if (namespace !== "" && namespace !== names.namespace) {
    return Result.fail(
      badRequest("the namespace of the provided object does not match the namespace sent on the request")
    )
  }
  const admitted = defaultPod(decoded.success, names)
  if (Result.isFailure(admitted)) return Result.fail(admitted.failure)
  const { pod } = admitted.success
  const errors = errorsOf(admitted.success, names.release)
  if (errors.length > 0)
    return Result.fail(invalidObject({ group: "", kind: "Pod" }, text(pod.metadata["name"]), errors))
  const broken = brokenLimitRange(pod, names.limitRanges ?? [])
  return broken === undefined ? Result.succeed(pod) : Result.fail(broken)
}
