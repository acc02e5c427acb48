/** What a resize adds to the actions of a sync: containers that get other resources as they run, and others that are restarted for it (K-364). */
import type { ContainerSpec } from "../../../event/KubernetesObject.ts"
import type { Pod } from "../../../state/Pod.ts"
import type { ContainerToKill, ContainerToUpdate, PodActions } from "../PodActions.ts"
import { findContainer, type RuntimePodStatus } from "../RuntimeStatus.ts"
import { computePodResizeAction, podLevelResizeInProgress } from "./computePodResizeAction.ts"

interface Resizes {
  readonly restarts: ReadonlyArray<{ readonly index: number; readonly kill: ContainerToKill }>
  readonly updates: ReadonlyArray<ContainerToUpdate>
}

/** Of those that run and go on running. */
const resizesOf = (
  containers: ReadonlyArray<ContainerSpec>,
  pod: Pod,
  runtime: RuntimePodStatus,
  killed: ReadonlySet<string>
): Resizes => {
  const restarts: Array<Resizes["restarts"][number]> = []
  const updates: Array<ContainerToUpdate> = []
  for (const [index, container] of containers.entries()) {
    const running = findContainer(runtime, container.name)
    if (running?.state !== "running" || killed.has(running.id)) continue
    const { id, name } = running
    const action = computePodResizeAction(container, pod.spec, running, runtime)
    if (action._tag === "Restart") {
      const message = `Container ${name} resize requires restart`
      restarts.push({ index, kill: { id, name, message, reason: undefined } })
    }
    if (action._tag === "Update") {
      const { decreasesMemoryLimit, memory } = action
      updates.push({ id, name, resources: container.resources ?? {}, memory, decreasesMemoryLimit })
    }
  }
  return { restarts, updates }
}

const inOrder = (indices: ReadonlyArray<number>): ReadonlyArray<number> => indices.toSorted((a, b) => a - b)

export const withResizes = (actions: PodActions, pod: Pod, runtime: RuntimePodStatus): PodActions => {
  const killed = new Set(actions.containersToKill.map(({ id }) => id))
  const init = resizesOf(pod.spec.initContainers ?? [], pod, runtime, killed)
  const regular = resizesOf(pod.spec.containers, pod, runtime, killed)
  const restarts = [...init.restarts, ...regular.restarts]
  const containersToUpdate = [...init.updates, ...regular.updates]
  const updatePodResources = restarts.length > 0 || podLevelResizeInProgress(pod.spec, runtime)
  if (containersToUpdate.length === 0 && !updatePodResources) return actions
  return {
    ...actions,
    initContainersToStart: inOrder([...actions.initContainersToStart, ...init.restarts.map(({ index }) => index)]),
    containersToStart: inOrder([...actions.containersToStart, ...regular.restarts.map(({ index }) => index)]),
    containersToKill: [...actions.containersToKill, ...restarts.map(({ kill }) => kill)],
    containersToUpdate,
    updatePodResources
  }
}
