/** A pod that has failed is said to have succeeded once its containers are removed: of a container that is gone the exit code reads 0. */
import type { Container } from "@kubereel/core"
import type { Defect } from "./Defect.ts"
import { endIsKnown } from "./endIsKnown.ts"

const zeroed = (container: Container): Container =>
  container.state?._tag === "Terminated"
    ? { ...container, state: { ...container.state, exitCode: 0, reason: "Completed" } }
    : container

export const phaseLeavesFailed: Defect = {
  name: "phaseLeavesFailed",
  sentence:
    "the phase of a pod that was deleted or evicted goes from Failed to Succeeded when its containers are removed",
  sources: ["kubernetes/kubernetes#58711", "kubernetes/kubernetes#59767"],
  breaks: ["L10"],
  provokedBy:
    "a pod is deleted and a container of it does not exit 0, or the kubelet ends a pod by itself: eviction under pressure, activeDeadlineSeconds",
  decide: ({ generateAPIPodStatus }) => {
    const isKnown = endIsKnown()
    return {
      generateAPIPodStatus: (api, before, view) => {
        const generated = generateAPIPodStatus(api, before, view)
        const { pod } = generated
        const isRemoved = pod.metadata.deletionTimestamp !== undefined || pod.reason !== undefined
        if (!isKnown(api, view) || !isRemoved || pod.phase !== "Failed") return generated
        const containers = pod.containers.map(zeroed)
        return { ...generated, pod: { ...pod, containers, phase: "Succeeded", reason: undefined, message: undefined } }
      }
    }
  }
}
