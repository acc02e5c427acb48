/** Stops one container: its preStop hook, its turn, then StopContainer (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, killContainer; K-243…K-246). */
import {
  type ContainerKillReason,
  containerGracePeriod,
  findContainerSpec,
  graceLeft,
  type Micros,
  type RuntimeContainer,
  stopTimeout
} from "@kubereel/core"
import type { PodContext } from "./KubeletNode.ts"
import { executePreStopHook } from "./LifecycleHooks.ts"
import { recordContainerEvent } from "./podEvents.ts"
import type { TerminationOrdering } from "./TerminationOrdering.ts"

export interface KillOptions {
  /** The Event's message; the usual one if absent. */
  readonly message?: string
  readonly reason?: ContainerKillReason | undefined
  /** The worker's override of the grace period in seconds; `undefined` when the pod ended by itself. */
  readonly grace: number | undefined
  /** Whose turn it is when all containers of a pod with sidecars are killed. */
  readonly ordering?: TerminationOrdering | undefined
}

/** `done` when its process is reaped. */
export const killContainer = (
  context: PodContext,
  container: Pick<RuntimeContainer, "id" | "name">,
  options: KillOptions,
  done: () => void
): void => {
  const { node, pod } = context
  const { id, name } = container
  const { message = `Stopping container ${name}`, ordering, reason = "Unknown" } = options
  const spec = findContainerSpec(pod, name)
  // Without a specification the kubelet cannot know how: it leaves the container alone.
  if (spec === undefined) return done()
  recordContainerEvent(node, pod, name, { type: "Normal", reason: "Killing", message })
  const grace = containerGracePeriod(pod, spec, reason, options.grace)
  const stop = (left: number) =>
    node.runtime.stopContainer(pod.metadata.uid ?? "", id, stopTimeout(left), () => {
      ordering?.containerTerminated(name)
      done()
    })
  executePreStopHook({ ...context, spec, id }, grace, (took) => {
    const left = node.decide.graceAfterPreStop(grace, took)
    if (ordering === undefined) stop(left)
    else ordering.waitForTurn(name, left, (waited: Micros) => stop(graceLeft(left, waited)))
  })
}
