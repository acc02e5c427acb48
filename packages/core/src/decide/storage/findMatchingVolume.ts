/** Which volume suits a claim (`component-helpers/storage/volume/pv_helpers.go`, FindMatchingVolume). */
import { type JsonObject, jsonEqual } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { compareQuantity, parseQuantity, type Quantity } from "../../event/Quantity.ts"
import { mapping, specOf, text } from "../apiserver/fields.ts"
import { classOf } from "../apiserver/storage/storageClass.ts"
import { selects } from "../client/labelSelector.ts"
import { claimRefOf, isVolumeBoundToClaim, phaseOf } from "./bindVolume.ts"

/** Nothing if it says nothing. */
export const storageIn = (list: JsonObject): Quantity =>
  parseQuantity(String(list["storage"] ?? "0")) ?? { nano: 0n, format: "DecimalSI" }

export const requestedSize = (claim: KubernetesObject): Quantity =>
  storageIn(mapping(mapping(specOf(claim), "resources"), "requests"))

export const volumeSize = (volume: KubernetesObject): Quantity => storageIn(mapping(specOf(volume), "capacity"))

export const accessModesOf = (object: KubernetesObject): ReadonlyArray<string> =>
  (specOf(object)["accessModes"] ?? []) as ReadonlyArray<string>

/** CheckAccessModes: has the volume all the modes that the claim asks for? */
export const hasAccessModes = (claim: KubernetesObject, volume: KubernetesObject): boolean =>
  accessModesOf(claim).every((mode) => accessModesOf(volume).includes(mode))

const modeOf = (object: KubernetesObject): string => text(specOf(object), "volumeMode") || "Filesystem"

/** CheckVolumeModeMismatches. */
export const hasOtherMode = (claim: KubernetesObject, volume: KubernetesObject): boolean =>
  modeOf(claim) !== modeOf(volume)

const attributesOf = (object: KubernetesObject): string => text(specOf(object), "volumeAttributesClassName")

export interface MatchOptions {
  /** Of a scheduler: can the node reach the volume? Absent: nodes do not matter. */
  readonly isReachable?: (volume: KubernetesObject) => boolean
  /** Names of those that are promised to other claims of the pod. */
  readonly taken?: ReadonlySet<string>
  /** Only a volume that is for this very claim counts: the scheduler chooses among the others. */
  readonly delayed?: boolean
}

/** What every volume has to be that is not too much, or another's. */
const mayServe = (claim: KubernetesObject, volume: KubernetesObject): boolean =>
  (claimRefOf(volume) === undefined || isVolumeBoundToClaim(volume, claim)) &&
  compareQuantity(volumeSize(volume), requestedSize(claim)) >= 0 &&
  !hasOtherMode(claim, volume) &&
  attributesOf(claim) === attributesOf(volume) &&
  volume.metadata.deletionTimestamp === undefined

/** Is it free, and what the claim wants? */
const isFree = (claim: KubernetesObject, volume: KubernetesObject): boolean => {
  const selector = specOf(claim)["selector"]
  return (
    phaseOf(volume) === "Available" &&
    (selector == null || selects(selector, volume.metadata.labels)) &&
    classOf(volume) === classOf(claim)
  )
}

/** One that is for the claim, else the smallest of those that are large enough. */
export const findMatchingVolume = (
  claim: KubernetesObject,
  volumes: Iterable<KubernetesObject>,
  { delayed = false, isReachable, taken }: MatchOptions = {}
): KubernetesObject | undefined => {
  let smallest: KubernetesObject | undefined
  for (const volume of volumes) {
    if (taken?.has(volume.metadata.name) === true || !mayServe(claim, volume)) continue
    const reachable = isReachable?.(volume) ?? true
    if (isVolumeBoundToClaim(volume, claim)) return reachable ? volume : undefined
    if ((isReachable === undefined && delayed) || !reachable || !isFree(claim, volume)) continue
    if (isReachable !== undefined && !hasAccessModes(claim, volume)) continue
    if (smallest === undefined || compareQuantity(volumeSize(smallest), volumeSize(volume)) > 0) smallest = volume
  }
  return smallest
}

/** In the order of `GetAccessModesAsString`. */
const modes = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]

/** findBestMatchForClaim: volumes of few modes are spent first (`pkg/controller/volume/persistentvolume/index.go`). */
export const findBestMatch = (
  claim: KubernetesObject,
  volumes: Iterable<KubernetesObject>,
  delayed: boolean
): KubernetesObject | undefined => {
  const byModes = new Map<string, Array<KubernetesObject>>()
  for (const volume of volumes) {
    if (!hasAccessModes(claim, volume)) continue
    const key = modes.filter((mode) => accessModesOf(volume).includes(mode)).join()
    const group = byModes.get(key)
    if (group === undefined) byModes.set(key, [volume])
    else group.push(volume)
  }
  const groups = [...byModes].sort(([a], [b]) => a.split(",").length - b.split(",").length)
  for (const [, group] of groups) {
    const found = findMatchingVolume(claim, group, { delayed })
    if (found !== undefined) return found
  }
  return undefined
}

/** checkVolumeSatisfyClaim: why the volume that a claim names is none for it (`pv_controller.go`). */
export const unsatisfied = (volume: KubernetesObject, claim: KubernetesObject): string | undefined => {
  if (volume.metadata.deletionTimestamp !== undefined)
    return `the volume is marked for deletion ${JSON.stringify(volume.metadata.name)}`
  if (compareQuantity(volumeSize(volume), requestedSize(claim)) < 0) return "requested PV is too small"
  if (classOf(volume) !== classOf(claim)) return "storageClassName does not match"
  if (!jsonEqual(attributesOf(volume), attributesOf(claim))) return "volumeAttributesClassName does not match"
  if (hasOtherMode(claim, volume)) return "incompatible volumeMode"
  return hasAccessModes(claim, volume) ? undefined : "incompatible accessMode"
}
