/** Ends a pod and waits for its end, though not for ever (`pkg/kubelet/pod_workers.go`, killPodNow; K-285). */
import { type Pod, type PodObject, parsePod, SECOND } from "@kubereel/core"
import type { KubeletNode } from "./KubeletNode.ts"
import type { PodWorker } from "./PodWorker.ts"
import { recordPodEvent } from "./podEvents.ts"

const LEAST_SECONDS = 10

/** How the kubelet itself ends a pod (KillPodOptions). */
export interface KillOptions {
  /** Seconds; `undefined`: the pod's own. */
  readonly grace?: number | undefined
  /** What the end is called in the status (PodStatusFunc); the latest counts. */
  readonly status?: (status: Pod) => Pod
  /** Called once no container of the pod runs. */
  readonly completed?: () => void
}

export interface KillRequest {
  readonly pod: PodObject
  readonly worker: PodWorker
  /** Seconds; `undefined`: the pod's own. */
  readonly grace: number | undefined
  readonly status: (status: Pod) => Pod
}

/** `done`: the pod's containers are gone (`true`), or it took too long. */
export const killPodNow = (
  node: KubeletNode,
  { grace, pod, status, worker }: KillRequest,
  done: (killed: boolean) => void
): void => {
  const seconds = grace ?? pod.spec.terminationGracePeriodSeconds ?? 0
  const limit = Math.max(seconds + Math.floor(seconds / 2), LEAST_SECONDS)
  const late = node.engine.after(worker.entity, limit * SECOND, () => {
    const message = "Container runtime did not kill the pod within specified grace period."
    recordPodEvent(node, parsePod(pod), { type: "Warning", reason: "ExceededGracePeriod", message })
    done(false)
  })
  const completed = () => {
    if (node.engine.cancel(late)) done(true)
  }
  worker.update({ kill: { grace, status, completed } })
}
