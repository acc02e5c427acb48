/**
 * Why the volumes of a pod that a restarted kubelet finds terminating cannot be mounted again: its ConfigMaps and Secrets are
 * registered by SyncPod, which does not run for it any more (`pkg/kubelet/util/manager/watch_based_manager.go`, Get;
 * `pkg/kubelet/volumemanager/populator/desired_state_of_world_populator.go`, findAndAddNewPods).
 */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import type { Pod } from "../../state/Pod.ts"

const child = (object: Json | undefined, key: string): JsonObject | undefined => {
  const value = isJsonObject(object) ? object[key] : undefined
  return isJsonObject(value) ? value : undefined
}

/** The objects that a volume reads, each through the kubelet's cache. */
const objectsOf = (volume: JsonObject): ReadonlyArray<Json | undefined> => {
  const sources = child(volume, "projected")?.["sources"]
  return [
    child(volume, "configMap")?.["name"],
    child(volume, "secret")?.["secretName"],
    ...(Array.isArray(sources)
      ? sources.map((source: Json) => child(source, "configMap")?.["name"] ?? child(source, "secret")?.["name"])
      : [])
  ].filter((name) => name !== undefined)
}

/** One message for each such volume that a container mounts. */
export const notRegistered = (pod: Pod): ReadonlyArray<string> => {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  const mounted = new Set(containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map((mount) => mount["name"])))
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const errors = objectsOf(volume).map((name) => `object "${pod.metadata.namespace}"/"${name}" not registered`)
    if (errors.length === 0 || !mounted.has(volume["name"])) return []
    const error = errors.length === 1 ? errors[0] : `[${errors.join(", ")}]`
    return [`MountVolume.SetUp failed for volume "${volume["name"]}" : ${error}`]
  })
}
