/** Which resources of a Pod its `resize` subresource may change (`pkg/apis/core/validation/validation.go`, ValidatePodResize). */
import { type JsonObject, jsonEqual } from "../../event/Json.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { entries, mapping, numbered, text } from "./fields.ts"
import { qosClass } from "./qosClass.ts"
import { type FieldError, fieldForbidden, invalid } from "./status.ts"
import { validateMetadataUpdate } from "./validateMetadataUpdate.ts"
import { validatePodMetadataAndSpec } from "./validatePod.ts"

const podLevelDisabled =
  "resize of pods with pod-level resources is forbidden when InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled"
const MIRROR = "kubernetes.io/config.mirror"
const lists = ["containers", "initContainers"] as const

const orderErrors = (next: JsonObject, old: JsonObject, list: string): ReadonlyArray<FieldError> => {
  const [containers, before] = [entries(next, list), entries(old, list)]
  if (containers.length !== before.length)
    return [fieldForbidden(`spec.${list}`, `${list} may not be added or removed on resize`)]
  return numbered(containers, `spec.${list}`).flatMap(({ at, item }, i) =>
    text(item, "name") === text(before[i] ?? {}, "name")
      ? []
      : [fieldForbidden(`${at}.name`, `${list} may not be renamed or reordered on resize`)]
  )
}

const removed = (next: JsonObject, old: JsonObject, field: string): boolean =>
  Object.keys(mapping(old, field)).some((name) => mapping(next, field)[name] === undefined)

const removals = (next: JsonObject, old: JsonObject, path: string, what: string): ReadonlyArray<FieldError> =>
  ["requests", "limits"].flatMap((field) =>
    removed(next, old, field) ? [fieldForbidden(`${path}.${field}`, `${what} ${field} cannot be removed`)] : []
  )

/** The resources with CPU and memory set back to what they were. */
const withoutCpuAndMemory = (next: JsonObject, old: JsonObject): JsonObject =>
  Object.fromEntries(
    ["limits", "requests"].flatMap((field) => {
      const { cpu: _c, memory: _m, ...others } = mapping(next, field)
      const { cpu, memory } = mapping(old, field)
      const list = { ...others, ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) }
      return Object.keys(list).length === 0 ? [] : [[field, list]]
    })
  )

const listed = (resources: JsonObject): JsonObject => withoutCpuAndMemory(resources, resources)

const podLevelErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const before = mapping(old, "resources")
  if (old["resources"] === undefined && next["resources"] === undefined) return []
  if (next["resources"] === undefined)
    return [fieldForbidden("spec.resources", "pod-level resources cannot be removed")]
  const resources = mapping(next, "resources")
  const errors = removals(resources, before, "spec.resources", "pod-level resource")
  return jsonEqual(withoutCpuAndMemory(resources, before), listed(before))
    ? errors
    : [...errors, fieldForbidden("spec", "only cpu and memory resources are mutable at pod-level")]
}

/** Sidecars, and since InPlacePodVerticalScalingInitContainers the other init containers, too. */
const canResize = (container: JsonObject, { gates }: KubernetesRelease): boolean =>
  container["restartPolicy"] === "Always" || gates.InPlacePodVerticalScalingInitContainers

const immutableErrors = (
  next: JsonObject,
  old: JsonObject,
  list: (typeof lists)[number],
  release: KubernetesRelease
): ReadonlyArray<FieldError> =>
  numbered(entries(next, list), `spec.${list}`).flatMap(({ at, item }, i) => {
    const before = entries(old, list)[i] ?? {}
    if (list === "initContainers" && !canResize(item, release))
      return jsonEqual(item, before)
        ? []
        : [fieldForbidden("spec", "resources for non-sidecar init containers are immutable")]
    const restored = {
      ...item,
      resources: withoutCpuAndMemory(mapping(item, "resources"), mapping(before, "resources"))
    }
    const same = jsonEqual(restored, { ...before, resources: listed(mapping(before, "resources")) })
    const [path, whose] = list === "containers" ? ["spec", ""] : [at, " for init or sidecar containers"]
    const changed = same ? [] : [fieldForbidden(path, `only cpu and memory resources${whose} are mutable`)]
    const resized = list === "initContainers" && item["restartPolicy"] !== "Always" && !jsonEqual(item, before)
    const restarts = entries(item, "resizePolicy").filter((policy) => policy["restartPolicy"] === "RestartContainer")
    const why = "non-sidecar init containers with a resize policy of RestartContainer cannot be resized"
    return [...changed, ...(resized ? restarts.map(() => fieldForbidden(at, why)) : [])]
  })

/** Nothing that a container asked for may be taken away altogether. */
const removalErrors = (next: JsonObject, old: JsonObject, release: KubernetesRelease): ReadonlyArray<FieldError> =>
  (["initContainers", "containers"] as const).flatMap((list) =>
    numbered(entries(next, list), `spec.${list}`).flatMap(({ at, item }, i) => {
      const before = entries(old, list)[i] ?? {}
      if (list === "initContainers" && !canResize(before, release)) return []
      return removals(mapping(item, "resources"), mapping(before, "resources"), `${at}.resources`, "resource")
    })
  )

const isPodLevel = (spec: JsonObject): boolean => Object.keys(mapping(spec, "resources")).length > 0

/** A node that reports no resources for a running container cannot resize it. */
const isSupported = (old: PodObject): boolean => {
  const running = (old.status.containerStatuses ?? []).find((status) => status.state?.running !== undefined)
  return running === undefined || running.resources !== undefined
}

/** All errors of a resize, in the order of Kubernetes. */
export const validatePodResize = (
  next: PodObject,
  old: PodObject,
  release: KubernetesRelease = latestRelease
): ReadonlyArray<FieldError> => {
  if (old.metadata.annotations?.[MIRROR] !== undefined) return [fieldForbidden("", "static pods cannot be resized")]
  if (mapping(old.spec, "os")["name"] === "windows") return [fieldForbidden("", "windows pods cannot be resized")]
  const errors = [...validateMetadataUpdate(next.metadata, old.metadata), ...validatePodMetadataAndSpec(next, release)]
  const before = text(old.status, "qosClass") || qosClass(old.spec)
  if (before !== qosClass(next.spec))
    errors.push(invalid("spec", before, "Pod QOS Class may not change as a result of resizing"))
  if (!isSupported(old)) errors.push(fieldForbidden("spec", "Pod running on node without support for resize"))
  if (!release.gates.InPlacePodLevelResourcesVerticalScaling && (isPodLevel(next.spec) || isPodLevel(old.spec)))
    return [...errors, fieldForbidden("", podLevelDisabled)]
  errors.push(...podLevelErrors(next.spec, old.spec))
  const order = lists.flatMap((list) => orderErrors(next.spec, old.spec, list))
  if (order.length > 0) return [...errors, ...order]
  return [
    ...errors,
    ...removalErrors(next.spec, old.spec, release),
    ...lists.flatMap((list) => immutableErrors(next.spec, old.spec, list, release))
  ]
}
