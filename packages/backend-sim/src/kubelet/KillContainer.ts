/** Stops one container (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, killContainer; K-246). */
import { type Pod, type RuntimeContainer, stopTimeout } from "@kubereel/core"
import type { KubeletNode } from "./KubeletNode.ts"
import { recordContainerEvent } from "./podEvents.ts"

export interface KillReason {
  /** The Event's message; the usual one if absent. */
  readonly message?: string
  /** The worker's override of the grace period in seconds; `undefined` when the pod ended by itself. */
  readonly grace: number | undefined
}

/** `done` when its process is reaped. */
export const killContainer = (
  node: KubeletNode,
  pod: Pod,
  container: RuntimeContainer,
  { grace, message = `Stopping container ${container.name}` }: KillReason,
  done: () => void
): void => {
  recordContainerEvent(node, pod, container.name, { type: "Normal", reason: "Killing", message })
  node.runtime.stopContainer(pod.metadata.uid ?? "", container.id, stopTimeout(pod, grace), done)
}
