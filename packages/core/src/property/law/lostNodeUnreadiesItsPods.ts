/** L82: who cannot be asked is not ready: the node controller says so for the kubelet (MarkPodsNotReady). */
import { and, because, leadsTo, not, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { isUnreachable } from "../vocabulary/node.ts"
import { condition, deleted, terminal } from "../vocabulary/pod.ts"

const isReady = condition("Ready")

const becomesUnknown = when("its node is not heard of any more", ({ change: { before, object } }: PodSeen) => {
  if (object.kind !== "Node" || before === undefined) return false
  return because(isUnreachable(object) && !isUnreachable(before), () => `node ${object.metadata.name}: Ready=Unknown`)
})

const isBack = when("its node is heard of", ({ node }: PodSeen) => node === undefined || !isUnreachable(node))

export const lostNodeUnreadiesItsPods = property(
  "L82",
  {
    name: "pod/lost-node-unreadies-its-pods",
    says: "The pods of a node that is not heard of are soon not ready",
    source: "pkg/controller/util/node/controller_utils.go, MarkPodsNotReady",
    each: pod.with("node"),
    params: { slack: "30 s" }
  },
  ({ params }) =>
    leadsTo(and(becomesUnknown, isReady), or(not(isReady), deleted, terminal))
      .within(params.slack)
      .unless(isBack)
)
