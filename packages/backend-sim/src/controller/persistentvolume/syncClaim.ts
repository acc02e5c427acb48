/** Finds a volume for a claim, or has one made (`pkg/controller/volume/persistentvolume/pv_controller.go`, syncClaim). */
import {
  annotationOf,
  BIND_COMPLETED,
  claimRefOf,
  classOf,
  defaultClass,
  findBestMatch,
  hasClass,
  isDelayed,
  isPod,
  isPodTerminated,
  isVolumeBoundToClaim,
  type KubernetesObject,
  SELECTED_NODE,
  specOf,
  unsatisfied,
  volumeNameOf
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import type { ControllerTools } from "../ControllerContext.ts"
import { keyOf, podsOfClaim } from "../keys.ts"
import { isBoundByController } from "./syncVolume.ts"
import type { VolumeWriter } from "./VolumeWriter.ts"

export interface ClaimSync {
  readonly tools: ControllerTools
  readonly writer: VolumeWriter
  /** Has a volume made, behind the sync's back. */
  readonly provision: (claim: KubernetesObject) => void
}

/** findNonScheduledPodsByPVC. */
const waitingPods = ({ informers }: ControllerTools, claim: KubernetesObject): ReadonlyArray<string> =>
  podsOfClaim(informers, keyOf(claim))
    .filter((pod) => isPod(pod) && !isPodTerminated(pod) && (pod.spec.nodeName ?? "") === "")
    .map(({ metadata }) => metadata.name)

const tellDelayed = ({ tools, writer }: ClaimSync, claim: KubernetesObject): void => {
  const pods = waitingPods(tools, claim)
  const waits = pods.length > 0
  writer.tell(claim, {
    type: "Normal",
    reason: waits ? "WaitForPodScheduled" : "WaitForFirstConsumer",
    message: waits
      ? `waiting for ${pods.length > 1 ? "pods" : "pod"} ${pods.join(",")} to be scheduled`
      : "waiting for first consumer to be created before binding"
  })
}

/** assignDefaultStorageClass: a class that came later is that of older claims, too. `undefined`: there is none to be had. */
function* assignDefaultClass({ tools }: ClaimSync, claim: KubernetesObject): Course<boolean | undefined> {
  const found = hasClass(claim) ? undefined : defaultClass(tools.informers.list("StorageClass"))
  if (found === undefined) return undefined
  const next = { ...claim, spec: { ...specOf(claim), storageClassName: found.metadata.name } }
  return refusalOf(yield* tools.client.update(next)) === undefined
}

/** Any volume will do. */
function* syncAny(sync: ClaimSync, claim: KubernetesObject): Course<boolean> {
  const { provision, tools, writer } = sync
  const delayed = isDelayed(tools.informers.get("StorageClass", undefined, classOf(claim)))
  const volume = findBestMatch(claim, writer.volumes.all, delayed)
  if (volume !== undefined) return yield* writer.bind(volume, claim)
  const assigned = yield* assignDefaultClass(sync, claim)
  if (assigned !== undefined) return assigned
  if (delayed && annotationOf(claim, SELECTED_NODE) === undefined) tellDelayed(sync, claim)
  else if (classOf(claim) !== "") {
    provision(claim)
    return true
  } else {
    const message = "no persistent volumes available for this claim and no storage class is set"
    writer.tell(claim, { type: "Normal", reason: "FailedBinding", message })
  }
  return (yield* writer.claimPhase(claim, "Pending")) !== undefined
}

/** A certain volume is asked for. */
function* syncNamed({ writer }: ClaimSync, claim: KubernetesObject): Course<boolean> {
  const pending = function* (): Course<boolean> {
    return (yield* writer.claimPhase(claim, "Pending")) !== undefined
  }
  const volume = writer.volumes.get(`/${volumeNameOf(claim)}`)
  if (volume === undefined) return yield* pending()
  const quoted = JSON.stringify(volume.metadata.name)
  if (claimRefOf(volume) !== undefined) {
    if (isVolumeBoundToClaim(volume, claim)) return yield* writer.bind(volume, claim)
    const message = `volume ${quoted} already bound to a different claim.`
    writer.tell(claim, { type: "Warning", reason: "FailedBinding", message })
    return isBoundByController(claim) ? false : yield* pending()
  }
  const why = unsatisfied(volume, claim)
  if (why === undefined) return yield* writer.bind(volume, claim)
  const message = `Cannot bind to requested volume ${quoted}: ${why}`
  writer.tell(claim, { type: "Warning", reason: "VolumeMismatch", message })
  return yield* pending()
}

/** It has had one: that must still be there, and be its own. */
function* syncBound({ writer }: ClaimSync, claim: KubernetesObject): Course<boolean> {
  const lost = "Data on the volume is lost!"
  if (volumeNameOf(claim) === "")
    return yield* writer.loseClaim(claim, "ClaimLost", `Bound claim has lost reference to PersistentVolume. ${lost}`)
  const volume = writer.volumes.get(`/${volumeNameOf(claim)}`)
  if (volume === undefined)
    return yield* writer.loseClaim(claim, "ClaimLost", `Bound claim has lost its PersistentVolume. ${lost}`)
  const ref = claimRefOf(volume)
  if (ref === undefined || ref["uid"] === claim.metadata.uid) return yield* writer.bind(volume, claim)
  const why = "Two claims are bound to the same volume, this one is bound incorrectly"
  return yield* writer.loseClaim(claim, "ClaimMisbound", why)
}

/** `false`: it is to be tried again. */
export const syncClaim = (sync: ClaimSync, claim: KubernetesObject): Course<boolean> => {
  if (annotationOf(claim, BIND_COMPLETED) !== undefined) return syncBound(sync, claim)
  return volumeNameOf(claim) === "" ? syncAny(sync, claim) : syncNamed(sync, claim)
}
