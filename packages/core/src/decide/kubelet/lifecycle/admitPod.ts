/** May a pod run on this node? (`pkg/kubelet/allocation/allocation_manager.go`, canAdmitPod; `pkg/kubelet/kubelet.go`, NewMainKubelet; K-006, K-300) */
import { admitUnderPressure } from "../eviction/admitUnderPressure.ts"
import { admitNodeShutdown } from "../nodeshutdown/shutdownStatus.ts"
import type { PodAdmitAttributes, PodAdmitHandler, Preemption, Refusal } from "./PodAdmitHandler.ts"
import { admitPredicates } from "./predicate.ts"
import { admitSysctls } from "./sysctls.ts"

/**
 * In Kubernetes' order. The handlers between them (devices, CPU and memory managers, AppArmor, features that a node declares) have
 * nothing to refuse on a node with the default managers, without devices and of the control plane's own version.
 */
const handlers: ReadonlyArray<PodAdmitHandler> = [admitUnderPressure, admitSysctls, admitPredicates, admitNodeShutdown]

/** The first handler that has something to say. */
export const admitPod = (attributes: PodAdmitAttributes): Refusal | Preemption | undefined => {
  for (const handler of handlers) {
    const answer = handler(attributes)
    if (answer !== undefined) return answer
  }
  return undefined
}
