/**
 * Fields of a pod whose feature gate is off are taken out before the pod is stored, without a word
 * (`pkg/api/pod/util.go`, dropDisabledFields).
 */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"

/** ContainerStopSignals is alpha and off in 1.36 (dropContainerStopSignals). */
const withoutStopSignal = (container: Json): Json => {
  if (!isJsonObject(container) || !isJsonObject(container["lifecycle"])) return container
  const { stopSignal, ...lifecycle } = container["lifecycle"]
  if (stopSignal === undefined) return container
  const { lifecycle: _, ...others } = container
  return Object.keys(lifecycle).length === 0 ? others : { ...others, lifecycle }
}

const lists = ["initContainers", "containers", "ephemeralContainers"] as const

export const dropDisabledFields = (spec: JsonObject): JsonObject => {
  const kept = lists.flatMap((list): Array<[string, Json]> => {
    const containers = spec[list]
    return Array.isArray(containers) ? [[list, containers.map(withoutStopSignal)]] : []
  })
  return { ...spec, ...Object.fromEntries(kept) }
}
