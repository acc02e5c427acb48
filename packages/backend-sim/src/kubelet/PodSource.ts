/**
 * How a kubelet hears of its pods from the API server: a list, then a watch, and again from the list when the watch breaks
 * (`pkg/kubelet/config/apiserver.go`, `client-go/tools/cache/reflector.go`; K-001, K-002).
 */
import { type Instant, later, MILLISECOND, type PodObject, SECOND } from "@kubereel/core"
import type { Change } from "../apiserver/Store.ts"
import { heardAt, type Staleness } from "../client/StaleWatch.ts"
import { Alarm } from "../engine/Alarm.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { quantile } from "../profile/quantiles.ts"

/** WaitForAPIServerSyncPeriod: the first look finds the node's own object not synced yet, the second one finds it. */
const NODE_SYNC_POLL = SECOND

/** How long a reflector waits before it lists again: doubling, and up to twice as long by chance. */
const RELIST_FIRST = 800 * MILLISECOND
const RELIST_MAX = 30 * SECOND

/**
 * What is sent into a network that is cut is answered by nobody, not even by a refusal. The heartbeats, which have ten seconds each,
 * close all connections when two of them in a row have failed (closeAllConns in `cmd/kubelet/app/server.go`); they come every ten.
 */
const CLOSED_AFTER = 20 * SECOND
const HEARTBEAT = 10 * SECOND
/**
 * How long a new connection is waited for (`net.Dialer` in `cmd/kubelet/app/server.go`): by the watch that begins with a list, and when
 * that has failed by a plain list (ListAndWatchWithContext).
 */
const DIAL_TIMEOUT = 2 * 30 * SECOND
/** How often one of those that are waited for asks again (the kernel's SYN); the first answer is everybody's. */
const SYN_INTERVAL = SECOND
/** How long the kernel waits before it sends again what nobody confirmed: doubling. */
const RETRANSMIT_FIRST = 200 * MILLISECOND

/**
 * `watching`; `open`: the watch's connection is cut, and nobody knows yet; `dialing`: a list waits for a new connection; `waiting`: the
 * next list is not tried yet.
 */
type Link = "watching" | "open" | "dialing" | "waiting"

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
  readonly #alarm: Alarm
  #link: Link = "waiting"
  /** When the connection was cut. */
  #cut: Instant
  #wait = RELIST_FIRST
  #ready = false
  #lists = 0
  #heardUntil: Instant
  #stale: Staleness | undefined

  /** A source that watches already and has seen everything: that of a kubelet that is long up. */
  constructor(options: PodSourceOptions) {
    this.#o = options
    this.#heardUntil = options.engine.now
    this.#cut = options.engine.now
    this.#alarm = new Alarm(options.engine, options.entity, () => this.#due())
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
    this.#link = "watching"
    this.#wait = RELIST_FIRST
    this.#ready = true
  }

  /** The process begins: it waits for its node, then lists. */
  start(): void {
    this.#alarm.set(later(this.#o.engine.now, NODE_SYNC_POLL))
  }

  /** The watch is late from now on; one that begins anew is not. */
  makeStale(stale: Staleness): void {
    this.#stale = stale
  }

  /** The API server can no longer be reached. */
  cut(): void {
    const { engine, random } = this.#o
    if (this.#link === "dialing") return this.#dial()
    if (this.#link !== "watching") return
    this.#link = "open"
    this.#cut = engine.now
    // Of the lease and the node's status the first one that fails.
    const heartbeat = Math.min(random.int(HEARTBEAT), random.int(HEARTBEAT))
    this.#alarm.set(later(engine.now, heartbeat + CLOSED_AFTER))
  }

  /** It can be reached again: what waits for an answer gets one, what waits before it asks goes on waiting. */
  connected(): void {
    const { engine, random } = this.#o
    if (this.#link === "dialing") this.#alarm.set(later(engine.now, random.int(SYN_INTERVAL)))
    if (this.#link !== "open") return
    let again = RETRANSMIT_FIRST
    while (later(this.#cut, again) < engine.now) again = 2 * again + RETRANSMIT_FIRST
    // Sooner or later the connection is closed, and a new one opened.
    this.#alarm.set(later(this.#cut, Math.min(again, CLOSED_AFTER + HEARTBEAT)))
  }

  /** The API server stored a new version; the kubelet hears of it a little later. */
  hear(change: Change, pod: PodObject): void {
    if (this.#link !== "watching") return
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

  /** What was waited for has come, or is over. */
  #due(): void {
    const { engine, random, reachable } = this.#o
    if (reachable()) return this.#list()
    if (this.#link === "waiting") return this.#dial()
    this.#link = "waiting"
    this.#alarm.set(later(engine.now, Math.round(this.#wait * (1 + random.next()))))
    this.#wait = Math.min(2 * this.#wait, RELIST_MAX)
  }

  #dial(): void {
    this.#link = "dialing"
    this.#alarm.set(later(this.#o.engine.now, DIAL_TIMEOUT))
  }

  /** REMOVE, ADD, UPDATE, in this order. */
  #list(): void {
    this.#stale = undefined
    if (!Number.isFinite(this.#heardUntil)) this.#heardUntil = this.#o.engine.now
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
}
