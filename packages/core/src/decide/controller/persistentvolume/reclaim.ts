/** What becomes of a volume whose claim is gone (`pkg/controller/volume/persistentvolume/pv_controller.go`, reclaimVolume). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { mapping, specOf, text } from "../../apiserver/fields.ts"
import { annotationOf, claimKeyOf, claimRefOf, PROVISIONED_BY, volumeNameOf } from "../../storage/bindVolume.ts"

/** Kept as it is, left to whoever made it, deleted here, or why that cannot be. */
export type Reclaim =
  | { readonly _tag: "Kept" }
  | { readonly _tag: "Deleted" }
  | { readonly _tag: "Failed"; readonly reason: string; readonly message: string }

const KEPT: Reclaim = { _tag: "Kept" }
const failed = (reason: string, message: string): Reclaim => ({ _tag: "Failed", reason, message })

/** The kinds of storage that the controller manager itself still knows, without a driver. */
const builtIn = ["hostPath", "nfs", "local", "iscsi", "fc", "flexVolume"]
const recyclable = ["hostPath", "nfs"]

const kindOf = (spec: JsonObject): string | undefined => builtIn.find((kind) => spec[kind] != null)

/** findDeletablePlugin, then Delete of the plugin. */
const deletion = (volume: KubernetesObject): Reclaim => {
  const by = annotationOf(volume, PROVISIONED_BY) ?? ""
  if (by !== "" && !by.startsWith("kubernetes.io/")) return KEPT
  if (by !== "") return failed("VolumeFailedDelete", `no volume plugin matched name: ${by}`)
  const spec = specOf(volume)
  if (spec["csi"] != null) return KEPT
  const kind = kindOf(spec)
  if (kind === "hostPath") {
    const path = text(mapping(spec, "hostPath"), "path")
    return /^\/tmp\/.+$/.test(path)
      ? { _tag: "Deleted" }
      : failed("VolumeFailedDelete", `host_path deleter only supports /tmp/.+ but received provided ${path}`)
  }
  const why = kind === undefined ? "no volume plugin matched" : "no deletable volume plugin matched"
  const quoted = JSON.stringify(volume.metadata.name)
  return failed("VolumeFailedDelete", `error getting deleter volume plugin for volume ${quoted}: ${why}`)
}

/** A volume is wiped by a pod of its own, which is not simulated: until then it waits. */
const recycling = (volume: KubernetesObject): Reclaim =>
  recyclable.includes(kindOf(specOf(volume)) ?? "")
    ? KEPT
    : failed("VolumeFailedRecycle", "No recycler plugin found for the volume!")

export const reclaimed = (volume: KubernetesObject): Reclaim => {
  switch (text(specOf(volume), "persistentVolumeReclaimPolicy")) {
    case "Delete":
      return deletion(volume)
    case "Recycle":
      return recycling(volume)
    default:
      return KEPT
  }
}

/** isVolumeReleased: `claimOf` finds a claim by `namespace/name`. */
export const isReleased = (
  volume: KubernetesObject,
  claimOf: (key: string) => KubernetesObject | undefined
): boolean => {
  const ref = claimRefOf(volume)
  if (ref === undefined || text(ref, "uid") === "") return false
  const claim = claimOf(claimKeyOf(ref))
  if (claim === undefined || claim.metadata.uid !== ref["uid"]) return true
  return volumeNameOf(claim) !== "" && volumeNameOf(claim) !== volume.metadata.name
}
