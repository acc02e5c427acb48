/** R5. */
import { implies, not } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { pod } from "../slice/pod.ts"
import { condition, terminating } from "../vocabulary/pod.ts"

export const endingPodIsNotReady = refuted(
  "R5",
  {
    name: "belief/ending-pod-is-not-ready",
    says: "A pod that is to be deleted is not ready",
    why: "It may be ready until its containers stop: the endpoints of Services are what turns unready at once",
    insteadUse: ["L94"],
    source: "pkg/kubelet/kubelet.go, SyncTerminatingPod",
    each: pod
  },
  () => implies(terminating, not(condition("Ready")))
)
