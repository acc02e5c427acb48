/** Regular containers of an earlier sandbox, dead as they are, are taken to mean that the pod is initialized. */
import type { RuntimePodStatus } from "@kubereel/core"
import type { Defect } from "./Defect.ts"

/** As if those that ended in an earlier sandbox were made in this one. */
const revived = (runtime: RuntimePodStatus): RuntimePodStatus => {
  const current = runtime.sandboxes[0]
  return {
    ...runtime,
    containers: runtime.containers.map((container) =>
      container.kind === "regular" && container.state === "exited" && container.sandbox !== current?.id
        ? { ...container, state: "created" }
        : container
    )
  }
}

export const appOvertakesInitAfterReboot: Defect = {
  name: "appOvertakesInitAfterReboot",
  sentence: "after a reboot regular containers and sidecars start while an init container before them still runs",
  sources: ["kubernetes/kubernetes#120247", "kubernetes/kubernetes#120269"],
  breaks: ["L30"],
  provokedBy:
    "a pod whose init containers take longer than a second has run once, and its node reboots or its sandbox is lost",
  decide: ({ computePodActions }) => ({
    computePodActions: (pod, runtime, context) => {
      const actions = computePodActions(pod, runtime, context)
      return actions.createSandbox || actions.killPod ? actions : computePodActions(pod, revived(runtime), context)
    }
  })
}
