/**
 * How a kubelet hears of its pods from the API server: a list, then a watch, and again from the list when the watch breaks
 * (`pkg/kubelet/config/apiserver.go`, `client-go/tools/cache/reflector.go`; K-001, K-002).
 */
import { type Instant, later, MILLISECOND, type Micros, type PodObject, SECOND } from "@kubereel/core"
import type { Change } from "../apiserver/Store.ts"
import { heardAt, type Staleness } from "../client/StaleWatch.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { quantile } from "../profile/quantiles.ts"

/** WaitForAPIServerSyncPeriod: the first look finds the node's own object not synced yet, the second one finds it. */
const NODE_SYNC_POLL = SECOND

/** How long a reflector waits before it lists again: doubling, and up to twice as long by chance. */
const RELIST_FIRST = 800 * MILLISECOND
const RELIST_MAX = 30 * SECOND

export interface PodSourceOptions {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
  readonly profile: NodeProfile
  /** The node's pods as the API server has them, the oldest first. */
  readonly list: () => ReadonlyArray<PodObject>
  /** Can the API server be reached? */
  readonly reachable: () => boolean
  readonly onChange: (change: Change, pod: PodObject) => void
}

const uidOf = (pod: PodObject): string => pod.metadata.uid ?? ""

export class PodSource {
  readonly #o: PodSourceOptions
  /** What was heard last of each pod. */
  readonly #seen = new Map<string, PodObject>()
  #watching = false
  #ready = false
  #lists = 0
  #heardUntil: Instant
  #stale: Staleness | undefined

  /** A source that watches already and has seen everything: that of a kubelet that is long up. */
  constructor(options: PodSourceOptions) {
    this.#o = options
    this.#heardUntil = options.engine.now
  }

  /** Has it listed once (K-008: nothing is taken as gone before)? */
  get ready(): boolean {
    return this.#ready
  }

  /** Is the first list of a process that has just started still all that it knows? */
  get starting(): boolean {
    return this.#lists === 1
  }

  /** Does the API server have the pod, as far as this source knows? */
  has(uid: string): boolean {
    return this.#seen.has(uid)
  }

  /** It begins with a watch: there was nothing to list. */
  watch(): void {
    this.#watching = true
    this.#ready = true
  }

  /** The process begins: it waits for its node, then lists. */
  start(): void {
    this.#o.engine.after(this.#o.entity, NODE_SYNC_POLL, () => this.#list(RELIST_FIRST))
  }

  /** The watch is late from now on; one that begins anew is not. */
  makeStale(stale: Staleness): void {
    this.#stale = stale
  }

  /** The watch breaks. */
  cut(): void {
    if (!this.#watching) return
    this.#watching = false
    this.#stale = undefined
    this.#retry(RELIST_FIRST)
  }

  /** The API server stored a new version; the kubelet hears of it a little later. */
  hear(change: Change, pod: PodObject): void {
    if (!this.#watching) return
    const uid = uidOf(pod)
    const first = !this.#seen.has(uid) && change !== "DELETED"
    if (change === "DELETED") this.#seen.delete(uid)
    else this.#seen.set(uid, pod)
    const { engine, entity, onChange, profile, random } = this.#o
    const delay = first ? profile.podAdmission : profile.watch
    // One watch: a later version is never heard before an earlier one.
    const at = heardAt(this.#stale, engine.now, later(engine.now, quantile(delay, random.next())))
    this.#heardUntil = Math.max(at, this.#heardUntil) as Instant
    if (!Number.isFinite(this.#heardUntil)) return
    engine.schedule(entity, this.#heardUntil, () => onChange(change, pod))
  }

  /** REMOVE, ADD, UPDATE, in this order. */
  #list(wait: Micros): void {
    if (!this.#o.reachable()) return this.#retry(wait)
    this.watch()
    this.#lists++
    const pods = this.#o.list()
    const listed = new Set(pods.map(uidOf))
    const known = new Map(this.#seen)
    for (const pod of known.values()) if (!listed.has(uidOf(pod))) this.hear("DELETED", pod)
    for (const pod of pods) if (!known.has(uidOf(pod))) this.hear("ADDED", pod)
    for (const pod of pods) {
      const before = known.get(uidOf(pod))
      if (before !== undefined && before.metadata.resourceVersion !== pod.metadata.resourceVersion)
        this.hear("MODIFIED", pod)
    }
  }

  #retry(wait: Micros): void {
    const { engine, entity, random } = this.#o
    const jittered = Math.round(wait * (1 + random.next()))
    engine.after(entity, jittered, () => this.#list(Math.min(2 * wait, RELIST_MAX)))
  }
}
