/** R12. */
import { and, leadsTo, or, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { isReady } from "../slice/Nodes.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { bound, deleted, terminal, terminating } from "../vocabulary/pod.ts"

const down = when("its node is not ready", ({ node }: PodSeen) => node !== undefined && !isReady(node))
const back = when("its node is ready", ({ node }: PodSeen) => node !== undefined && isReady(node))

export const podsLeaveALostNode = refuted(
  "R12",
  {
    name: "belief/pods-leave-a-lost-node",
    says: "Pods are sent away from a node that is not ready within five minutes",
    why: "Tolerations of their own keep them, those of a DaemonSet for ever; nodes are given up one after another, and none where a whole zone is down",
    insteadUse: ["L81"],
    source: "kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction",
    each: pod.with("node")
  },
  () =>
    leadsTo(and(bound, down), or(terminating, deleted, terminal))
      .within("5m")
      .unless(back)
)
