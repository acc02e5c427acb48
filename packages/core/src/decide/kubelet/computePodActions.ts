/** What one SyncPod is to do with sandbox and containers (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, computePodActions). */
import type { Pod } from "../../state/Pod.ts"
import { findContainer, type RuntimePodStatus } from "./RuntimeStatus.ts"
import { shouldContainerBeRestarted } from "./shouldContainerBeRestarted.ts"

export interface SandboxChange {
  readonly changed: boolean
  readonly attempt: number
  readonly sandbox: string | undefined
}

/** Whether the pod needs a new sandbox (`pkg/kubelet/kuberuntime/util/util.go`, PodSandboxChanged; K-050). */
export const podSandboxChanged = (pod: Pod, runtime: RuntimePodStatus): SandboxChange => {
  const newest = runtime.sandboxes[0]
  if (newest === undefined) return { changed: true, attempt: 0, sandbox: undefined }
  const ready = runtime.sandboxes.filter((sandbox) => sandbox.ready).length
  const unfit = ready > 1 || !newest.ready || (pod.spec.hostNetwork !== true && newest.ips.length === 0)
  return { changed: unfit, attempt: newest.attempt + (unfit ? 1 : 0), sandbox: newest.id }
}

export interface PodActions {
  /** Kill all containers and the sandbox first. */
  readonly killPod: boolean
  readonly createSandbox: boolean
  readonly sandbox: string | undefined
  readonly attempt: number
  /** Indices into `spec.containers`, in order. */
  readonly containersToStart: ReadonlyArray<number>
}

const forNewSandbox = (pod: Pod, runtime: RuntimePodStatus, change: SandboxChange): PodActions => {
  const kill = {
    killPod: true,
    createSandbox: false,
    sandbox: change.sandbox,
    attempt: change.attempt,
    containersToStart: []
  }
  const policy = pod.spec.restartPolicy ?? "Always"
  if (policy === "Never" && change.attempt !== 0 && runtime.containers.length > 0) return kill
  const containersToStart = pod.spec.containers.flatMap((container, index) => {
    const last = findContainer(runtime, container.name)
    return policy === "OnFailure" && last?.state === "exited" && last.exitCode === 0 ? [] : [index]
  })
  // Every regular container has succeeded before: there is nothing to make a sandbox for (K-052).
  return containersToStart.length === 0 ? kill : { ...kill, createSandbox: true, containersToStart }
}

export const computePodActions = (pod: Pod, runtime: RuntimePodStatus): PodActions => {
  const change = podSandboxChanged(pod, runtime)
  if (change.changed) return forNewSandbox(pod, runtime, change)
  const containersToStart: Array<number> = []
  let kept = 0
  pod.spec.containers.forEach((container, index) => {
    if (findContainer(runtime, container.name)?.state === "running") kept++
    else if (shouldContainerBeRestarted(container, pod, runtime)) containersToStart.push(index)
  })
  const killPod = kept === 0 && containersToStart.length === 0
  return { killPod, createSandbox: false, sandbox: change.sandbox, attempt: change.attempt, containersToStart }
}
