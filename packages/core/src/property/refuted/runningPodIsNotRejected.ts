/** R13. */
import { and, because, never, once, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { phase } from "../vocabulary/pod.ts"

/** What kubelets say of pods that they do not admit: pkg/kubelet/lifecycle/predicate.go. */
const reasons = new Set(["NodeAffinity", "NodeName", "NodePorts", "UnexpectedAdmissionError", "TopologyAffinityError"])

const rejected = when("rejected by its kubelet", ({ pod: { status } }: PodSeen) => {
  const reason = status.reason ?? ""
  const isIt = status.phase === "Failed" && (reasons.has(reason) || reason.startsWith("OutOf"))
  return because(isIt, () => `${status.phase ?? ""}, ${reason}`)
})

export const runningPodIsNotRejected = refuted(
  "R13",
  {
    name: "belief/running-pod-is-not-rejected",
    says: "A pod that has run is not rejected by its kubelet",
    why: "A kubelet that is restarted admits all its pods anew: labels, resources and devices may be others now",
    insteadUse: ["L13"],
    source: "pkg/kubelet/kubelet.go, HandlePodAdditions",
    each: pod
  },
  () => never(and(rejected, once(phase("Running"))))
)
