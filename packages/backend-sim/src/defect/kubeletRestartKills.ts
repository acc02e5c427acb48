/** When the kubelet goes away, its request to stop a container is cancelled, and the runtime takes that for the end of the grace period. */
import type { Defect } from "./Defect.ts"

export const kubeletRestartKills: Defect = {
  name: "kubeletRestartKills",
  sentence: "containers that are being stopped are killed at once when their kubelet restarts",
  sources: ["containerd/cri#1098", "containerd/cri#1099"],
  breaks: ["L63"],
  provokedBy: "the kubelet is stopped or restarted while a container is given time to end",
  decide: () => ({ killsWhenCallerGoes: () => true })
}
