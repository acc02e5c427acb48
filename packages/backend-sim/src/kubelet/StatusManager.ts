/** Carries what the kubelet reports to the API server (`pkg/kubelet/status/status_manager.go`; K-220…K-231). */
import {
  completeStatus,
  dropDisabledStatus,
  type Instant,
  isMirrorPodOf,
  isTerminalPhase,
  jsonEqual,
  type KubernetesRelease,
  later,
  type Micros,
  mergePodStatus,
  type Pod,
  type PodObject,
  parsePod,
  renderPod,
  renderStatus,
  SECOND,
  said,
  sameStatus,
  terminatePod
} from "@kubereel/core"
import type { Decisions } from "../defect/Decisions.ts"
import type { Engine, Handle } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { type Quantiles, quantile } from "../profile/quantiles.ts"
import type { KubeletApi } from "./KubeletApi.ts"

/** How often all statuses are looked at (syncPeriod). */
const RESYNC: Micros = 10 * SECOND

/** How long a request waits for a connection where nobody answers (`net.Dialer` in `cmd/kubelet/app/server.go`), and how often it asks again. */
const DIAL_TIMEOUT: Micros = 30 * SECOND
const SYN_INTERVAL: Micros = SECOND

interface Versioned {
  readonly pod: Pod
  readonly version: number
  /** The worker is done with the pod: the object may go. */
  readonly finished: boolean
}

export interface StatusManagerOptions {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
  readonly profile: NodeProfile
  readonly release: KubernetesRelease
  readonly api: Pick<KubeletApi, "getPod" | "updatePodStatus" | "deletePod">
  /** Can the API server be reached? */
  readonly reachable: () => boolean
  /** May a container of that pod still be running? Then a terminal phase is held back (K-226). */
  readonly couldRun: (uid: string) => boolean
  readonly decide: Pick<Decisions, "checkContainerStateTransition" | "writesStatusOver">
  /** A new status was taken. */
  readonly onChange: (uid: string) => void
}

export class StatusManager {
  readonly #o: StatusManagerOptions
  readonly #statuses = new Map<string, Versioned>()
  readonly #written = new Map<string, number>()
  readonly #changed = new Set<string>()
  /** Pods whose status somebody may have written over, as the API server last sent them. */
  readonly #drifted = new Map<string, Pod>()
  readonly #phase: Instant
  /** Pods whose status could not be written. */
  readonly #unsent = new Set<string>()
  #resync: Handle | undefined
  #busy = false
  /** The request that waits for a connection: what is done when that is over, and when there is one. */
  #hanging: { readonly timeout: Handle; readonly go: () => void } | undefined

  constructor(options: StatusManagerOptions) {
    this.#o = options
    this.#phase = later(options.engine.now, -Math.floor(options.random.next() * RESYNC))
  }

  /** The status as last taken. */
  get(uid: string): Pod | undefined {
    return this.#statuses.get(uid)?.pod
  }

  /** Takes a generated status: `api` is the pod that it was generated for. */
  set(api: Pod, generated: Pod): void {
    this.#update(api, generated, { force: api.metadata.deletionTimestamp !== undefined, finished: false })
  }

  /** The last status: its worker is done. */
  terminate(api: Pod): void {
    this.#update(api, terminatePod(api, this.get(uidOf(api)) ?? api), { force: true, finished: true })
  }

  /** A status came back from the API server: if it is not the one that was written, the next tick writes that again (K-224). */
  heard(api: Pod): void {
    const uid = uidOf(api)
    const known = this.#statuses.get(uid)
    if (known === undefined || sameStatus(known.pod, api)) {
      this.#drifted.delete(uid)
      return
    }
    this.#drifted.set(uid, api)
    this.#resyncLater()
  }

  #resyncLater(): void {
    if (this.#resync !== undefined) return
    const { engine, entity } = this.#o
    const ticks = Math.floor((engine.now - this.#phase) / RESYNC) + 1
    this.#resync = engine.schedule(entity, later(this.#phase, ticks * RESYNC), () => this.#tick())
  }

  forget(uid: string): void {
    this.#drifted.delete(uid)
    this.#unsent.delete(uid)
    this.#statuses.delete(uid)
    this.#written.delete(uid)
    this.#changed.delete(uid)
  }

  /** All pods whose API status is another one (syncBatch of all). */
  #tick(): void {
    this.#resync = undefined
    for (const [uid, api] of this.#drifted) {
      const known = this.#statuses.get(uid)
      if (known === undefined || sameStatus(known.pod, api)) continue
      this.#written.delete(uid)
      this.#changed.add(uid)
    }
    this.#drifted.clear()
    for (const uid of this.#unsent) this.#changed.add(uid)
    this.#unsent.clear()
    if (!this.#busy && this.#changed.size > 0) this.#batch()
  }

  #update(api: Pod, generated: Pod, how: { readonly force: boolean; readonly finished: boolean }): void {
    const uid = uidOf(api)
    const cached = this.#statuses.get(uid)
    const before = cached?.pod ?? this.#mirrored(api) ?? api
    if (this.#o.decide.checkContainerStateTransition(before.containers, generated.containers, api) !== undefined) return
    const next = completeStatus(dropDisabledStatus(generated, this.#o.release), before, this.#o.engine.now)
    if (cached !== undefined && !how.force && sameStatus(before, next)) return
    // The kubelet decides in words: what is reported is what they make of the status before.
    const pod = said(before, next)
    const finished = how.finished || cached?.finished === true
    this.#statuses.set(uid, { pod, version: (cached?.version ?? 0) + 1, finished })
    this.#changed.add(uid)
    this.#o.onChange(uid)
    if (!this.#busy) this.#batch()
  }

  /** Of a static pod whose manifest is gone nothing is cached any more, but its mirror says what was (updateStatusInternal). */
  #mirrored(api: Pod): Pod | undefined {
    const mirror = this.#o.api.getPod(api.metadata.namespace ?? "", api.metadata.name)
    if (mirror === undefined || !isMirrorPodOf(mirror, api)) return undefined
    const { metadata, spec } = api
    return { ...parsePod(mirror), metadata, spec }
  }

  /** All pods with something new, as they are now, one after the other; what changes meanwhile waits for the next batch (K-222). */
  #batch(): void {
    const batch: Array<{ readonly uid: string; readonly status: Versioned }> = []
    for (const uid of this.#changed) {
      const status = this.#statuses.get(uid)
      if (status !== undefined && (this.#written.get(uid) ?? 0) < status.version) batch.push({ uid, status })
    }
    this.#changed.clear()
    this.#busy = batch.length > 0
    const next = (index: number): void => {
      const update = batch[index]
      if (update === undefined) return this.#batch()
      const { uid } = update
      const begun = this.#o.engine.now
      this.#after(this.#o.profile.statusPatch, () => {
        // On a node that takes no time, what is known by now was known when this began.
        const known = this.#o.engine.now === begun ? this.#statuses.get(uid) : undefined
        this.#sync(uid, known ?? update.status, () => next(index + 1))
      })
    }
    if (this.#busy) next(0)
  }

  /** The API server can be reached again. */
  connected(): void {
    const { engine, entity, random } = this.#o
    const hanging = this.#hanging
    if (hanging === undefined) return
    this.#hanging = undefined
    engine.cancel(hanging.timeout)
    engine.after(entity, random.int(SYN_INTERVAL), hanging.go)
  }

  /** What can neither be read nor written is tried again at the next look at all of them. */
  #hang(uid: string, done: () => void, go: () => void): void {
    const { engine, entity } = this.#o
    const timeout = engine.after(entity, DIAL_TIMEOUT, () => {
      this.#hanging = undefined
      this.#sendLater(uid)
      done()
    })
    this.#hanging = { timeout, go }
  }

  #sendLater(uid: string): void {
    this.#unsent.add(uid)
    this.#resyncLater()
  }

  #sync(uid: string, status: Versioned, done: () => void): void {
    if (!this.#o.reachable()) return this.#hang(uid, done, () => this.#sync(uid, status, done))
    const stored = this.#o.api.getPod(status.pod.metadata.namespace ?? "", status.pod.metadata.name)
    // The status of a static pod is its mirror's (K-312).
    const same = stored !== undefined && (stored.metadata.uid === uid || isMirrorPodOf(stored, status.pod))
    const object = stored && this.#o.decide.writesStatusOver(stored, () => renderPod(status.pod), same)
    if (object === undefined) return done()
    this.#patch(object, status, (written) => {
      if (written === undefined) {
        this.#sendLater(uid)
        return done()
      }
      this.#written.set(uid, status.version)
      const gone =
        object.metadata.uid === uid &&
        status.finished &&
        written.metadata.deletionTimestamp !== undefined &&
        isTerminalPhase(written.status.phase)
      if (gone) this.#after(this.#o.profile.apiWrite, () => this.#delete(written, done))
      else done()
    })
  }

  /** An empty difference is not sent (K-223). */
  #patch(object: PodObject, status: Versioned, then: (written: PodObject | undefined) => void): void {
    const couldRun = this.#o.couldRun(uidOf(status.pod))
    const merged = renderStatus(mergePodStatus(parsePod(object), status.pod, couldRun, this.#o.engine.now))
    if (jsonEqual(object.status, merged)) then(object)
    else this.#o.api.updatePodStatus(object, merged, then)
  }

  /** What nobody has heard is said again at the next look at all of them; a refusal is the last word (canBeDeleted). */
  #delete(pod: PodObject, done: () => void): void {
    const { uid = "" } = pod.metadata
    this.#o.api.deletePod(pod, { gracePeriodSeconds: 0, preconditions: { uid } }, ({ status }) => {
      if (status === 0 || status === 429 || status >= 500) {
        this.#written.delete(uid)
        this.#sendLater(uid)
      }
      done()
    })
  }

  #after(quantiles: Quantiles, run: () => void): void {
    this.#o.engine.after(this.#o.entity, quantile(quantiles, this.#o.random.next()), run)
  }
}

const uidOf = (pod: Pod): string => pod.metadata.uid ?? ""
