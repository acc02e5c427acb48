/** What the kubelet's loop makes of a probe's new result (`pkg/kubelet/kubelet.go`, syncLoopIteration; section 1.4, K-160, K-161, K-230). */
import { type Pod, type ProbeResult, type ProbeType, setContainerReadiness, setContainerStartup } from "@kubereel/core"
import type { StatusManager } from "../StatusManager.ts"

export interface PublishedResult {
  readonly type: ProbeType
  /** The runtime's ID of the container. */
  readonly id: string
  readonly result: ProbeResult
}

/** Changes the status at once; `true`: the pod is to be synced. */
export const handleProbeResult = (status: StatusManager, pod: Pod, { id, result, type }: PublishedResult): boolean => {
  if (type === "liveness") return result === "Failure"
  const known = status.get(pod.metadata.uid ?? "")
  if (known === undefined) return true
  const succeeded = result === "Success"
  const changed =
    type === "readiness" ? setContainerReadiness(pod, known, id, succeeded) : setContainerStartup(known, id, succeeded)
  if (changed !== undefined) status.set(pod, changed)
  return true
}
