/**
 * Volumes that not every node can have (`pkg/scheduler/framework/plugins/volumerestrictions`, `volumebinding`, `volumezone`):
 * claims that only one pod may use, and what a claim's volume says of nodes and zones.
 */
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../apiserver/fields.ts"
import { volumeNameOf } from "../storage/bindVolume.ts"
import type { PodChanges, PodInfo } from "./NodeInfo.ts"
import { filterVolumeLimits, leavesVolumes } from "./nodeVolumeLimits.ts"
import type { ClusterChange, CycleFilter, PluginName, Rejection } from "./Plugin.ts"
import type { SchedulerCache } from "./SchedulerCache.ts"
import type { CachedNode } from "./Topology.ts"
import { type PodVolumes, podClaims, VolumeFinder } from "./volumeBinding.ts"
import { claimNames } from "./volumeClaims.ts"

const rejection = (plugin: PluginName, reason: string, resolvable: boolean): Rejection => ({
  plugin,
  reasons: [reason],
  resolvable
})
const NO_DISK = rejection("VolumeRestrictions", "node(s) had no available disk", true)
const ONCE = rejection(
  "VolumeRestrictions",
  "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod",
  true
)
const OTHER_ZONE = rejection("VolumeZone", "node(s) had no available volume zone", false)

const isReadOnly = (a: JsonObject, b: JsonObject): boolean => a["readOnly"] === true && b["readOnly"] === true

/** Two mounts of one disk that cannot be on one node (isVolumeConflict). */
const conflicts: Readonly<Record<string, (a: JsonObject, b: JsonObject) => boolean>> = {
  gcePersistentDisk: (a, b) => a["pdName"] === b["pdName"] && !isReadOnly(a, b),
  awsElasticBlockStore: (a, b) => a["volumeID"] === b["volumeID"],
  iscsi: (a, b) => a["iqn"] === b["iqn"] && !isReadOnly(a, b),
  rbd: (a, b) => {
    const monitors = (a["monitors"] ?? []) as ReadonlyArray<string>
    const others = (b["monitors"] ?? []) as ReadonlyArray<string>
    const pool = (of: JsonObject): string => text(of, "pool") || "rbd"
    return (
      monitors.some((monitor) => others.includes(monitor)) &&
      pool(a) === pool(b) &&
      a["image"] === b["image"] &&
      !isReadOnly(a, b)
    )
  }
}

const isConflict = (a: JsonObject, b: JsonObject): boolean =>
  Object.entries(conflicts).some(
    ([kind, conflict]) => a[kind] !== undefined && b[kind] !== undefined && conflict(mapping(a, kind), mapping(b, kind))
  )

const volumesOf = (pod: PodObject): ReadonlyArray<JsonObject> => entries(pod.spec, "volumes")

const disksOf = (pod: PodObject): ReadonlyArray<JsonObject> =>
  volumesOf(pod).filter((volume) => Object.keys(conflicts).some((kind) => volume[kind] !== undefined))

const haveConflict = (disks: ReadonlyArray<JsonObject>, other: PodObject): boolean =>
  disks.some((disk) => volumesOf(other).some((volume) => isConflict(disk, volume)))

const podsAfter = function* (node: CachedNode, changes: PodChanges): Iterable<PodInfo> {
  const gone = new Set(changes.filter(([, sign]) => sign === -1).map(([pod]) => pod.uid))
  for (const pod of node.pods.values()) if (!gone.has(pod.uid)) yield pod
  for (const [pod, sign] of changes) if (sign === 1) yield pod
}

/** How many claims of `names` a pod uses by their own name. */
const usesOf = ({ pod }: PodInfo, namespace: string, names: ReadonlySet<string>): number =>
  pod.metadata.namespace !== namespace
    ? 0
    : volumesOf(pod).filter(({ persistentVolumeClaim: claim }) =>
        names.has(text({ ...(claim as JsonObject) }, "claimName"))
      ).length

const isOnce = (claim: KubernetesObject | undefined): boolean =>
  ((mapping({ ...claim }, "spec")["accessModes"] ?? []) as ReadonlyArray<string>).includes("ReadWriteOncePod")

const restrictions = (pod: PodInfo, cluster: SchedulerCache): CycleFilter | undefined => {
  const { namespace } = pod.class
  const disks = disksOf(pod.pod)
  const names = claimNames(pod.pod).filter((name) =>
    isOnce(cluster.objects.get("PersistentVolumeClaim", namespace, name))
  )
  const inUse = names.filter((name) => {
    const users = cluster.census.select(
      `claim ${namespace}/${name}`,
      (other) => other.namespace === namespace && other.claims.includes(name)
    )
    return users.perNode.some((count) => count > 0)
  }).length
  if (disks.length === 0 && inUse === 0) return undefined
  const once = new Set(names)
  return (node, changes = []) => {
    for (const other of disks.length > 0 ? podsAfter(node, changes) : [])
      if (haveConflict(disks, other.pod)) return NO_DISK
    const left = changes.reduce((sum, [other, sign]) => sum + sign * usesOf(other, namespace, once), inUse)
    return left > 0 ? ONCE : undefined
  }
}

const ZONES = [
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region"
]

/** A volume of several zones names them all, with `__` between. */
const isInZone = ({ metadata: { labels = {} } }: KubernetesObject, { node }: CachedNode): boolean => {
  const wanted = ZONES.filter((key) => Object.hasOwn(labels, key))
  const own = node.metadata.labels ?? {}
  // A cluster of one zone, in which nodes have no such labels, has its volumes everywhere.
  if (!ZONES.some((key) => Object.hasOwn(own, key))) return true
  return wanted.every((key) => (labels[key] ?? "").split("__").includes(own[key] ?? ""))
}

/** Of the volumes that the pod's claims have, and of those that they would get. */
const binding = (pod: PodInfo, cluster: SchedulerCache): CycleFilter | undefined => {
  const claims = podClaims(pod.pod, cluster.objects)
  if (claims.bound.length + claims.delayed.length === 0) return undefined
  const finder = new VolumeFinder(claims, cluster.objects)
  const bound = claims.bound.flatMap((claim) => cluster.objects.get("PersistentVolume", "", volumeNameOf(claim)) ?? [])
  return (node) => {
    const found = finder.find(node)
    if (!("bindings" in found)) return { plugin: "VolumeBinding", reasons: found, resolvable: false }
    return bound.every((volume) => isInZone(volume, node)) ? undefined : OTHER_ZONE
  }
}

/** What has to be done before the pod may go to a node that will do; `undefined`: nothing. */
export const volumesToBind = (
  { pod }: PodInfo,
  { objects }: SchedulerCache,
  node: CachedNode
): PodVolumes | undefined => {
  const claims = podClaims(pod, objects)
  if (claims.delayed.length === 0) return undefined
  const found = new VolumeFinder(claims, objects).find(node)
  return "bindings" in found ? found : undefined
}

/** Skips pods without such volumes. */
export const filterVolumes = (pod: PodInfo, cluster: SchedulerCache): CycleFilter | undefined => {
  const all = [restrictions(pod, cluster), filterVolumeLimits(pod, cluster), binding(pod, cluster)].filter(
    (filter) => filter !== undefined
  )
  if (all.length === 0) return undefined
  return (node, changes) => {
    for (const filter of all) {
      const no = filter(node, changes)
      if (no !== undefined) return no
    }
    return undefined
  }
}

/** May another pod's end, or a node, help? (isSchedulableAfterPodDeleted, and the hints of nodes.) */
export const volumeHint = (
  pod: PodInfo,
  rejectors: ReadonlySet<PluginName>,
  change: ClusterChange,
  { objects }: SchedulerCache
): boolean => {
  switch (change._tag) {
    case "NodeAdded":
      return true
    case "NodeUpdated":
      return rejectors.has("VolumeBinding") || rejectors.has("VolumeZone")
    case "AssignedPodDeleted": {
      const { class: other } = change.pod
      if (rejectors.has("NodeVolumeLimits") && leavesVolumes(change.pod, objects)) return true
      if (!rejectors.has("VolumeRestrictions") || other.namespace !== pod.class.namespace) return false
      const own = new Set(claimNames(pod.pod))
      return other.claims.some((name) => own.has(name)) || haveConflict(disksOf(pod.pod), change.pod.pod)
    }
    default:
      return false
  }
}
