/** When the kubelet removes the containers of a pod that has ended: after it has reported the end (`pkg/kubelet/kubelet.go`, cleanUpContainersInPod). */
import type { KubeletView, Pod } from "@kubereel/core"

/** Has the end of that pod been reported before? To be asked at every report. */
export const endIsKnown = (): ((pod: Pod, view: KubeletView) => boolean) => {
  const reported = new Set<string>()
  return ({ metadata: { uid = "" } }, { terminal }) => {
    const known = reported.has(uid)
    if (terminal) reported.add(uid)
    return known && terminal
  }
}
