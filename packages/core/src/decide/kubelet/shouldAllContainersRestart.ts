/** When a container's exit restarts the whole pod in place (`pkg/kubelet/container/helpers.go`, ShouldAllContainersRestart; K-080, K-082). */
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { Pod } from "../../state/Pod.ts"
import { restartsAllContainers } from "./containerRestart.ts"
import { findContainer, type RuntimePodStatus } from "./RuntimeStatus.ts"

const containersOf = (pod: Pod): ReadonlyArray<ContainerSpec> => [
  ...(pod.spec.initContainers ?? []),
  ...pod.spec.containers
]

/** `before`: the status as it was last reported. What the runtime has forgotten, that still knows; but only of exited containers. */
export const shouldAllContainersRestart = (
  pod: Pod,
  runtime: RuntimePodStatus,
  before: Pick<Pod, "conditions" | "containers">
): boolean => {
  if (before.conditions.some(({ type, status }) => type === "AllContainersRestarting" && status === "True")) return true
  return containersOf(pod).some((container) => {
    const status = findContainer(runtime, container.name)
    if (status?.state !== "exited") return false
    if (restartsAllContainers(container, status.exitCode)) return true
    const reported = before.containers.find(({ kind, name }) => kind !== "ephemeral" && name === container.name)?.state
    return reported?._tag === "Terminated" && restartsAllContainers(container, reported.exitCode)
  })
}

/** Is every container gone from the runtime? Then they may start again (AllContainersRestartCleanedUp). */
export const allContainersRestartCleanedUp = (pod: Pod, runtime: RuntimePodStatus): boolean =>
  containersOf(pod).every((container) => findContainer(runtime, container.name) === undefined)
