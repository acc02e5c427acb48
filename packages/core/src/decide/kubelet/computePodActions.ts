/** What one SyncPod is to do with sandbox and containers (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, computePodActions). */
import type { Pod } from "../../state/Pod.ts"
import { computeInitContainerActions } from "./computeInitContainerActions.ts"
import { computeRegularContainerAction } from "./computeRegularContainerAction.ts"
import { containersToReset } from "./containersToReset.ts"
import type { PodActions } from "./PodActions.ts"
import { podSandboxChanged } from "./podSandboxChanged.ts"
import { noProbeResults, type ProbeResults } from "./prober/ProbeResults.ts"
import { findContainer, hasAnyRegularContainerCreated, type RuntimePodStatus } from "./RuntimeStatus.ts"
import { withResizes } from "./resize/withResizes.ts"

export interface SyncContext {
  /** What liveness and startup probes say of the pod's containers. */
  readonly probes?: ProbeResults
  /** The pod reports that all its containers are being restarted (K-081). */
  readonly restartAllContainers?: boolean
}

export const computePodActions = (pod: Pod, runtime: RuntimePodStatus, context: SyncContext = {}): PodActions => {
  const { probes = noProbeResults, restartAllContainers = false } = context
  const { attempt, changed, sandbox } = podSandboxChanged(pod, runtime)
  const actions = { ...nothing, sandbox, attempt }

  if (restartAllContainers) {
    return { ...actions, killPod: changed, createSandbox: changed, containersToReset: containersToReset(pod, runtime) }
  }
  if (changed) return { ...actions, ...withNewSandbox(pod, runtime, attempt) }

  // Ephemeral containers start once, initialized or not (K-075).
  const ephemeralContainersToStart = indices(pod.spec.ephemeralContainers, ({ name }) => !findContainer(runtime, name))

  const init = computeInitContainerActions(pod, runtime, probes)
  if (init.failed) return { ...actions, ephemeralContainersToStart, containersToKill: init.toKill, killPod: true }
  if (!init.initialized) {
    const { toKill: containersToKill, toStart: initContainersToStart } = init
    return withResizes(
      { ...actions, ephemeralContainersToStart, initContainersToStart, containersToKill },
      pod,
      runtime
    )
  }

  const regular = pod.spec.containers.map((container) => computeRegularContainerAction(container, pod, runtime, probes))
  const containersToStart = indices(regular, ({ start }) => start)
  // With nothing to keep and nothing to start the pod is over: that is how sidecars end (K-074).
  const over = containersToStart.length === 0 && !regular.some(({ keep }) => keep)
  const decided = {
    ...actions,
    killPod: over,
    ephemeralContainersToStart,
    initContainersToStart: over ? [] : init.toStart,
    containersToStart,
    containersToKill: [...init.toKill, ...regular.flatMap(({ kill }) => (kill === undefined ? [] : [kill]))]
  }
  return over ? decided : withResizes(decided, pod, runtime)
}

const nothing = {
  killPod: false,
  createSandbox: false,
  ephemeralContainersToStart: [],
  initContainersToStart: [],
  containersToStart: [],
  containersToKill: [],
  containersToReset: [],
  containersToUpdate: [],
  updatePodResources: false
}

/** Everything is killed, and begins anew if there is anything to begin (K-051…K-054). */
const withNewSandbox = (pod: Pod, runtime: RuntimePodStatus, attempt: number): Partial<PodActions> => {
  const policy = pod.spec.restartPolicy ?? "Always"
  if (policy === "Never" && attempt !== 0 && runtime.containers.length > 0) return { killPod: true }
  const containersToStart = indices(pod.spec.containers, (container) => {
    const last = findContainer(runtime, container.name)
    const succeeded = last?.state === "exited" && last.exitCode === 0
    return !((container.restartPolicy ?? policy) === "OnFailure" && succeeded)
  })
  if (containersToStart.length === 0 && hasAnyRegularContainerCreated(pod, runtime)) return { killPod: true }
  const begin = (pod.spec.initContainers ?? []).length > 0 ? { initContainersToStart: [0] } : { containersToStart }
  return { killPod: true, createSandbox: true, ...begin }
}

const indices = <Item>(
  items: ReadonlyArray<Item> | undefined,
  chosen: (item: Item) => boolean
): ReadonlyArray<number> => (items ?? []).flatMap((item, index) => (chosen(item) ? [index] : []))
