/** The rules in the order in which they are asked (`pkg/scheduler/apis/config/v1/default_plugins.go`). */
import { balancedAllocation } from "./balancedAllocation.ts"
import type { NodeInfo, PodInfo } from "./NodeInfo.ts"
import { nodeAffinity } from "./nodeAffinity.ts"
import { nodeName } from "./nodeName.ts"
import { nodePorts } from "./nodePorts.ts"
import { nodeResourcesFit } from "./nodeResourcesFit.ts"
import { nodeUnschedulable } from "./nodeUnschedulable.ts"
import type { ClusterChange, FilterPlugin, PluginName, Rejection, ScorePlugin } from "./Plugin.ts"
import { taintToleration } from "./taintToleration.ts"
import { claimHint } from "./volumeClaims.ts"

const filters: ReadonlyArray<FilterPlugin> = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit
]

const scorers: ReadonlyArray<ScorePlugin> = [taintToleration, nodeAffinity, nodeResourcesFit, balancedAllocation]

/** The first rule that turns the node down speaks for it. */
export const rejectionOf = (pod: PodInfo, node: NodeInfo): Rejection | undefined => {
  for (const { filter } of filters) {
    const rejection = filter(pod, node)
    if (rejection !== undefined) return rejection
  }
  return undefined
}

/** May a pod that these rules turned down fit after the change? */
export const isWorthRequeuing = (pod: PodInfo, rejectors: ReadonlySet<PluginName>, change: ClusterChange): boolean =>
  change._tag === "ClaimChanged"
    ? (rejectors.has("VolumeRestrictions") || rejectors.has("VolumeBinding")) && claimHint(pod.pod, change)
    : filters.some(({ name, hint }) => rejectors.has(name) && hint(pod, change))

/** The weighted sum of all scores, one for each node. */
export const totalScores = (pod: PodInfo, nodes: ReadonlyArray<NodeInfo>): ReadonlyArray<number> => {
  const totals = new Array<number>(nodes.length).fill(0)
  for (const { weight, score } of scorers) {
    const scores = score(pod, nodes)
    if (scores === undefined) continue
    for (let index = 0; index < totals.length; index++) {
      totals[index] = (totals[index] ?? 0) + weight * (scores[index] ?? 0)
    }
  }
  return totals
}
