/**
 * The pod lifecycle event generator: how a kubelet notices what its runtime did (`pkg/kubelet/pleg/generic.go`,
 * `pkg/kubelet/container/cache.go`; K-015, K-016, K-030…K-036).
 *
 * A relist of all pods comes a second after the last one ended. Only those that could show something, or that somebody waits for,
 * are carried out; the others are known by their phase and period alone.
 */
import {
  type Instant,
  type KubernetesRelease,
  later,
  type Micros,
  noRuntimeStatus,
  type RuntimePodStatus,
  SECOND
} from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { quantile } from "../profile/quantiles.ts"

interface Cached {
  readonly status: RuntimePodStatus
  /** When a relist last wrote it, or one of this pod alone found it as it was known. */
  readonly observed: Instant
}

interface Waiter {
  readonly uid: string
  readonly newerThan: Instant
  readonly run: (status: RuntimePodStatus) => void
}

export interface PlegOptions {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
  readonly profile: NodeProfile
  readonly release: KubernetesRelease
  readonly inspect: (uid: string) => RuntimePodStatus
  /** What is known of the pod is something else now. */
  readonly onChange: (uid: string) => void
  /** A container or sandbox of the pod started, died or vanished. */
  readonly onPodEvent: (uid: string) => void
}

/** What a relist compares: every container's and sandbox's state by its ID. */
const statesOf = ({ containers, sandboxes }: RuntimePodStatus): ReadonlyMap<string, string> => {
  const states = new Map<string, string>()
  for (const { id, ready } of sandboxes) states.set(id, ready ? "running" : "exited")
  for (const { id, state } of containers) states.set(id, state)
  return states
}

/** Created containers change the record but are no event (K-030). */
const compare = (
  old: RuntimePodStatus,
  next: RuntimePodStatus
): { readonly changed: boolean; readonly event: boolean } => {
  const [before, after] = [statesOf(old), statesOf(next)]
  let [changed, event] = [false, false]
  for (const [id, state] of after) {
    if (before.get(id) === state) continue
    changed = true
    event ||= state === "running" || state === "exited"
  }
  for (const [id, state] of before) {
    if (after.has(id)) continue
    changed = true
    event ||= state !== "exited"
  }
  return { changed, event }
}

export class Pleg {
  readonly #o: PlegOptions
  readonly #cache = new Map<string, Cached>()
  readonly #dirty = new Set<string>()
  readonly #reinspect = new Set<string>()
  #waiters: ReadonlyArray<Waiter> = []
  #phase: Instant
  readonly #period: Micros
  #scheduled: Instant | undefined
  /** The first relist of a process that has just started is not done yet: nothing is known, so everybody waits for it. */
  #blind = false

  constructor(options: PlegOptions) {
    this.#o = options
    this.#period = SECOND + this.#cost()
    this.#phase = later(options.engine.now, Math.floor(options.random.next() * this.#period) - this.#period)
  }

  /** A process that has just started relists at once, and finds whatever its runtime has. */
  start(uids: ReadonlyArray<string>): void {
    this.#phase = this.#o.engine.now
    this.#blind = true
    for (const uid of uids) this.#dirty.add(uid)
    this.#relist(this.#phase)
  }

  /** Calls `run` with the cached status once that is newer than `since`; at once if it is already (GetNewerThan). */
  whenNewer(uid: string, since: Instant | undefined, run: (status: RuntimePodStatus) => void): void {
    const newerThan = since ?? (this.#blind ? later(this.#phase, -1) : undefined)
    const cached = this.#cache.get(uid)
    const fresh =
      newerThan === undefined || this.#lastRelist() > newerThan || (cached !== undefined && cached.observed > newerThan)
    if (fresh) return run(cached?.status ?? noRuntimeStatus)
    this.#waiters = [...this.#waiters, { uid, newerThan, run }]
    this.#schedule()
  }

  /** Is what is known never older than that? */
  isWithin(age: Micros): boolean {
    return !this.#blind && 2 * this.#period < age
  }

  /** The runtime did something to the pod: the next relist will see it. */
  changed(uid: string): void {
    this.#dirty.add(uid)
    this.#schedule()
  }

  /** The next relist reads the pod's status whether something happened to it or not, and it is looked at (RequestReinspect; K-032). */
  requestReinspect(uid: string): void {
    this.#reinspect.add(uid)
    this.changed(uid)
  }

  /** A relist of this pod now, unless one of all pods comes first (PLEGOnDemandRelist). */
  requestRelist(uid: string): void {
    if (!this.#o.release.gates.PLEGOnDemandRelist) return
    const asked = this.#o.engine.now
    this.#o.engine.after(this.#o.entity, quantile(this.#o.profile.podRelist, this.#o.random.next()), () => {
      if (this.#lastRelist() > asked) return
      const { now } = this.#o.engine
      this.#reconcile(uid, this.#o.inspect(uid), now)
      this.#observe(uid, now)
    })
  }

  /** What was read is what is known, so whoever waits for something newer has it (`cache.SetObservedTime`). */
  #observe(uid: string, at: Instant): void {
    const cached = this.#cache.get(uid)
    if (cached !== undefined) this.#cache.set(uid, { ...cached, observed: at })
    this.#wake((waiter) => (waiter.uid === uid ? at : undefined))
  }

  forget(uid: string): void {
    this.#cache.delete(uid)
    this.#dirty.delete(uid)
    this.#reinspect.delete(uid)
    this.#waiters = this.#waiters.filter((waiter) => waiter.uid !== uid)
  }

  #cost(): Micros {
    return quantile(this.#o.profile.relist, this.#o.random.next())
  }

  /** When the last relist began that has ended by now. */
  #lastRelist(): Instant {
    const elapsed = this.#o.engine.now - (this.#period - SECOND) - this.#phase
    return later(this.#phase, Math.floor(elapsed / this.#period) * this.#period)
  }

  #schedule(): void {
    if (this.#scheduled !== undefined) return
    const { engine, entity } = this.#o
    const at = later(this.#phase, (Math.floor((engine.now - this.#phase) / this.#period) + 1) * this.#period)
    this.#scheduled = at
    engine.schedule(entity, at, () => this.#relist(at))
  }

  #relist(at: Instant): void {
    this.#scheduled = undefined
    const seen = [...this.#dirty].map((uid) => ({ uid, status: this.#o.inspect(uid) }))
    this.#dirty.clear()
    this.#o.engine.after(this.#o.entity, this.#period - SECOND, () => {
      this.#blind = false
      for (const { uid, status } of seen) this.#reconcile(uid, status, at)
      this.#wake(() => at)
    })
  }

  #reconcile(uid: string, status: RuntimePodStatus, at: Instant): void {
    const known = this.#cache.get(uid)
    const asked = this.#reinspect.delete(uid)
    const { changed, event } = compare(known?.status ?? noRuntimeStatus, status)
    if (!changed && !asked) return
    this.#o.onChange(uid)
    this.#cache.set(uid, { status, observed: at })
    this.#wake((waiter) => (waiter.uid === uid ? at : undefined))
    if (event || asked) this.#o.onPodEvent(uid)
  }

  #wake(modifiedFor: (waiter: Waiter) => Instant | undefined): void {
    const [ready, waiting] = [[] as Waiter[], [] as Waiter[]]
    for (const waiter of this.#waiters) {
      const modified = modifiedFor(waiter)
      ;(modified !== undefined && modified > waiter.newerThan ? ready : waiting).push(waiter)
    }
    this.#waiters = waiting
    if (waiting.length > 0) this.#schedule()
    for (const waiter of ready) waiter.run(this.#cache.get(waiter.uid)?.status ?? noRuntimeStatus)
  }
}
