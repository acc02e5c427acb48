/** The one shape of the scheduler's rules: may the pod go there, how well, and what would change the answer (`pkg/scheduler/framework`). */
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import type { ClassView } from "./ClassView.ts"
import type { NodeInfo, NodeObject, PodChanges, PodInfo } from "./NodeInfo.ts"
import type { SchedulerCache } from "./SchedulerCache.ts"
import type { CachedNode } from "./Topology.ts"

export type PluginName =
  | "NodeUnschedulable"
  | "NodeName"
  | "TaintToleration"
  | "NodeAffinity"
  | "NodePorts"
  | "VolumeRestrictions"
  | "NodeVolumeLimits"
  | "VolumeBinding"
  | "VolumeZone"
  | "PodTopologySpread"
  | "InterPodAffinity"
  | "ImageLocality"
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
  | { readonly _tag: "NodeDeleted"; readonly node: NodeObject }
  /** A pod that has a node came, or one was given to it. */
  | { readonly _tag: "AssignedPodAdded"; readonly pod: PodInfo }
  /** Its labels changed, or those of the waiting pod itself. */
  | { readonly _tag: "PodLabelsChanged"; readonly before: PodInfo; readonly pod: PodInfo }
  /** A pod with a node asks for less than it did, or the waiting pod itself does. */
  | { readonly _tag: "PodScaledDown"; readonly before: PodInfo; readonly pod: PodInfo }
  /** A claim, a volume or a class of storage was made, or something of it changed. */
  | { readonly _tag: "StorageChanged"; readonly object: KubernetesObject }

export type NodeOrPodChange =
  | { readonly _tag: "NodeAdded"; readonly node: NodeObject }
  | { readonly _tag: "NodeUpdated"; readonly before: NodeObject; readonly node: NodeObject }
  /** A pod that had a node, or for which one was kept, is gone, or has ended, which frees as much. */
  | { readonly _tag: "AssignedPodDeleted"; readonly pod: PodInfo }
  /** The waiting pod itself got a toleration more. */
  | { readonly _tag: "TolerationAdded"; readonly before: PodInfo; readonly pod: PodInfo }

export interface FilterPlugin {
  readonly name: PluginName
  /** `undefined`: the node will do. */
  readonly filter: (pod: PodInfo, node: NodeInfo) => Rejection | undefined
  /** May a pod that this rule turned down fit after the change? (The plugin's QueueingHintFn.) */
  readonly hint: (pod: PodInfo, change: NodeOrPodChange) => boolean
}

/** A rule that looks beyond the node: made for one cycle, asked for each node, also as it would be after changes. */
export type CycleFilter = (node: CachedNode, changes?: PodChanges) => Rejection | undefined

export interface ScoreRequest {
  readonly pod: PodInfo
  readonly cluster: SchedulerCache
  /** The nodes that will do. */
  readonly nodes: ReadonlyArray<CachedNode>
  /** What is known of them for pods of the class. */
  readonly view: ClassView
}

export interface Scorer {
  /** What all nodes get, then nobody is asked; `score` says the same. */
  readonly constant?: number
  /** A whole number; the larger, the better, unless `normalize` turns it round. */
  readonly score: (node: CachedNode) => number
  /** Makes them numbers from 0 to 100, in place; absent: they are. */
  readonly normalize?: (scores: Float64Array, count: number) => void
}

export interface ScorePlugin {
  readonly name: PluginName
  readonly weight: number
  /** `undefined` if the rule has nothing to say about the pod (PreScore's Skip). */
  readonly prepare: (request: ScoreRequest) => Scorer | undefined
}

export const MAX_NODE_SCORE = 100

/** Scales scores so that the largest becomes 100; `reverse` makes the smallest the best (`plugins/helper/normalize_score.go`). */
export const defaultNormalize =
  (reverse: boolean) =>
  (scores: Float64Array, count: number): void => {
    let largest = 0
    for (let index = 0; index < count; index++) largest = Math.max(largest, scores[index] ?? 0)
    for (let index = 0; index < count; index++) {
      const scaled = largest === 0 ? 0 : Math.floor((MAX_NODE_SCORE * (scores[index] ?? 0)) / largest)
      scores[index] = reverse ? MAX_NODE_SCORE - scaled : scaled
    }
  }
