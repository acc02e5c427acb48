/** Whether the pod needs a new sandbox (`pkg/kubelet/kuberuntime/util/util.go`, PodSandboxChanged; K-050). */
import type { Pod } from "../../state/Pod.ts"
import type { RuntimePodStatus } from "./RuntimeStatus.ts"

export interface SandboxChange {
  readonly changed: boolean
  readonly attempt: number
  readonly sandbox: string | undefined
}

export const podSandboxChanged = (pod: Pod, runtime: RuntimePodStatus): SandboxChange => {
  const newest = runtime.sandboxes[0]
  if (newest === undefined) return { changed: true, attempt: 0, sandbox: undefined }
  const ready = runtime.sandboxes.filter((sandbox) => sandbox.ready).length
  const unfit = ready > 1 || !newest.ready || (pod.spec.hostNetwork !== true && newest.ips.length === 0)
  return { changed: unfit, attempt: newest.attempt + (unfit ? 1 : 0), sandbox: newest.id }
}
