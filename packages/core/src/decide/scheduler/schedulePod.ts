/** One scheduling cycle: where does this pod go, or why nowhere? (`pkg/scheduler/schedule_one.go`, schedulePod, schedulingAlgorithm) */
import { preempt } from "./defaultPreemption.ts"
import { fitError } from "./fitError.ts"
import type { NodeInfo, PodInfo } from "./NodeInfo.ts"
import { namedNodes, TERMS_CONFLICT } from "./nodeAffinity.ts"
import type { PluginName, Rejection } from "./Plugin.ts"
import { rejectionOf, totalScores } from "./plugins.ts"
import { selectHost } from "./selectHost.ts"
import { type ClaimLookup, type ClaimRefusal, claimRefusal } from "./volumeClaims.ts"

/** The pod has a node. */
export interface Suggested {
  readonly _tag: "Suggested"
  readonly node: string
  /** At which node the next cycle begins to look. */
  readonly next: number
}

/** No node will take it. */
export interface Unschedulable {
  readonly _tag: "Unschedulable"
  /** FailedScheduling's note and the condition's message. */
  readonly message: string
  /** The rules that turned it down: what would change their minds is worth another try. Empty: try again after a while. */
  readonly rejectors: ReadonlySet<PluginName>
  /** Nodes on which evicting pods of lower priority would help. */
  readonly preemptable: ReadonlyArray<string>
  readonly next: number
}

const MIN_NODES = 100
const MIN_PERCENTAGE = 5

/** In a large cluster it is enough to find some (numFeasibleNodesToFind). */
const enough = (nodes: number): number => {
  if (nodes < MIN_NODES) return nodes
  const percentage = Math.max(50 - Math.trunc(nodes / 125), MIN_PERCENTAGE)
  return Math.max(Math.trunc((nodes * percentage) / 100), MIN_NODES)
}

interface Filtered {
  readonly feasible: ReadonlyArray<NodeInfo>
  readonly rejections: ReadonlyMap<string, Rejection>
}

const filterNodes = (pod: PodInfo, nodes: ReadonlyArray<NodeInfo>, start: number): Filtered => {
  const feasible: Array<NodeInfo> = []
  const rejections = new Map<string, Rejection>()
  const wanted = enough(nodes.length)
  for (let index = 0; index < nodes.length && feasible.length < wanted; index++) {
    const node = nodes[(start + index) % nodes.length]
    if (node === undefined) break
    const rejection = rejectionOf(pod, node)
    if (rejection === undefined) feasible.push(node)
    else rejections.set(node.name, rejection)
  }
  return { feasible, rejections }
}

const refusedBefore = (nodes: number, { plugin, reason }: ClaimRefusal, next: number): Unschedulable => ({
  _tag: "Unschedulable",
  // What a rule says before any node is looked at ends the round of PreFilter, and the plugin of resource claims then misses its
  // own part of it: "not found".
  message: fitError({ nodes, before: reason, reasons: [], after: "not found" }),
  rejectors: new Set([plugin]),
  preemptable: [],
  next
})

const unschedulable = (
  pod: PodInfo,
  nodes: ReadonlyArray<NodeInfo>,
  { rejections }: Filtered,
  narrowed: boolean
): Omit<Unschedulable, "next"> => {
  const reasons = nodes.flatMap(
    ({ name }) => rejections.get(name)?.reasons ?? (narrowed ? ["node(s) didn't satisfy plugin(s) [NodeAffinity]"] : [])
  )
  const { candidates, message } = preempt(pod, nodes, rejections)
  // Before preemption the plugin of resource claims is asked, which has nothing to give.
  const after = candidates.length > 0 ? "" : `no new claims to deallocate, ${message}`
  const rejectors = new Set([...rejections.values()].map(({ plugin }) => plugin))
  if (narrowed) rejectors.add("NodeAffinity")
  return {
    _tag: "Unschedulable",
    message: fitError({ nodes: nodes.length, reasons, after }),
    rejectors,
    preemptable: candidates
  }
}

/** ErrNoNodesAvailable: not a matter of any rule, so it is tried again after a while. */
export const NO_NODES = "no nodes available to schedule pods"

export interface CycleOptions {
  readonly start: number
  readonly tieBreak: number
  /** The claims of the pod's namespace; absent: there are none. */
  readonly claims?: ClaimLookup
}

/**
 * `nodes`: all, in the order of `orderNodes`, with what the pods that are bound or about to be take of them. `start`: `next` of
 * the cycle before, at first 0. `tieBreak`: a draw in [0, 1).
 */
export const schedulePod = (
  pod: PodInfo,
  nodes: ReadonlyArray<NodeInfo>,
  { claims = () => undefined, start, tieBreak }: CycleOptions
): Suggested | Unschedulable => {
  if (nodes.length === 0)
    return { _tag: "Unschedulable", message: NO_NODES, rejectors: new Set(), preemptable: [], next: start }
  const named = namedNodes(pod.pod.spec)
  const refused: ClaimRefusal | undefined =
    named?.size === 0 ? { plugin: "NodeAffinity", reason: TERMS_CONFLICT } : claimRefusal(pod.pod, claims)
  if (refused !== undefined) return refusedBefore(nodes.length, refused, start)
  const candidates = named === undefined ? nodes : nodes.filter(({ name }) => named.has(name))
  const filtered = filterNodes(pod, candidates, start)
  const { feasible, rejections } = filtered
  const next = (start + feasible.length + rejections.size) % nodes.length
  if (feasible.length === 0) return { ...unschedulable(pod, nodes, filtered, named !== undefined), next }
  const chosen = feasible.length === 1 ? 0 : selectHost(totalScores(pod, feasible), tieBreak)
  return { _tag: "Suggested", node: feasible[chosen]?.name ?? "", next }
}
