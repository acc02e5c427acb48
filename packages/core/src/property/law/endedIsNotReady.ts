/** L25: a kubelet that tells of a pod's end takes its readiness back in the same version. The pod collector does not. */
import { and, implies, not } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { pod } from "../slice/pod.ts"
import { condition, terminal } from "../vocabulary/pod.ts"

export const endedIsNotReady = property(
  "L25",
  {
    name: "pod/ended-is-not-ready",
    says: "A pod whose kubelet said that it succeeded or failed is not Ready",
    source: "pkg/kubelet/status/status_manager.go, mergePodStatus",
    each: pod
  },
  () => implies(and(terminal, not(condition("DisruptionTarget"))), not(condition("Ready")))
)
