/** All that is reported of a pod that its node refuses (`pkg/kubelet/kubelet.go`, rejectPod; K-301, T-27). */
import type { Pod } from "../../../state/Pod.ts"
import { qosClass } from "../../apiserver/qosClass.ts"
import type { Refusal } from "./PodAdmitHandler.ts"

/** A whole status: no containers, no addresses, and of the conditions only those of others survive the merge. */
export const rejectedPod = (pod: Pod, { reason, message }: Refusal): Pod => ({
  ...pod,
  phase: "Failed",
  reason,
  message: `Pod was rejected: ${message}`,
  observedGeneration: pod.metadata.generation,
  startTime: undefined,
  hostIP: undefined,
  hostIPs: undefined,
  podIP: undefined,
  podIPs: undefined,
  qosClass: qosClass(pod.spec),
  resources: undefined,
  allocatedResources: undefined,
  conditions: [],
  containers: []
})
