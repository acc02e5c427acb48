/** One event of a watch is lost: the one that tells the controllers of something new. */
import type { Defect } from "./Defect.ts"

const kinds = new Set(["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"])

export const workloadIsNeverHeardOf: Defect = {
  name: "workloadIsNeverHeardOf",
  sentence: "the first workload of a cluster never has a pod that is ready: its controller misses that event",
  sources: ["instaclustr/cassandra-operator#398"],
  breaks: ["L95"],
  provokedBy: "a DaemonSet, Deployment, ReplicaSet or StatefulSet is made, and not written again",
  decide: ({ arrives }) => {
    let missed = false
    return {
      arrives: (watcher, change, object) => {
        const isNew = change === "ADDED" && kinds.has(object.kind) && object.metadata.ownerReferences === undefined
        if (missed || !isNew) return arrives(watcher, change, object)
        missed = true
        return false
      }
    }
  }
}
