/** Whether a container that does not run is to be started (`pkg/kubelet/container/helpers.go`, ShouldContainerBeRestarted; K-070). */
import type { ContainerSpec, PodSpec } from "../../event/KubernetesObject.ts"
import type { Pod } from "../../state/Pod.ts"
import { findContainer, type RuntimePodStatus } from "./RuntimeStatus.ts"

/** The policy for an exit code (`pkg/api/v1/pod/util.go`, ContainerShouldRestart): the container's own, else the pod's. */
export const restartsAfter = (container: ContainerSpec, spec: PodSpec, exitCode: number): boolean => {
  const policy = container.restartPolicy ?? spec.restartPolicy ?? "Always"
  return policy === "Always" || (policy === "OnFailure" && exitCode !== 0)
}

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
      return restartsAfter(container, pod.spec, status.exitCode)
  }
}
