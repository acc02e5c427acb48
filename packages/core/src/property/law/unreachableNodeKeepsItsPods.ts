/**
 * L66: of a pod on a node that is not heard of nobody knows whether it has ended: its object stays. Force is seen as a grace of 0,
 * whoever used it: a person, or the pod garbage collector for a node that is out of service.
 */
import { and, because, implies, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { isUnreachable } from "../vocabulary/node.ts"
import { deleted, terminal } from "../vocabulary/pod.ts"

const lost = when("its node is not heard of", ({ node, nodeName }: PodSeen) =>
  because(node !== undefined && isUnreachable(node), () => `node ${nodeName ?? "(none)"}: Ready=Unknown`)
)

const forced = when("removed by force", ({ pod: { metadata } }: PodSeen) =>
  because(
    metadata.deletionGracePeriodSeconds === 0,
    () => `deletionGracePeriodSeconds ${metadata.deletionGracePeriodSeconds ?? "(none)"}`
  )
)

export const unreachableNodeKeepsItsPods = property(
  "L66",
  {
    name: "pod/unreachable-node-keeps-its-pods",
    says: "A pod whose node is not heard of is removed by force alone, or when it had ended",
    source: "kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod/#delete-pods",
    each: pod.with("node")
  },
  () => implies(and(deleted, lost), or(forced, terminal))
)
