/** One event of a watch is lost: the one that tells a kubelet of a pod. */
import type { Defect } from "./Defect.ts"

export const podIsNeverHeardOf: Defect = {
  name: "podIsNeverHeardOf",
  sentence: "the first pod that is bound to a node is never started: its kubelet misses that event",
  sources: ["instaclustr/cassandra-operator#398"],
  breaks: ["L95"],
  provokedBy: "a pod is bound to a node, and nobody writes it or restarts the kubelet afterwards",
  decide: ({ arrives }) => {
    let missed = false
    return {
      arrives: (watcher, change, object) => {
        if (missed || watcher.includes("/") || change === "DELETED") return arrives(watcher, change, object)
        missed = true
        return false
      }
    }
  }
}
