/** The one shape of the scheduler's rules: may the pod go there, how well, and what would change the answer (`pkg/scheduler/framework`). */
import type { KubernetesObject, PodObject } from "../../event/KubernetesObject.ts"
import type { NodeInfo, NodeObject, PodInfo } from "./NodeInfo.ts"

export type PluginName =
  | "NodeUnschedulable"
  | "NodeName"
  | "TaintToleration"
  | "NodeAffinity"
  | "NodePorts"
  | "VolumeRestrictions"
  | "VolumeBinding"
  | "NodeResourcesFit"
  | "NodeResourcesBalancedAllocation"

/** Why a node was turned down. */
export interface Rejection {
  readonly plugin: PluginName
  /** Kubernetes' texts, without the count before them. */
  readonly reasons: ReadonlyArray<string>
  /** `false` (UnschedulableAndUnresolvable): removing pods from the node would not help. */
  readonly resolvable: boolean
}

/** Something happened in the cluster that may let a pod fit that did not (`pkg/scheduler/framework/events.go`). */
export type ClusterChange =
  | NodeOrPodChange
  /** A claim was made, or something of it changed. */
  | { readonly _tag: "ClaimChanged"; readonly claim: KubernetesObject }

export type NodeOrPodChange =
  | { readonly _tag: "NodeAdded"; readonly node: NodeObject }
  | { readonly _tag: "NodeUpdated"; readonly before: NodeObject; readonly node: NodeObject }
  /** A pod that had a node is gone, or has ended, which frees as much. */
  | { readonly _tag: "AssignedPodDeleted"; readonly pod: PodObject }
  /** The waiting pod itself got a toleration more. */
  | { readonly _tag: "TolerationAdded"; readonly pod: PodObject }

export interface FilterPlugin {
  readonly name: PluginName
  /** `undefined`: the node will do. */
  readonly filter: (pod: PodInfo, node: NodeInfo) => Rejection | undefined
  /** May a pod that this rule turned down fit after the change? (The plugin's QueueingHintFn.) */
  readonly hint: (pod: PodInfo, change: NodeOrPodChange) => boolean
}

export interface ScorePlugin {
  readonly name: PluginName
  readonly weight: number
  /** Whole numbers from 0 to 100, one for each node, or `undefined` if the rule has nothing to say about the pod. */
  readonly score: (pod: PodInfo, nodes: ReadonlyArray<NodeInfo>) => ReadonlyArray<number> | undefined
}

export const MAX_NODE_SCORE = 100

/** Scales scores so that the largest becomes 100; `reverse` makes the smallest the best (`plugins/helper/normalize_score.go`). */
export const normalized = (scores: ReadonlyArray<number>, reverse: boolean): ReadonlyArray<number> => {
  const largest = Math.max(0, ...scores)
  return scores.map((score) => {
    const scaled = largest === 0 ? 0 : Math.floor((MAX_NODE_SCORE * score) / largest)
    return reverse ? MAX_NODE_SCORE - scaled : scaled
  })
}
