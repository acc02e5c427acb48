/** Which fields of a Pod an update may change (`pkg/apis/core/validation/validation.go`, ValidatePodUpdate; C-078…C-084). */
import { type JsonObject, jsonEqual } from "../../event/Json.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { entries, integer, numbered, text } from "./fields.ts"
import { goDiff } from "./goDiff.ts"
import { internalJson } from "./internalJson.ts"
import { between } from "./nameRules.ts"
import { type FieldError, fieldForbidden, invalid, required } from "./status.ts"
import { gatedPodErrors, withAffinityOf } from "./validateGatedPod.ts"
import { validateMetadataUpdate } from "./validateMetadataUpdate.ts"
import { validatePodMetadataAndSpec } from "./validatePod.ts"
import { validatePodAnnotationsUpdate } from "./validatePodAnnotations.ts"
import { validateTolerations } from "./validateTolerations.ts"

const updatable = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
]

const lists = ["containers", "initContainers"] as const

/** `undefined`: the number of containers changed, and nothing else is looked at. */
const containerErrors = (
  next: JsonObject,
  old: JsonObject,
  list: string
): { readonly errors: ReadonlyArray<FieldError>; readonly stop: boolean } => {
  const [containers, before] = [entries(next, list), entries(old, list)]
  if (containers.length !== before.length) {
    return { errors: [fieldForbidden(`spec.${list}`, "pod updates may not add or remove containers")], stop: true }
  }
  const errors = numbered(containers, `spec.${list}`).flatMap(({ at, item }) => {
    const image = text(item, "image")
    if (image === "") return [required(`${at}.image`)]
    return image === image.trim() ? [] : [invalid(`${at}.image`, image, "must not have leading or trailing whitespace")]
  })
  return { errors, stop: false }
}

const DEADLINE = "spec.activeDeadlineSeconds"
const MAX_INT32 = 2_147_483_647

/** A deadline may be set, and made shorter. */
const deadlineErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const [deadline, before] = [integer(next, "activeDeadlineSeconds"), integer(old, "activeDeadlineSeconds")]
  if (deadline === undefined)
    return before === undefined ? [] : [invalid(DEADLINE, null, "must not update from a positive integer to nil value")]
  if (deadline < 0 || deadline > MAX_INT32) return [invalid(DEADLINE, deadline, between(0, MAX_INT32))]
  return before !== undefined && deadline > before
    ? [invalid(DEADLINE, deadline, "must be less than or equal to previous value")]
    : []
}

const tolerationErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const bare = ({ tolerationSeconds: _, ...toleration }: JsonObject): JsonObject => toleration
  const kept = entries(old, "tolerations").every((before) =>
    entries(next, "tolerations").some((toleration) => jsonEqual(bare(toleration), bare(before)))
  )
  // What is kept is looked at once more.
  return kept
    ? validateTolerations(entries(next, "tolerations"))
    : [fieldForbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")]
}

/** By its name each gate that is new is told once, where it stands last. */
const gateErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const named = new Map(
    numbered(entries(next, "schedulingGates"), "spec.schedulingGates").map(({ at, item }) => [text(item, "name"), at])
  )
  for (const gate of entries(old, "schedulingGates")) named.delete(text(gate, "name"))
  return [...named].map(([name, at]) =>
    fieldForbidden(`${at}.name`, `only deletion is allowed, but found new scheduling gate '${name}'`)
  )
}

const withImagesOf = (next: JsonObject, old: JsonObject, list: string): JsonObject => {
  const before = entries(old, list)
  if (before.length === 0) return next
  const containers = entries(next, list).map((container, i) => ({ ...container, image: before[i]?.["image"] ?? "" }))
  return { ...next, [list]: containers }
}

/** The new spec with everything set back that may change. */
const munged = (next: JsonObject, old: JsonObject, gated: boolean): JsonObject => {
  let spec = gated ? { ...withAffinityOf(next, old), nodeSelector: old["nodeSelector"] } : next
  for (const list of lists) spec = withImagesOf(spec, old, list)
  const grace = integer(old, "terminationGracePeriodSeconds")
  const relaxed = grace !== undefined && grace < 0 && integer(next, "terminationGracePeriodSeconds") === 1
  return {
    ...spec,
    activeDeadlineSeconds: old["activeDeadlineSeconds"],
    tolerations: old["tolerations"],
    schedulingGates: old["schedulingGates"],
    ...(relaxed ? { terminationGracePeriodSeconds: grace } : {})
  }
}

/** All errors of an update, in the order of Kubernetes. */
export const validatePodUpdate = (
  next: PodObject,
  old: PodObject,
  release: KubernetesRelease = latestRelease
): ReadonlyArray<FieldError> => {
  const errors = [
    ...validateMetadataUpdate(next.metadata, old.metadata),
    ...validatePodMetadataAndSpec(next, release),
    ...validatePodAnnotationsUpdate(next, old)
  ]
  for (const list of lists) {
    const found = containerErrors(next.spec, old.spec, list)
    errors.push(...found.errors)
    if (found.stop) return errors
  }
  const deadline = deadlineErrors(next.spec, old.spec)
  errors.push(...deadline)
  if (deadline.length > 0 && next.spec.activeDeadlineSeconds !== undefined) return errors
  errors.push(...tolerationErrors(next.spec, old.spec), ...gateErrors(next.spec, old.spec))
  if (jsonEqual(next.spec, old.spec)) return errors
  const gated = entries(old.spec, "schedulingGates").length > 0
  if (gated) errors.push(...gatedPodErrors(next.spec, old.spec))
  const rest = munged(next.spec, old.spec, gated)
  if (jsonEqual(rest, old.spec)) return errors
  const difference = goDiff(internalJson("PodSpec", old.spec), internalJson("PodSpec", rest))
  const why = `pod updates may not change fields other than ${updatable.join(",")}\n${difference}`
  return [...errors, fieldForbidden("spec", why)]
}
