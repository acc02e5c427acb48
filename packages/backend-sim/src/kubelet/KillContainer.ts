/** Stops one container: its preStop hook, then StopContainer (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, killContainer; K-243…K-246). */
import {
  containerGracePeriod,
  findContainerSpec,
  graceLeft,
  type KillReason,
  type RuntimeContainer,
  stopTimeout
} from "@kubereel/core"
import type { PodContext } from "./KubeletNode.ts"
import { executePreStopHook } from "./LifecycleHooks.ts"
import { recordContainerEvent } from "./podEvents.ts"

export interface KillOptions {
  /** The Event's message; the usual one if absent. */
  readonly message?: string
  readonly reason?: KillReason
  /** The worker's override of the grace period in seconds; `undefined` when the pod ended by itself. */
  readonly grace: number | undefined
}

/** `done` when its process is reaped. */
export const killContainer = (
  context: PodContext,
  container: Pick<RuntimeContainer, "id" | "name">,
  { grace: override, message = `Stopping container ${container.name}`, reason = "Unknown" }: KillOptions,
  done: () => void
): void => {
  const { node, pod } = context
  const { id, name } = container
  const spec = findContainerSpec(pod, name)
  // Without a specification the kubelet cannot know how: it leaves the container alone.
  if (spec === undefined) return done()
  recordContainerEvent(node, pod, name, { type: "Normal", reason: "Killing", message })
  const grace = containerGracePeriod(pod, spec, reason, override)
  executePreStopHook({ ...context, spec, id }, grace, (took) =>
    node.runtime.stopContainer(pod.metadata.uid ?? "", id, stopTimeout(graceLeft(grace, took)), done)
  )
}
