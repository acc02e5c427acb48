/** Sidecars wait for the sidecar after them to end, whether it has ever started or not. */
import { isRestartableInitContainer } from "@kubereel/core"
import type { Defect } from "./Defect.ts"

export const sidecarAwaitsTheUnstarted: Defect = {
  name: "sidecarAwaitsTheUnstarted",
  sentence: "a sidecar gets no TERM before its grace period is over when the sidecar after it never started",
  sources: ["kubernetes/kubernetes#125880", "kubernetes/kubernetes#125935"],
  breaks: ["L34"],
  provokedBy: "a pod with two sidecars is deleted after the first one has started and before the second one has",
  decide: ({ terminationPrerequisites }) => ({
    terminationPrerequisites: (pod, running) => {
      const sidecars = (pod.spec.initContainers ?? []).filter(isRestartableInitContainer)
      return terminationPrerequisites(pod, new Set([...running, ...sidecars.map(({ name }) => name)]))
    }
  })
}
