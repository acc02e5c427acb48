/** Whether a container that does not run is to be started (`pkg/kubelet/container/helpers.go`, ShouldContainerBeRestarted; K-070). */
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { Pod } from "../../state/Pod.ts"
import { containerShouldRestart } from "./containerRestart.ts"
import { findContainer, type RuntimePodStatus } from "./RuntimeStatus.ts"

export const shouldContainerBeRestarted = (container: ContainerSpec, pod: Pod, runtime: RuntimePodStatus): boolean => {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  const status = findContainer(runtime, container.name)
  if (status === undefined) return true
  switch (status.state) {
    case "running":
      return false
    case "created":
    case "unknown":
      return true
    case "exited":
      return containerShouldRestart(container, pod.spec, status.exitCode)
  }
}
