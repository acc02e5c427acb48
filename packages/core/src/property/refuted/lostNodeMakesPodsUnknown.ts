/** R15. */
import { and, leadsTo, not, or, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { isUnreachable } from "../vocabulary/node.ts"
import { bound, deleted, phase, terminal } from "../vocabulary/pod.ts"

const lost = when("its node is not heard of", ({ node }: PodSeen) => node !== undefined && isUnreachable(node))

export const lostNodeMakesPodsUnknown = refuted(
  "R15",
  {
    name: "belief/lost-node-makes-pods-unknown",
    says: "The pods of a node that is not heard of are soon in phase Unknown",
    why: "Nobody has set that phase since 2015: they keep the one that they had, and lose Ready",
    insteadUse: ["L82"],
    source: "pkg/apis/core/types.go, PodUnknown",
    each: pod.with("node"),
    params: { soon: "30 s" }
  },
  ({ params }) =>
    leadsTo(and(bound, lost, not(terminal)), or(phase("Unknown"), deleted))
      .within(params.soon)
      .unless(not(lost))
)
