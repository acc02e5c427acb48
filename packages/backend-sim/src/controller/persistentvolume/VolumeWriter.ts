/** What the controller writes of claims and volumes (`pkg/controller/volume/persistentvolume/pv_controller.go`, bind, unbindVolume, update…). */
import {
  bindClaimToVolume,
  bindVolumeToClaim,
  type KubernetesObject,
  phaseOf,
  unbindVolume,
  withClaimPhase,
  withVolumePhase
} from "@kubereel/core"
import { storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import type { NewEvent } from "../../client/EventRecorder.ts"
import { type ControllerTools, eventAbout } from "../ControllerContext.ts"
import { VersionedCache } from "./VersionedCache.ts"

export interface Told {
  readonly type: NewEvent["type"]
  readonly reason: string
  readonly message: string
}

export class VolumeWriter {
  readonly #tools: ControllerTools
  readonly volumes = new VersionedCache()
  readonly claims = new VersionedCache()

  constructor(tools: ControllerTools) {
    this.#tools = tools
  }

  tell(about: KubernetesObject, { message, reason, type }: Told): void {
    this.#tools.events.record(eventAbout(about, type, reason, message))
  }

  /** What is stored then; `undefined`: it was refused. What is as it was is not written. */
  *write(old: KubernetesObject, next: KubernetesObject, subresource = ""): Course<KubernetesObject | undefined> {
    if (next === old) return old
    const stored = storedOf(yield* this.#tools.client.update(next, subresource))
    if (stored !== undefined) (stored.kind === "PersistentVolume" ? this.volumes : this.claims).store(stored)
    return stored
  }

  claimPhase(claim: KubernetesObject, phase: string, volume?: KubernetesObject): Course<KubernetesObject | undefined> {
    return this.write(claim, withClaimPhase(claim, phase, volume), "status")
  }

  /** The Event is there only when the phase is new. `false`: it was refused. */
  *loseClaim(claim: KubernetesObject, reason: string, message: string): Course<boolean> {
    if (phaseOf(claim) === "Lost") return true
    const lost = yield* this.claimPhase(claim, "Lost")
    if (lost !== undefined) this.tell(lost, { type: "Warning", reason, message })
    return lost !== undefined
  }

  volumePhase(volume: KubernetesObject, phase: string, message = ""): Course<KubernetesObject | undefined> {
    return this.write(volume, withVolumePhase(volume, phase, message), "status")
  }

  *failVolume(volume: KubernetesObject, reason: string, message: string): Course<boolean> {
    if (phaseOf(volume) === "Failed") return true
    const failed = yield* this.volumePhase(volume, "Failed", message)
    if (failed !== undefined) this.tell(failed, { type: "Warning", reason, message })
    return failed !== undefined
  }

  /** The volume first, each with its phase; it ends at the first refusal (C-260). */
  *bind(volume: KubernetesObject, claim: KubernetesObject): Course<boolean> {
    const bound = yield* this.write(volume, bindVolumeToClaim(volume, claim))
    const told = bound && (yield* this.volumePhase(bound, "Bound"))
    if (told === undefined) return false
    const named = yield* this.write(claim, bindClaimToVolume(claim, told))
    return named !== undefined && (yield* this.claimPhase(named, "Bound", told)) !== undefined
  }

  *unbind(volume: KubernetesObject): Course<boolean> {
    const free = yield* this.write(volume, unbindVolume(volume))
    return free !== undefined && (yield* this.volumePhase(free, "Available")) !== undefined
  }
}
