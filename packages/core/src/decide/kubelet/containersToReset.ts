/** What RestartAllContainers removes, and in which order (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, getContainersToReset; K-081). */
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { Pod } from "../../state/Pod.ts"
import { restartsAllContainers } from "./containerRestart.ts"
import type { ContainerToReset } from "./PodActions.ts"
import type { RuntimePodStatus } from "./RuntimeStatus.ts"

interface Resets {
  /** Those whose exit began it. */
  readonly sources: ReadonlyArray<ContainerToReset>
  readonly targets: ReadonlyArray<ContainerToReset>
}

const resetsOf = (containers: ReadonlyArray<ContainerSpec>, runtime: RuntimePodStatus): Resets => {
  const found = containers.flatMap((container) =>
    runtime.containers
      .filter(({ name }) => name === container.name)
      .map(({ exitCode, id, name, state }) => ({
        reset: { id, name, kill: state !== "exited" },
        isSource: state === "exited" && restartsAllContainers(container, exitCode)
      }))
  )
  const resets = (sources: boolean) => found.filter(({ isSource }) => isSource === sources).map(({ reset }) => reset)
  return { sources: resets(true), targets: resets(false) }
}

/** Every instance of every container: the triggers last, regular containers before init containers. */
export const containersToReset = (pod: Pod, runtime: RuntimePodStatus): ReadonlyArray<ContainerToReset> => {
  const init = resetsOf(pod.spec.initContainers ?? [], runtime)
  const regular = resetsOf(pod.spec.containers, runtime)
  return [...regular.targets, ...init.targets, ...regular.sources, ...init.sources]
}
