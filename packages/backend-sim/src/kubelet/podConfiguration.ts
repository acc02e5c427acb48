/** What of a pod makes an update for its worker; anything else is its own status coming back (`pkg/kubelet/config/config.go`; K-003). */
import { jsonEqual, type PodObject } from "@kubereel/core"

const podConfiguration = (pod: PodObject) => ({
  spec: pod.spec,
  labels: pod.metadata.labels,
  annotations: pod.metadata.annotations,
  deletionTimestamp: pod.metadata.deletionTimestamp,
  deletionGracePeriodSeconds: pod.metadata.deletionGracePeriodSeconds
})

/** Nearly all that is heard of a pod is its own status: then all of this is the very same. */
export const isSameConfiguration = (a: PodObject, b: PodObject): boolean =>
  a.spec === b.spec && a.metadata.labels === b.metadata.labels && a.metadata.annotations === b.metadata.annotations
    ? a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
      a.metadata.deletionGracePeriodSeconds === b.metadata.deletionGracePeriodSeconds
    : jsonEqual(podConfiguration(a), podConfiguration(b))
