/** What a volume's claim makes of it (`pkg/controller/volume/persistentvolume/pv_controller.go`, syncVolume). */
import {
  annotationOf,
  BOUND_BY_CONTROLLER,
  claimKeyOf,
  claimRefOf,
  hasOtherMode,
  isReleased,
  type KubernetesObject,
  PROVISIONED_BY,
  phaseOf,
  reclaimed,
  specOf,
  volumeNameOf
} from "@kubereel/core"
import type { Course } from "../../client/Course.ts"
import type { ControllerTools } from "../ControllerContext.ts"
import type { VolumeWriter } from "./VolumeWriter.ts"

export interface VolumeSync {
  readonly tools: ControllerTools
  readonly writer: VolumeWriter
  /** The claim is looked at next. */
  readonly wakeClaim: (key: string) => void
}

const isGivenBack = (volume: KubernetesObject): boolean => ["Released", "Failed"].includes(phaseOf(volume))

/** The claim that the volume names, asked for where the cache may be behind. */
function* claimOf({ tools, writer }: VolumeSync, volume: KubernetesObject): Course<KubernetesObject | undefined> {
  const ref = claimRefOf(volume) ?? {}
  const [namespace, name, uid] = [String(ref["namespace"]), String(ref["name"]), ref["uid"]]
  const of = { kind: "PersistentVolumeClaim", namespace, name }
  const cached =
    writer.claims.get(claimKeyOf(ref)) ??
    (isGivenBack(volume) ? undefined : (tools.informers.get(of.kind, namespace, name) ?? (yield* tools.client.get(of))))
  if (cached === undefined || cached.metadata.uid === uid) return cached
  const newest = yield* tools.client.get(of)
  return newest?.metadata.uid === uid ? newest : undefined
}

/** It is told that nobody has it any more; what then becomes of it is its policy's to say. */
function* release(sync: VolumeSync, volume: KubernetesObject): Course<boolean> {
  const { tools, writer } = sync
  const given = isGivenBack(volume) ? volume : yield* writer.volumePhase(volume, "Released")
  if (given === undefined) return false
  const reclaim = reclaimed(given)
  if (reclaim._tag === "Kept") return true
  if (reclaim._tag === "Failed") return yield* writer.failVolume(given, reclaim.reason, reclaim.message)
  const of = { kind: "PersistentVolume", namespace: "", name: given.metadata.name }
  const newest = yield* tools.client.get(of)
  if (newest !== undefined && isReleased(newest, (key) => writer.claims.get(key))) yield* tools.client.delete(of)
  return true
}

function* unboundClaim({ wakeClaim, writer }: VolumeSync, volume: KubernetesObject, claim: KubernetesObject) {
  if (!hasOtherMode(claim, volume)) {
    wakeClaim(`${claim.metadata.namespace}/${claim.metadata.name}`)
    return true
  }
  const told = (message: string) => ({ type: "Warning" as const, reason: "VolumeMismatch", message })
  const why = "due to incompatible volumeMode."
  const [volumeName, claimName] = [volume, claim].map(({ metadata }) => JSON.stringify(metadata.name))
  writer.tell(volume, told(`Cannot bind PersistentVolume to requested PersistentVolumeClaim ${claimName} ${why}`))
  writer.tell(claim, told(`Cannot bind PersistentVolume ${volumeName} to requested PersistentVolumeClaim ${why}`))
  return true
}

/** `false`: it is to be tried again. */
export function* syncVolume(sync: VolumeSync, volume: KubernetesObject): Course<boolean> {
  const { writer } = sync
  const ref = claimRefOf(volume)
  if (ref === undefined || (ref["uid"] ?? "") === "")
    return (yield* writer.volumePhase(volume, "Available")) !== undefined
  const claim = yield* claimOf(sync, volume)
  if (claim === undefined) return yield* release(sync, volume)
  const bound = volumeNameOf(claim)
  if (bound === "") return yield* unboundClaim(sync, volume, claim)
  if (bound === volume.metadata.name) return (yield* writer.volumePhase(volume, "Bound")) !== undefined
  const made = annotationOf(volume, PROVISIONED_BY) !== undefined
  if (made && specOf(volume)["persistentVolumeReclaimPolicy"] === "Delete") return yield* release(sync, volume)
  return yield* writer.unbind(volume)
}

/** Did the controller bind it, and not its user? */
export const isBoundByController = (object: KubernetesObject): boolean =>
  annotationOf(object, BOUND_BY_CONTROLLER) !== undefined
