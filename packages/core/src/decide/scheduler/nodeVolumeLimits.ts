/** How many volumes of a driver a node can have (`pkg/scheduler/framework/plugins/nodevolumelimits/csi.go`). */
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../event/KubernetesObject.ts"
import { entries, mapping, specOf, text } from "../apiserver/fields.ts"
import { classOf } from "../apiserver/storage/storageClass.ts"
import { volumeNameOf } from "../storage/bindVolume.ts"
import { type CsiVolume, csiVolumeOf, migratedDriver } from "../storage/csiMigration.ts"
import type { PodChanges, PodInfo } from "./NodeInfo.ts"
import type { CycleFilter, Rejection } from "./Plugin.ts"
import type { ObjectLookup, SchedulerCache } from "./SchedulerCache.ts"
import type { CachedNode } from "./Topology.ts"
import { claimNames } from "./volumeClaims.ts"

const TOO_MANY: Rejection = {
  plugin: "NodeVolumeLimits",
  reasons: ["node(s) exceed max volume count"],
  resolvable: true
}

/** Of a claim that has no volume yet its class says who will make it. */
const unboundVolume = (claim: KubernetesObject, objects: ObjectLookup): CsiVolume | undefined => {
  const storageClass = objects.get("StorageClass", "", classOf(claim))
  if (storageClass === undefined) return undefined
  const provisioner = text(storageClass, "provisioner")
  const handle = `${claim.metadata.namespace ?? ""}/${claim.metadata.name}`
  return { driver: migratedDriver(provisioner) ?? provisioner, handle }
}

const volumeOfClaim = (claim: KubernetesObject, objects: ObjectLookup): CsiVolume | undefined => {
  const volume = objects.get("PersistentVolume", "", volumeNameOf(claim))
  return volume === undefined ? unboundVolume(claim, objects) : csiVolumeOf(specOf(volume))
}

/** The volumes of a pod that count, by driver and handle: one that two pods use is one. */
const volumesOf = ({ metadata, spec }: PodObject, objects: ObjectLookup): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const add = (volume: CsiVolume | undefined): void => {
    if (volume !== undefined) found.set(`${volume.driver}/${volume.handle}`, volume.driver)
  }
  for (const name of claimNames({ metadata, spec } as PodObject)) {
    const claim = objects.get("PersistentVolumeClaim", metadata.namespace ?? "", name)
    if (claim !== undefined) add(volumeOfClaim(claim, objects))
  }
  // What a pod asks a driver for itself is not attached.
  for (const { csi: _, ...volume } of entries(spec, "volumes")) add(csiVolumeOf(volume))
  return found
}

/** By driver. */
const limitsOf = (csiNode: KubernetesObject): ReadonlyMap<string, number> =>
  new Map(
    entries(mapping(csiNode, "spec"), "drivers").flatMap((driver: JsonObject) => {
      const { count } = mapping(driver, "allocatable")
      return typeof count === "number" ? [[text(driver, "name"), count] as const] : []
    })
  )

const podsAfter = (node: CachedNode, changes: PodChanges): ReadonlyArray<PodInfo> => {
  const gone = new Set(changes.flatMap(([pod, sign]) => (sign === -1 ? [pod.uid] : [])))
  const come = changes.flatMap(([pod, sign]) => (sign === 1 ? [pod] : []))
  return [...[...node.pods.values()].filter(({ uid }) => !gone.has(uid)), ...come]
}

/** What the node still has, whoever wanted it. */
const attached = (node: CachedNode, objects: ObjectLookup): ReadonlyMap<string, string> =>
  new Map(
    objects.list("VolumeAttachment").flatMap((attachment) => {
      const spec = specOf(attachment)
      const volume = objects.get("PersistentVolume", "", text(mapping(spec, "source"), "persistentVolumeName"))
      const csi = volume && csiVolumeOf(specOf(volume))
      return spec["nodeName"] === node.name && csi ? [[`${csi.driver}/${csi.handle}`, csi.driver] as const] : []
    })
  )

/** Skips pods without such volumes. */
export const filterVolumeLimits = (pod: PodInfo, { objects }: SchedulerCache): CycleFilter | undefined => {
  const wanted = volumesOf(pod.pod, objects)
  if (wanted.size === 0) return undefined
  return (node, changes = []) => {
    const csiNode = objects.get("CSINode", "", node.name)
    const limits = csiNode === undefined ? new Map<string, number>() : limitsOf(csiNode)
    if (limits.size === 0) return undefined
    const had = new Map(attached(node, objects))
    for (const other of podsAfter(node, changes))
      for (const [volume, driver] of volumesOf(other.pod, objects)) had.set(volume, driver)
    const all = new Map([...had, ...wanted])
    const countOf = (driver: string): number => [...all.values()].filter((one) => one === driver).length
    const added = [...wanted].filter(([volume]) => !had.has(volume)).map(([, driver]) => driver)
    return added.some((driver) => countOf(driver) > (limits.get(driver) ?? Number.POSITIVE_INFINITY))
      ? TOO_MANY
      : undefined
  }
}

/** May a pod that goes leave room for another's volumes? */
export const leavesVolumes = ({ pod }: PodInfo, objects: ObjectLookup): boolean => volumesOf(pod, objects).size > 0
