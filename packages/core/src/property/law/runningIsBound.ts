/**
 * L15: only a kubelet says that a pod runs, and it knows of those that are bound to its node. One that refuses a pod after its own
 * restart writes a status without conditions (rejectPod), and lets it run until what runs of it has ended.
 */
import { kubeletRemembers } from "../language/assumptions.ts"
import { and, implies } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { pod } from "../slice/pod.ts"
import { bound, condition, phase } from "../vocabulary/pod.ts"

export const runningIsBound = property(
  "L15",
  {
    name: "pod/running-is-bound",
    says: "A pod that runs has a node, and was scheduled",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase",
    each: pod,
    assume: [kubeletRemembers]
  },
  () => implies(phase("Running"), and(bound, condition("PodScheduled")))
)
