/**
 * Fields of a pod whose feature gate is off are taken out before the pod is stored, without a word
 * (`pkg/api/pod/util.go`, dropDisabledFields).
 */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { type FeatureGates, type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"

const without = (object: JsonObject, ...fields: ReadonlyArray<string>): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)))

/** dropPodLifecycleSleepAction: the handler stays, and does nothing. */
const handlerOf = (handler: Json | undefined, gates: FeatureGates): Json | undefined =>
  gates.PodLifecycleSleepAction || !isJsonObject(handler) ? handler : without(handler, "sleep")

/** dropContainerStopSignals: a lifecycle of which nothing is left is none. */
const lifecycleOf = (lifecycle: JsonObject, gates: FeatureGates): JsonObject | undefined => {
  const kept = Object.entries(lifecycle).filter(([part]) => part !== "stopSignal" || gates.ContainerStopSignals)
  if (kept.length === 0 && Object.keys(lifecycle).length > 0) return undefined
  return Object.fromEntries(kept.map(([part, value]) => [part, handlerOf(value, gates)]))
}

const containerOf = (container: Json, gates: FeatureGates): Json => {
  if (!isJsonObject(container)) return container
  const disabled = [
    ...(gates.InPlacePodVerticalScaling ? [] : ["resizePolicy"]),
    ...(gates.ContainerRestartRules ? [] : ["restartPolicyRules"])
  ]
  const kept = without(container, ...disabled)
  if (!isJsonObject(kept["lifecycle"])) return kept
  const lifecycle = lifecycleOf(kept["lifecycle"], gates)
  return lifecycle === undefined ? without(kept, "lifecycle") : { ...kept, lifecycle }
}

const lists = ["initContainers", "containers", "ephemeralContainers"] as const

const listOf = (object: JsonObject, field: string): ReadonlyArray<Json> => {
  const list = object[field]
  return Array.isArray(list) ? list : []
}

/** dropImageVolumes: with the volumes go their mounts. A list of which nothing is left is none. */
const withoutImageVolumes = (spec: JsonObject): JsonObject => {
  const isImage = (volume: Json): volume is JsonObject => isJsonObject(volume) && volume["image"] !== undefined
  const names = listOf(spec, "volumes")
    .filter(isImage)
    .map(({ name }) => name)
  if (names.length === 0) return spec
  const kept = (holder: JsonObject, field: string, goes: (item: Json) => boolean): JsonObject => {
    const rest = listOf(holder, field).filter((item) => !goes(item))
    return rest.length === 0 ? without(holder, field) : { ...holder, [field]: rest }
  }
  const containers = lists.flatMap((list): Array<[string, Json]> => {
    const all = listOf(spec, list)
    const mountsOne = (mount: Json) => isJsonObject(mount) && names.includes(mount["name"])
    const strip = (one: Json) => (isJsonObject(one) ? kept(one, "volumeMounts", mountsOne) : one)
    return all.length === 0 ? [] : [[list, all.map(strip)]]
  })
  return { ...kept(spec, "volumes", isImage), ...Object.fromEntries(containers) }
}

export const dropDisabledFields = (spec: JsonObject, { gates }: KubernetesRelease = latestRelease): JsonObject => {
  const kept = lists.flatMap((list): Array<[string, Json]> => {
    const containers = spec[list]
    return Array.isArray(containers) ? [[list, containers.map((container) => containerOf(container, gates))]] : []
  })
  const made = { ...(gates.PodLevelResources ? spec : without(spec, "resources")), ...Object.fromEntries(kept) }
  return gates.ImageVolume ? made : withoutImageVolumes(made)
}
