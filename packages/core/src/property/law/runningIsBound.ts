/** L15: only a kubelet says that a pod runs, and it knows of those that are bound to its node. */
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
    each: pod
  },
  () => implies(phase("Running"), and(bound, condition("PodScheduled")))
)
