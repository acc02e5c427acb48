/**
 * L81: who does not tolerate what befell its node is sent away: after the time that it does. That the taint itself comes late, or never
 * where whole zones are down, is another matter: it counts from the taint on.
 */
import { evictionDelay, noExecuteTaints } from "../../decide/controller/tainteviction/evictionDelay.ts"
import { isNode, type NodeObject, type Taint } from "../../decide/scheduler/NodeInfo.ts"
import type { Micros } from "../../event/Instant.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { eventually, on, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { deleted, isMirror, terminal, terminating } from "../vocabulary/pod.ts"

const NONE: ReadonlyArray<Taint> = []
const taintsOf = (node: KubernetesObject | undefined): ReadonlyArray<Taint> =>
  node === undefined || !isNode(node) || node.spec?.taints === undefined ? NONE : noExecuteTaints(node as NodeObject)

/** How long it may stay; `undefined`: for ever. */
const stay = (seen: PodSeen, taints: ReadonlyArray<Taint>): Micros | undefined =>
  taints.length === 0 ? undefined : evictionDelay(seen.pod, taints)

/** The time that is left to it, where it begins, or becomes shorter, with this change. */
const begins = (seen: PodSeen): Micros | undefined => {
  const delay = stay(seen, taintsOf(seen.node))
  if (delay === undefined || seen.isDeleted || isMirror(seen.pod)) return undefined
  const { before, object } = seen.change
  const wasBound = object.kind === "Node" || seen.before?.nodeName !== undefined
  const was = wasBound ? stay(seen, taintsOf(object.kind === "Node" ? before : seen.node)) : undefined
  return was === undefined || delay < was ? delay : undefined
}

const tolerates = when("tolerates its node's taints", (seen: PodSeen) => stay(seen, taintsOf(seen.node)) === undefined)

export const taintEvicts = property(
  "L81",
  {
    name: "pod/taint-evicts",
    says: "A pod that does not tolerate a NoExecute taint of its node is deleted when the time that it does is over",
    source: "pkg/controller/tainteviction/taint_eviction.go, processPodOnNode",
    each: pod.with("node"),
    params: { slack: "30 s" }
  },
  ({ params }) =>
    on("tainted", begins, (delay) =>
      eventually(or(terminating, deleted, terminal))
        .within(delay + params.slack)
        .unless(tolerates)
    )
)
