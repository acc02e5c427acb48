/** Binds what a pod needs of volumes before the pod itself (`pkg/scheduler/framework/plugins/volumebinding/binder.go`). */
import {
  annotationOf,
  bindVolumeToClaim,
  claimRefOf,
  type Instant,
  isFullyBound,
  isReachable,
  type KubernetesObject,
  later,
  type Micros,
  type PodObject,
  type PodVolumes,
  SECOND,
  SELECTED_NODE,
  volumeNameOf,
  withAnnotations
} from "@kubereel/core"
import type { Course } from "../client/Course.ts"
import { Alarm } from "../engine/Alarm.ts"
import type { Engine } from "../engine/Engine.ts"
import type { AssumedObjects } from "./AssumedObjects.ts"

/** It looks every second, and no longer than that (`bindTimeoutSeconds`). */
const POLL: Micros = SECOND
const TIMEOUT: Micros = 600 * SECOND

export interface VolumeBinderOptions {
  readonly engine: Engine
  readonly objects: AssumedObjects
  /** PUT of a claim or a volume; the Status's message if it is refused. */
  readonly update: (object: KubernetesObject) => string | undefined
  /** Is the pod still there? */
  readonly exists: (pod: PodObject) => boolean
  /** How long a request takes from now on. */
  readonly turn: () => Micros
}

/** What is taken for granted for one pod. */
export interface AssumedVolumes {
  readonly node: string
  readonly volumes: ReadonlyArray<{ readonly volume: KubernetesObject; readonly claim: KubernetesObject }>
  readonly claims: ReadonlyArray<KubernetesObject>
}

type Outcome = "bound" | "waiting" | { readonly why: string }

const quoted = ({ metadata }: KubernetesObject): string => JSON.stringify(metadata.name)

export class VolumeBinder {
  readonly #o: VolumeBinderOptions
  /** Looks of those that wait. */
  readonly #looks = new Set<() => void>()

  constructor(options: VolumeBinderOptions) {
    this.#o = options
  }

  /** Reserve: nobody else gets these. */
  assume({ bindings, provisions }: PodVolumes, node: string): AssumedVolumes {
    const volumes = bindings.map(({ claim, volume }) => ({ claim, volume: bindVolumeToClaim(volume, claim) }))
    const claims = provisions.map((claim) => withAnnotations(claim, { [SELECTED_NODE]: node }))
    for (const object of [...volumes.map(({ volume }) => volume), ...claims]) this.#o.objects.assume(object)
    return { node, volumes, claims }
  }

  /** Unreserve. */
  revert({ claims, volumes }: AssumedVolumes): void {
    for (const object of [...volumes.map(({ volume }) => volume), ...claims]) this.#o.objects.restore(object)
  }

  /** A claim or a volume changed, or a pod went. */
  heard(): void {
    for (const look of this.#looks) look()
  }

  /** BindPodVolumes: answers with what went wrong. */
  *bind(pod: PodObject, assumed: AssumedVolumes): Course<string | undefined> {
    const { turn, update } = this.#o
    for (const object of [...assumed.volumes.map(({ volume }) => volume), ...assumed.claims]) {
      yield turn()
      const refusal = update(object)
      if (refusal !== undefined) return refusal
    }
    let outcome: Outcome = "waiting"
    yield (resume) =>
      this.#poll(() => {
        outcome = this.#check(pod, assumed)
        return outcome !== "waiting"
      }, resume)
    const ended = outcome as Outcome
    if (ended === "bound") return undefined
    return `binding volumes: ${ended === "waiting" ? "context deadline exceeded" : ended.why}`
  }

  /** Only those looks are carried out before which something changed. */
  #poll(ended: () => boolean, done: () => void): void {
    const { engine } = this.#o
    const began = engine.now
    const deadline = later(began, TIMEOUT)
    const look = (): void => {
      if (!ended() && engine.now < deadline) return alarm.set(deadline)
      this.#looks.delete(wake)
      done()
    }
    const alarm = new Alarm(engine, "scheduler/volumes", look)
    const wake = (): void => {
      const tick = began + Math.max(Math.ceil((engine.now - began) / POLL), 1) * POLL
      alarm.set(Math.min(tick, deadline) as Instant)
    }
    this.#looks.add(wake)
    wake()
  }

  /** checkBindings. */
  #check(pod: PodObject, { claims, node, volumes }: AssumedVolumes): Outcome {
    if (!this.#o.exists(pod)) return { why: `pod does not exist any more: pod ${quoted(pod)} not found` }
    const outcomes = [
      ...volumes.map(({ claim, volume }) => this.#boundOutcome(claim, volume, node)),
      ...claims.map((claim) => this.#madeOutcome(claim, node))
    ]
    return outcomes.find((outcome) => outcome !== "bound") ?? "bound"
  }

  #claimOf({ metadata }: KubernetesObject): KubernetesObject | undefined {
    return this.#o.objects.stored("PersistentVolumeClaim", metadata.namespace ?? "", metadata.name)
  }

  #isReachable(volume: KubernetesObject, node: string): boolean {
    return isReachable(volume, this.#o.objects.stored("Node", "", node)?.metadata.labels ?? {})
  }

  #boundOutcome(claim: KubernetesObject, volume: KubernetesObject, node: string): Outcome {
    const found = this.#o.objects.stored("PersistentVolume", "", volume.metadata.name)
    if (found === undefined)
      return { why: `failed to check binding: could not find v1.PersistentVolume ${quoted(volume)}` }
    const bound = this.#claimOf(claim)
    if (bound === undefined)
      return { why: `failed to check binding: could not find v1.PersistentVolumeClaim ${quoted(claim)}` }
    if (!this.#isReachable(found, node)) return unreachable(found, node)
    if ((claimRefOf(found)?.["uid"] ?? "") === "") return { why: `ClaimRef got reset for pv ${quoted(found)}` }
    return isFullyBound(bound) ? "bound" : "waiting"
  }

  #madeOutcome(claim: KubernetesObject, node: string): Outcome {
    const found = this.#claimOf(claim)
    if (found === undefined)
      return { why: `failed to check provisioning pvc: could not find v1.PersistentVolumeClaim ${quoted(claim)}` }
    if (annotationOf(found, SELECTED_NODE) !== node) return { why: `provisioning failed for PVC ${quoted(found)}` }
    const name = volumeNameOf(found)
    const volume = name === "" ? undefined : this.#o.objects.stored("PersistentVolume", "", name)
    if (name !== "" && volume === undefined) return "waiting"
    if (volume !== undefined && !this.#isReachable(volume, node)) return unreachable(volume, node)
    return isFullyBound(found) ? "bound" : "waiting"
  }
}

const unreachable = (volume: KubernetesObject, node: string): Outcome => ({
  why: `pv ${quoted(volume)} node affinity doesn't match node ${JSON.stringify(node)}: no matching NodeSelectorTerms`
})
