/** What of a pod makes an update for its worker; anything else is its own status coming back (`pkg/kubelet/config/config.go`; K-003). */
import type { PodObject } from "@kubereel/core"

export const podConfiguration = (pod: PodObject) => ({
  spec: pod.spec,
  labels: pod.metadata.labels,
  annotations: pod.metadata.annotations,
  deletionTimestamp: pod.metadata.deletionTimestamp,
  deletionGracePeriodSeconds: pod.metadata.deletionGracePeriodSeconds
})
