/** Completed init containers are collected, and then nobody knows that they have done their work. */
import { isRestartableInitContainer, type Pod, type RuntimePodStatus } from "@kubereel/core"
import type { Defect } from "./Defect.ts"

/** Without regular containers, and without the init containers that ended before those began. */
const collected = ({ spec }: Pod, runtime: RuntimePodStatus): RuntimePodStatus => {
  const regular = runtime.containers.filter(({ kind }) => kind === "regular")
  const since = Math.min(...regular.map(({ createdAt }) => createdAt))
  const sidecars = new Set((spec.initContainers ?? []).filter(isRestartableInitContainer).map(({ name }) => name))
  const isKept = ({ finishedAt, kind, name }: RuntimePodStatus["containers"][number]): boolean =>
    kind === "init" && (sidecars.has(name) || finishedAt === undefined || finishedAt > since)
  return { ...runtime, containers: runtime.containers.filter(isKept) }
}

export const initContainerRunsAgain: Defect = {
  name: "initContainerRunsAgain",
  sentence: "init containers that were completed run again while regular containers run",
  sources: ["kubernetes/kubernetes#62362", "kubernetes/kubernetes#86531", "kubernetes/kubernetes#90271"],
  breaks: ["L32", "L33"],
  provokedBy: "a pod has an init container that is no sidecar, and comes so far that its regular containers run",
  decide: ({ computePodActions }) => ({
    computePodActions: (pod, runtime, context) => {
      const actions = computePodActions(pod, runtime, context)
      const runs = runtime.containers.some(({ kind, state }) => kind === "regular" && state === "running")
      const waits = (pod.spec.initContainers ?? []).some((container) => !isRestartableInitContainer(container))
      if (!runs || !waits || actions.killPod) return actions
      const again = computePodActions(pod, collected(pod, runtime), context)
      // As soon as regular containers were to start it is initialized once more.
      return again.containersToStart.length > 0 ? actions : again
    }
  })
}
