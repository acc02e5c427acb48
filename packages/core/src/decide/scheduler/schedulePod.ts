/** One scheduling cycle: where does this pod go, or why nowhere? (`pkg/scheduler/schedule_one.go`, schedulePod, schedulingAlgorithm) */
import { type Candidate, preempt } from "./defaultPreemption.ts"
import { findNodes, NodeFilter } from "./findNodes.ts"
import { fitError } from "./fitError.ts"
import type { PodInfo } from "./NodeInfo.ts"
import { namedNodes, TERMS_CONFLICT } from "./nodeAffinity.ts"
import type { PluginName, Rejection } from "./Plugin.ts"
import { totalScores } from "./prioritizeNodes.ts"
import type { SchedulerCache } from "./SchedulerCache.ts"
import { selectHost } from "./selectHost.ts"
import type { CachedNode } from "./Topology.ts"
import { podClaims } from "./volumeBinding.ts"
import { type ClaimRefusal, claimNames, claimRefusal } from "./volumeClaims.ts"

/** The pod has a node. */
export interface Suggested {
  readonly _tag: "Suggested"
  readonly node: string
  /** At which node the next cycle begins to look. */
  readonly next: number
}

/** What becomes of the node that is kept for the pod: this one, none, or as before. */
export type Nomination =
  | { readonly _tag: "Nominated"; readonly candidate: Candidate }
  | { readonly _tag: "Cleared" }
  | { readonly _tag: "Unchanged" }

/** No node will take it. */
export interface Unschedulable {
  readonly _tag: "Unschedulable"
  /** FailedScheduling's note and the condition's message. */
  readonly message: string
  /** The rules that turned it down: what would change their minds is worth another try. Empty: try again after a while. */
  readonly rejectors: ReadonlySet<PluginName>
  readonly nomination: Nomination
  readonly next: number
}

/** ErrNoNodesAvailable: not a matter of any rule, so it is tried again after a while (C-233). */
export const NO_NODES = "no nodes available to schedule pods"

const CLEARED: Nomination = { _tag: "Cleared" }

export interface CycleOptions {
  /** `next` of the cycle before, at first 0. */
  readonly start: number
  /** A draw in [0, 1). */
  readonly tieBreak: number
}

const refusedBefore = (nodes: number, { plugin, reason }: ClaimRefusal, next: number): Unschedulable => ({
  _tag: "Unschedulable",
  // What a rule says before any node is looked at ends the round of PreFilter, and the plugin of resource claims then misses its
  // own part of it: "not found".
  message: fitError({ nodes, before: reason, reasons: [], after: "not found" }),
  rejectors: new Set([plugin]),
  nomination: { _tag: "Unchanged" },
  next
})

const UNBOUND: ClaimRefusal = {
  plugin: "VolumeBinding",
  reason: "pod has unbound immediate PersistentVolumeClaims"
}

/** A pod that no rule lets be tried at all. */
export const refusalOfPod = ({ pod }: PodInfo, { objects }: SchedulerCache): ClaimRefusal | undefined => {
  if (namedNodes(pod.spec)?.size === 0) return { plugin: "NodeAffinity", reason: TERMS_CONFLICT }
  if (claimNames(pod).length === 0) return undefined
  const refusal = claimRefusal(pod, (name) => objects.get("PersistentVolumeClaim", pod.metadata.namespace ?? "", name))
  return refusal ?? (podClaims(pod, objects).immediate.length > 0 ? UNBOUND : undefined)
}

/** The nodes that the pod's affinity names, in their order; all, if it names none. */
export const nodesToAsk = ({ pod }: PodInfo, { nodes }: SchedulerCache): ReadonlyArray<CachedNode> => {
  const named = namedNodes(pod.spec)
  return named === undefined ? nodes : nodes.filter(({ name }) => named.has(name))
}

const unschedulable = (
  filter: NodeFilter,
  asked: ReadonlyArray<CachedNode>,
  offset: number
): Omit<Unschedulable, "next"> => {
  const { cluster } = filter
  const rejections = new Map<string, Rejection>()
  for (const node of asked) {
    const rejection = filter.ask(node)
    if (rejection !== undefined) rejections.set(node.name, rejection)
  }
  const narrowed = asked.length < cluster.nodes.length || namedNodes(filter.pod.pod.spec) !== undefined
  const reasons = cluster.nodes.flatMap(
    ({ name }) => rejections.get(name)?.reasons ?? (narrowed ? ["node(s) didn't satisfy plugin(s) [NodeAffinity]"] : [])
  )
  const budgets = cluster.objects.list("PodDisruptionBudget")
  const { candidate, isEligible, message } = preempt(filter, { rejections, budgets, offset })
  const rejectors = new Set([...rejections.values()].map(({ plugin }) => plugin))
  if (narrowed) rejectors.add("NodeAffinity")
  return {
    _tag: "Unschedulable",
    message: fitError({
      nodes: cluster.nodes.length,
      reasons,
      // Before preemption the plugin of resource claims is asked, which has nothing to give.
      after: candidate === undefined ? `no new claims to deallocate, ${message}` : ""
    }),
    rejectors,
    nomination:
      candidate === undefined ? (isEligible ? CLEARED : { _tag: "Unchanged" }) : { _tag: "Nominated", candidate }
  }
}

/** The node that was kept for the pod, if it will do: then no other is looked at (evaluateNominatedNode; C-242). */
const nominatedNode = (filter: NodeFilter): CachedNode | undefined => {
  const node = filter.cluster.getNode(filter.pod.pod.status.nominatedNodeName ?? "")
  return node !== undefined && filter.ask(node) === undefined ? node : undefined
}

export const schedulePod = (
  pod: PodInfo,
  cluster: SchedulerCache,
  { start, tieBreak }: CycleOptions
): Suggested | Unschedulable => {
  const { nodes } = cluster
  if (nodes.length === 0)
    return { _tag: "Unschedulable", message: NO_NODES, rejectors: new Set(), nomination: CLEARED, next: start }
  const refused = refusalOfPod(pod, cluster)
  if (refused !== undefined) return refusedBefore(nodes.length, refused, start)
  const filter = new NodeFilter(pod, cluster)
  const nominated = nominatedNode(filter)
  if (nominated !== undefined) return { _tag: "Suggested", node: nominated.name, next: start }
  const candidates = nodesToAsk(pod, cluster)
  const { asked, feasible } = findNodes(filter, candidates, start)
  const next = (start + asked) % nodes.length
  if (feasible.length === 0) return { ...unschedulable(filter, candidates, tieBreak), next }
  const chosen =
    feasible.length === 1
      ? 0
      : selectHost(totalScores({ pod, cluster, nodes: feasible, view: cluster.views.of(pod) }), tieBreak)
  return { _tag: "Suggested", node: feasible[chosen]?.name ?? "", next }
}
