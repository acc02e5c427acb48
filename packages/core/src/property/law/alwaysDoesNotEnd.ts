/**
 * L14: with restartPolicy Always containers start again, and the pod does not end by itself. Containers with policies of their own
 * can end it (K-071).
 */
import { and, because, implies, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { conditionOf, terminal } from "../vocabulary/pod.ts"

const alwaysForAll = when("restartPolicy Always for all containers", ({ pod: { spec } }: PodSeen) => {
  const { containers, initContainers, restartPolicy = "Always" } = spec
  if (restartPolicy !== "Always") return false
  return (
    containers.every((one) => one.restartPolicy === undefined) &&
    (initContainers?.every((one) => one.restartPolicy === undefined || one.restartPolicy === "Always") ?? true)
  )
})

const wasEnded = when("deleted, a reason, or DisruptionTarget", ({ pod }: PodSeen) =>
  because(
    pod.metadata.deletionTimestamp !== undefined ||
      pod.status.reason !== undefined ||
      conditionOf(pod, "DisruptionTarget") === "True",
    () => "not deleted, no reason, no DisruptionTarget"
  )
)

export const alwaysDoesNotEnd = property(
  "L14",
  {
    name: "pod/restart-policy-always-does-not-end",
    says: "A pod all of whose containers always restart ends only when it is deleted, or for a reason of its own",
    source: "pkg/kubelet/kubelet_pods.go, getPhase",
    each: pod
  },
  () => implies(and(terminal, alwaysForAll), wasEnded)
)
