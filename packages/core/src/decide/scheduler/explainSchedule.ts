/** One decision of the scheduler, told in full: what every node said to the pod, and what each rule gave to those that would do. */
import { findNodes, NodeFilter } from "./findNodes.ts"
import type { PodInfo } from "./NodeInfo.ts"
import type { PluginName, Rejection } from "./Plugin.ts"
import { scoresByPlugin } from "./prioritizeNodes.ts"
import type { SchedulerCache } from "./SchedulerCache.ts"
import {
  type CycleOptions,
  nodesToAsk,
  refusalOfPod,
  type Suggested,
  schedulePod,
  type Unschedulable
} from "./schedulePod.ts"
import type { ClaimRefusal } from "./volumeClaims.ts"

/** What a rule gives a node: from 0 to 100, and how often that counts. */
export interface PluginScore {
  readonly plugin: PluginName
  readonly score: number
  readonly weight: number
}

export type NodeVerdict =
  /** The first rule that turned it down. */
  | { readonly _tag: "Rejected"; readonly node: string; readonly rejection: Rejection }
  | {
      readonly _tag: "Feasible"
      readonly node: string
      /** The weighted sum. */
      readonly total: number
      readonly scores: ReadonlyArray<PluginScore>
    }
  /** Enough others would do, or the pod names its nodes and this one is not among them. */
  | { readonly _tag: "NotAsked"; readonly node: string }

export interface Explanation {
  readonly decision: Suggested | Unschedulable
  /** Why no node was asked at all. */
  readonly refused: ClaimRefusal | undefined
  /** In the order in which the scheduler knows them. */
  readonly nodes: ReadonlyArray<NodeVerdict>
}

/** As `schedulePod`, which it agrees with, but for the node that is kept for a pod: here all are asked. */
export const explainSchedule = (pod: PodInfo, cluster: SchedulerCache, options: CycleOptions): Explanation => {
  const decision = schedulePod(pod, cluster, options)
  const refused = refusalOfPod(pod, cluster)
  if (refused !== undefined || cluster.nodes.length === 0) return { decision, refused, nodes: [] }
  const filter = new NodeFilter(pod, cluster)
  const candidates = nodesToAsk(pod, cluster)
  const { asked, feasible } = findNodes(filter, candidates, options.start)
  const given = scoresByPlugin({ pod, cluster, nodes: feasible, view: cluster.views.of(pod) })
  const wasAsked = new Set(
    Array.from({ length: asked }, (_, index) => candidates[(options.start + index) % candidates.length])
  )
  const nodes = cluster.nodes.map((node): NodeVerdict => {
    const rejection = wasAsked.has(node) ? filter.ask(node) : undefined
    if (rejection !== undefined) return { _tag: "Rejected", node: node.name, rejection }
    const index = feasible.indexOf(node)
    if (index < 0) return { _tag: "NotAsked", node: node.name }
    const scores = given.map(({ plugin, scores: all, weight }) => ({ plugin, weight, score: all[index] ?? 0 }))
    const total = scores.reduce((sum, { score, weight }) => sum + score * weight, 0)
    return { _tag: "Feasible", node: node.name, total, scores }
  })
  return { decision, refused, nodes }
}
