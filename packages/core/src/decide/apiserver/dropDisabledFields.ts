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

export const dropDisabledFields = (spec: JsonObject, { gates }: KubernetesRelease = latestRelease): JsonObject => {
  const kept = lists.flatMap((list): Array<[string, Json]> => {
    const containers = spec[list]
    return Array.isArray(containers) ? [[list, containers.map((container) => containerOf(container, gates))]] : []
  })
  return { ...(gates.PodLevelResources ? spec : without(spec, "resources")), ...Object.fromEntries(kept) }
}
