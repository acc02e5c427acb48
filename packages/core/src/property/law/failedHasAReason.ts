/**
 * L13: who fails a pod says why: a container that failed, a reason, or the condition that says that it was disrupted. A deletion is
 * enough for one whose containers had not all begun: what ended has ended well, and the rest never ran.
 */
import { because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { conditionOf, failedContainerOf, phase } from "../vocabulary/pod.ts"

const hasAReason = when("a failed container, a reason, DisruptionTarget, or deleted", ({ pod }: PodSeen) =>
  because(
    pod.status.reason !== undefined ||
      pod.metadata.deletionTimestamp !== undefined ||
      failedContainerOf(pod) !== undefined ||
      conditionOf(pod, "DisruptionTarget") === "True",
    () => `reason ${pod.status.reason ?? "(none)"}, no container failed, no DisruptionTarget, not deleted`
  )
)

export const failedHasAReason = property(
  "L13",
  {
    name: "pod/failed-has-a-reason",
    says: "Of a pod that failed a container failed, or it has a reason, or was disrupted or deleted",
    source: "pkg/kubelet/kubelet_pods.go, getPhase",
    each: pod
  },
  () => implies(phase("Failed"), hasAReason)
)
