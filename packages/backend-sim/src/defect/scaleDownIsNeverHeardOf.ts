/** One event of a watch is lost: the one that tells the controllers that less is wanted. */
import { type KubernetesObject, specOf } from "@kubereel/core"
import type { Defect } from "./Defect.ts"

const replicasOf = (object: KubernetesObject): number => Number(specOf(object)["replicas"] ?? 1)

export const scaleDownIsNeverHeardOf: Defect = {
  name: "scaleDownIsNeverHeardOf",
  sentence:
    "the pods that are too many stay when a ReplicaSet or StatefulSet shrinks: its controller misses that event",
  sources: ["Orange-OpenSource/casskop#342"],
  breaks: ["L95"],
  provokedBy: "a ReplicaSet or StatefulSet is scaled down, and not written again",
  decide: ({ arrives }) => {
    const wanted = new Map<string, number>()
    let missed = false
    return {
      arrives: (watcher, change, object) => {
        const { kind, metadata } = object
        if (missed || (kind !== "ReplicaSet" && kind !== "StatefulSet")) return arrives(watcher, change, object)
        const { uid = "" } = metadata
        const before = wanted.get(uid) ?? 0
        wanted.set(uid, replicasOf(object))
        missed = change === "MODIFIED" && replicasOf(object) < before
        return !missed && arrives(watcher, change, object)
      }
    }
  }
}
