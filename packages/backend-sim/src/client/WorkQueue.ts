/**
 * The queue that every controller has (`client-go/util/workqueue`): a key is worked on by one worker at a time, however often it
 * is added meanwhile; what failed comes back later, and later again (C-260).
 */
import { type Instant, later, MILLISECOND, type Micros, SECOND } from "@kubereel/core"
import type { Engine, Handle } from "../engine/Engine.ts"
import { type Course, carryOut } from "./Course.ts"
import { RateLimiter } from "./RateLimiter.ts"

/** `default_rate_limiters.go`, DefaultTypedControllerRateLimiter: per key, and all keys together. */
const FIRST_DELAY = 5 * MILLISECOND
const MAX_DELAY = 1_000 * SECOND
const QPS = 10
const BURST = 100

/** What becomes of a key when its sync has ended: nothing, once more after a delay that doubles, or after a given time. */
export type Synced = undefined | "retry" | { readonly after: Micros }

export interface WorkQueueOptions {
  readonly engine: Engine
  /** `controller/replicaset`. */
  readonly entity: string
  readonly workers: number
  readonly sync: (key: string) => Course<Synced>
  /** The delay after the first failure, and the most; client-go's own if absent. */
  readonly backOff?: { readonly first: Micros; readonly most: Micros }
  /** Keys that failed wait for themselves only, not for all of them together. */
  readonly perKeyOnly?: boolean
}

export class WorkQueue {
  readonly #o: WorkQueueOptions
  readonly #limiter = new RateLimiter(QPS, BURST)
  readonly #queue: Array<string> = []
  /** Keys that have to be worked on, whether they wait in the queue or for their worker to end. */
  readonly #dirty = new Set<string>()
  readonly #processing = new Set<string>()
  readonly #waiting = new Map<string, { readonly at: Instant; readonly handle: Handle }>()
  readonly #failures = new Map<string, number>()

  constructor(options: WorkQueueOptions) {
    this.#o = options
  }

  add(key: string): void {
    if (this.#dirty.has(key)) return
    this.#dirty.add(key)
    if (this.#processing.has(key)) return
    this.#queue.push(key)
    this.#wake()
  }

  /** A key that waits already comes at the earlier of the two moments (`delaying_queue.go`). */
  addAfter(key: string, delay: Micros): void {
    if (delay <= 0) return this.add(key)
    const { engine, entity } = this.#o
    const at = later(engine.now, delay)
    const waiting = this.#waiting.get(key)
    if (waiting !== undefined && waiting.at <= at) return
    if (waiting !== undefined) engine.cancel(waiting.handle)
    const handle = engine.schedule(entity, at, () => {
      this.#waiting.delete(key)
      this.add(key)
    })
    this.#waiting.set(key, { at, handle })
  }

  addRateLimited(key: string): void {
    const { first, most } = this.#o.backOff ?? { first: FIRST_DELAY, most: MAX_DELAY }
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    const { engine, perKeyOnly = false } = this.#o
    const ofAll = perKeyOnly ? 0 : this.#limiter.reserve(engine.now) - engine.now
    this.addAfter(key, Math.max(Math.min(first * 2 ** failures, most), ofAll))
  }

  /** How often this key has failed since it last succeeded. */
  numRequeues(key: string): number {
    return this.#failures.get(key) ?? 0
  }

  forget(key: string): void {
    this.#failures.delete(key)
  }

  /** A worker takes its key when everything of this moment that was due before it has happened. */
  #wake(): void {
    const { engine, entity, workers } = this.#o
    if (this.#processing.size < workers) engine.after(entity, 0, () => this.#next())
  }

  #next(): void {
    const { engine, entity, sync, workers } = this.#o
    const key = this.#processing.size < workers ? this.#queue.shift() : undefined
    if (key === undefined) return
    this.#dirty.delete(key)
    this.#processing.add(key)
    carryOut(engine, entity, sync(key), (synced) => this.#done(key, synced))
  }

  #done(key: string, synced: Synced): void {
    if (synced === "retry") this.addRateLimited(key)
    else {
      this.forget(key)
      if (synced !== undefined) this.addAfter(key, synced.after)
    }
    this.#processing.delete(key)
    if (this.#dirty.has(key)) this.#queue.push(key)
    if (this.#queue.length > 0) this.#wake()
  }
}
