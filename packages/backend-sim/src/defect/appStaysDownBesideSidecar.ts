/** When only sidecars are left running, the pod is taken not to be initialized, and nothing else is started. */
import { findContainer, isRestartableInitContainer } from "@kubereel/core"
import type { Defect } from "./Defect.ts"

export const appStaysDownBesideSidecar: Defect = {
  name: "appStaysDownBesideSidecar",
  sentence: "regular containers that have all ended are never restarted while a sidecar runs",
  sources: ["kubernetes/kubernetes#136969", "kubernetes/kubernetes#137146"],
  breaks: ["L45"],
  provokedBy: "all regular containers of a pod with a sidecar have ended, and are to be restarted",
  decide: ({ computePodActions }) => ({
    computePodActions: (pod, runtime, context) => {
      const actions = computePodActions(pod, runtime, context)
      const stateOf = ({ name }: { readonly name: string }) => findContainer(runtime, name)?.state
      const besideSidecar = (pod.spec.initContainers ?? []).some(
        (container) => isRestartableInitContainer(container) && stateOf(container) === "running"
      )
      const isDown = pod.spec.containers.every((container) => stateOf(container) === "exited")
      return besideSidecar && isDown ? { ...actions, containersToStart: [] } : actions
    }
  })
}
