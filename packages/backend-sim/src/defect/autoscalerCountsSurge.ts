/** An autoscaler takes the pods that there are for those that there should be: 383, 479, 589, 664. */
import { isTerminating } from "@kubereel/core"
import type { Defect } from "./Defect.ts"

export const autoscalerCountsSurge: Defect = {
  name: "autoscalerCountsSurge",
  sentence: "an autoscaler makes its Deployment as large as a roll-out has made it, load or no load",
  sources: ["kubernetes/kubernetes#72775", "kubernetes/kubernetes#84142"],
  breaks: [],
  provokedBy:
    "a Deployment with an autoscaler rolls out with a surge for longer than fifteen seconds, its load near the target: new pods that are not ready at once",
  decide: ({ proposeReplicas }) => ({
    proposeReplicas: (observed, target) => {
      const there = observed.pods.filter((pod) => !isTerminating(pod) && pod.status.phase !== "Failed").length
      return proposeReplicas({ ...observed, currentReplicas: Math.max(observed.currentReplicas, there) }, target)
    }
  })
}
