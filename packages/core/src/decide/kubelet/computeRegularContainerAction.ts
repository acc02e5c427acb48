/** What is to be done with one regular container of an initialized pod (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, computePodActions; K-070, K-072). */
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { Pod } from "../../state/Pod.ts"
import { containerChanged } from "./definitionHash.ts"
import type { ContainerToKill } from "./PodActions.ts"
import type { ProbeResults } from "./prober/ProbeResults.ts"
import { findContainer, type RuntimeContainer, type RuntimePodStatus } from "./RuntimeStatus.ts"
import { shouldContainerBeRestarted } from "./shouldContainerBeRestarted.ts"

export interface RegularContainerAction {
  /** It runs and goes on running. */
  readonly keep: boolean
  readonly start: boolean
  readonly kill: ContainerToKill | undefined
}

export const computeRegularContainerAction = (
  container: ContainerSpec,
  pod: Pod,
  runtime: RuntimePodStatus,
  probes: ProbeResults
): RegularContainerAction => {
  const status = findContainer(runtime, container.name)
  if (status?.state !== "running") {
    const start = shouldContainerBeRestarted(container, pod, runtime)
    return { keep: false, start, kill: start && status?.state === "unknown" ? killUnknown(status) : undefined }
  }
  const { id, name } = status
  // Rules are not asked: the container has not exited.
  const restart = (container.restartPolicy ?? pod.spec.restartPolicy) !== "Never"
  const kill = (what: string, reason: ContainerToKill["reason"], again: boolean): RegularContainerAction => {
    const message = `Container ${name} ${what}${again ? ", will be restarted" : ""}`
    return { keep: false, start: again, kill: { id, name, message, reason } }
  }
  if (containerChanged(container, status)) return kill("definition changed", undefined, true)
  if (probes.get("liveness", id) === "Failure") return kill("failed liveness probe", "LivenessProbe", restart)
  if (probes.get("startup", id) === "Failure") return kill("failed startup probe", "StartupProbe", restart)
  return { keep: true, start: false, kill: undefined }
}

/** Nobody knows whether it runs: there must not be two of it. */
const killUnknown = ({ id, name, state }: RuntimeContainer): ContainerToKill => ({
  id,
  name,
  message: `Container is in "${state}" state, try killing it before restart`,
  reason: "Unknown"
})
