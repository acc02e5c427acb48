/** Which fields of a Pod an update may change (`pkg/apis/core/validation/validation.go`, ValidatePodUpdate; C-078…C-084). */
import { type JsonObject, jsonEqual } from "../../event/Json.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { entries, integer, mapping, numbered, text } from "./fields.ts"
import { goDiff } from "./goDiff.ts"
import { internalJson } from "./internalJson.ts"
import { type FieldError, fieldForbidden, invalid, required } from "./status.ts"
import { validateMetadataUpdate } from "./validateMetadataUpdate.ts"
import { validatePodMetadataAndSpec } from "./validatePod.ts"

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

/** A deadline may be set, and made shorter. */
const deadlineErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const [deadline, before] = [integer(next, "activeDeadlineSeconds"), integer(old, "activeDeadlineSeconds")]
  const path = "spec.activeDeadlineSeconds"
  if (before === undefined) return []
  if (deadline === undefined) return [invalid(path, null, "must not update from a positive integer to nil value")]
  return deadline > before ? [invalid(path, deadline, "must be less than or equal to previous value")] : []
}

const tolerationErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const bare = ({ tolerationSeconds: _, ...toleration }: JsonObject): JsonObject => toleration
  const kept = entries(old, "tolerations").every((before) =>
    entries(next, "tolerations").some((toleration) => jsonEqual(bare(toleration), bare(before)))
  )
  return kept
    ? []
    : [fieldForbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")]
}

const gateErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const known = entries(old, "schedulingGates").map((gate) => text(gate, "name"))
  return numbered(entries(next, "schedulingGates"), "spec.schedulingGates").flatMap(({ at, item }) => {
    const name = text(item, "name")
    return known.includes(name)
      ? []
      : [fieldForbidden(`${at}.name`, `only deletion is allowed, but found new scheduling gate '${name}'`)]
  })
}

const withImagesOf = (next: JsonObject, old: JsonObject, list: string): JsonObject => {
  const before = entries(old, list)
  if (before.length === 0) return next
  const containers = entries(next, list).map((container, i) => ({ ...container, image: before[i]?.["image"] ?? "" }))
  return { ...next, [list]: containers }
}

/** The node selector of a gated pod may still grow. */
const selectorErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const [selector, before] = [mapping(next, "nodeSelector"), mapping(old, "nodeSelector")]
  return Object.keys(before).every((label) => selector[label] === before[label])
    ? []
    : [
        invalid(
          "spec.nodeSelector",
          selector,
          "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
        )
      ]
}

/** The new spec with everything set back that may change. */
const munged = (next: JsonObject, old: JsonObject, gated: boolean): JsonObject => {
  let spec = next
  for (const list of lists) spec = withImagesOf(spec, old, list)
  const grace = integer(old, "terminationGracePeriodSeconds")
  const relaxed = grace !== undefined && grace < 0 && integer(next, "terminationGracePeriodSeconds") === 1
  return {
    ...spec,
    activeDeadlineSeconds: old["activeDeadlineSeconds"],
    tolerations: old["tolerations"],
    schedulingGates: old["schedulingGates"],
    ...(relaxed ? { terminationGracePeriodSeconds: grace } : {}),
    ...(gated ? { nodeSelector: old["nodeSelector"] } : {})
  }
}

/** All errors of an update, in the order of Kubernetes. */
export const validatePodUpdate = (
  next: PodObject,
  old: PodObject,
  release: KubernetesRelease = latestRelease
): ReadonlyArray<FieldError> => {
  const errors = [...validateMetadataUpdate(next.metadata, old.metadata), ...validatePodMetadataAndSpec(next, release)]
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
  if (gated) errors.push(...selectorErrors(next.spec, old.spec))
  const rest = munged(next.spec, old.spec, gated)
  if (jsonEqual(rest, old.spec)) return errors
  const difference = goDiff(internalJson("PodSpec", old.spec), internalJson("PodSpec", rest))
  const why = `pod updates may not change fields other than ${updatable.join(",")}\n${difference}`
  return [...errors, fieldForbidden("spec", why)]
}
