/** The rules in the order in which they are asked (`pkg/scheduler/apis/config/v1/default_plugins.go`; C-225, C-227). */

import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { balancedAllocation } from "./balancedAllocation.ts"
import { imageLocality } from "./imageLocality.ts"
import {
  affinityHintOfNode,
  affinityHintOfPod,
  filterInterPodAffinity,
  interPodAffinity,
  namespaceLabels
} from "./interPodAffinity.ts"
import type { NodeInfo, PodInfo } from "./NodeInfo.ts"
import { nodeAffinity } from "./nodeAffinity.ts"
import { nodeName } from "./nodeName.ts"
import { nodePorts } from "./nodePorts.ts"
import { nodeResourcesFit, scaledDownHint } from "./nodeResourcesFit.ts"
import { nodeUnschedulable } from "./nodeUnschedulable.ts"
import type {
  ClusterChange,
  CycleFilter,
  FilterPlugin,
  NodeOrPodChange,
  PluginName,
  Rejection,
  ScorePlugin
} from "./Plugin.ts"
import { filterPodTopologySpread, podTopologySpread, spreadHintOfNode, spreadHintOfPod } from "./podTopologySpread.ts"
import type { SchedulerCache } from "./SchedulerCache.ts"
import { taintToleration } from "./taintToleration.ts"
import { claimHint } from "./volumeClaims.ts"
import { filterVolumes, volumeHint } from "./volumes.ts"

const filters: ReadonlyArray<FilterPlugin> = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit
]

/** Those that look beyond the node, and whose answers are not remembered. */
const cycleFilters: ReadonlyArray<(pod: PodInfo, cluster: SchedulerCache) => CycleFilter | undefined> = [
  filterVolumes,
  filterPodTopologySpread,
  filterInterPodAffinity
]

export const scorers: ReadonlyArray<ScorePlugin> = [
  taintToleration,
  nodeAffinity,
  nodeResourcesFit,
  podTopologySpread,
  interPodAffinity,
  balancedAllocation,
  imageLocality
]

/** The first of the rules that need no other node turns the node down. */
export const rejectionOf = (pod: PodInfo, node: NodeInfo): Rejection | undefined => {
  for (const { filter } of filters) {
    const rejection = filter(pod, node)
    if (rejection !== undefined) return rejection
  }
  return undefined
}

/** PreFilter of the rules that look beyond the node. */
export const cycleFiltersOf = (pod: PodInfo, cluster: SchedulerCache): ReadonlyArray<CycleFilter> =>
  cycleFilters.flatMap((prepare) => prepare(pod, cluster) ?? [])

const storagePlugins: ReadonlyArray<PluginName> = [
  "NodeVolumeLimits",
  "VolumeRestrictions",
  "VolumeBinding",
  "VolumeZone"
]

const isStorage = (rejectors: ReadonlySet<PluginName>): boolean =>
  storagePlugins.some((plugin) => rejectors.has(plugin))

/** How many volumes a node has is told by objects of their own. */
const ofAttachments = new Set(["VolumeAttachment", "CSINode"])

const storageHint = (pod: PodInfo, rejectors: ReadonlySet<PluginName>, object: KubernetesObject): boolean => {
  if (ofAttachments.has(object.kind)) return rejectors.has("NodeVolumeLimits")
  const others = object.kind === "PersistentVolumeClaim" ? storagePlugins : storagePlugins.slice(1)
  return others.some((plugin) => rejectors.has(plugin)) && claimHint(pod.pod, object)
}

const affinityHint = (pod: PodInfo, change: ClusterChange, cluster: SchedulerCache): boolean => {
  const labelsOf = namespaceLabels(cluster)
  switch (change._tag) {
    case "NodeAdded":
      return affinityHintOfNode(pod, undefined, change.node.metadata.labels ?? {})
    case "NodeUpdated":
      return affinityHintOfNode(pod, change.before.metadata.labels ?? {}, change.node.metadata.labels ?? {})
    case "AssignedPodAdded":
      return affinityHintOfPod(pod, undefined, change.pod, labelsOf)
    case "AssignedPodDeleted":
      return affinityHintOfPod(pod, change.pod, undefined, labelsOf)
    case "PodLabelsChanged":
      return affinityHintOfPod(pod, change.before, change.pod, labelsOf)
    default:
      return false
  }
}

const spreadHint = (pod: PodInfo, change: ClusterChange, cluster: SchedulerCache): boolean => {
  switch (change._tag) {
    case "NodeAdded":
      return spreadHintOfNode(pod, undefined, change.node, cluster)
    case "NodeUpdated":
      return spreadHintOfNode(pod, change.before, change.node, cluster)
    case "NodeDeleted":
      return spreadHintOfNode(pod, change.node, undefined, cluster)
    case "AssignedPodAdded":
      return spreadHintOfPod(pod, undefined, change.pod, cluster)
    case "AssignedPodDeleted":
      return spreadHintOfPod(pod, change.pod, undefined, cluster)
    case "PodLabelsChanged":
    case "TolerationAdded":
      return spreadHintOfPod(pod, change.before, change.pod, cluster)
    default:
      return false
  }
}

const isOfNodeOrPod = (change: ClusterChange): change is NodeOrPodChange =>
  change._tag === "NodeAdded" ||
  change._tag === "NodeUpdated" ||
  change._tag === "AssignedPodDeleted" ||
  change._tag === "TolerationAdded"

/** The rules that listen to pods that come, or get other labels: nobody else need be asked then. */
const BEYOND: ReadonlyArray<PluginName> = ["PodTopologySpread", "InterPodAffinity"]

const listenersTo = new Map<ClusterChange["_tag"], ReadonlyArray<PluginName>>([
  ["AssignedPodAdded", BEYOND],
  ["PodLabelsChanged", BEYOND],
  ["NodeDeleted", ["PodTopologySpread"]],
  ["PodScaledDown", ["NodeResourcesFit"]],
  ["StorageChanged", storagePlugins]
])

/** Who may change his mind after such a change; `undefined`: anybody. */
export const listeners = (change: ClusterChange["_tag"]): ReadonlyArray<PluginName> | undefined =>
  listenersTo.get(change)

/** May a pod that these rules turned down fit after the change? */
export const isWorthRequeuing = (
  pod: PodInfo,
  rejectors: ReadonlySet<PluginName>,
  change: ClusterChange,
  cluster: SchedulerCache
): boolean => {
  if (change._tag === "StorageChanged") return storageHint(pod, rejectors, change.object)
  if (change._tag === "PodScaledDown") return rejectors.has("NodeResourcesFit") && scaledDownHint(pod, change)
  return (
    (isOfNodeOrPod(change) && filters.some(({ name, hint }) => rejectors.has(name) && hint(pod, change))) ||
    (isStorage(rejectors) && volumeHint(pod, rejectors, change, cluster)) ||
    (rejectors.has("PodTopologySpread") && spreadHint(pod, change, cluster)) ||
    (rejectors.has("InterPodAffinity") && affinityHint(pod, change, cluster))
  )
}
