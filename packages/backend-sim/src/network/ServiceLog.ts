/**
 * What happened to Services and EndpointSlices, for all who watch them. Nobody is woken by it: who wants to know what he would know
 * by now reads on from where he was. What everybody has heard long ago is kept as one table.
 */
import { type Instant, type KubernetesObject, type Micros, SECOND } from "@kubereel/core"
import type { Change, Store } from "../apiserver/Store.ts"
import type { Engine } from "../engine/Engine.ts"
import { ServiceTable } from "./ServiceTable.ts"

export interface LoggedChange {
  /** From 0, without gaps. */
  readonly number: number
  readonly at: Instant
  readonly change: Change
  readonly object: KubernetesObject
}

/** What is older is in the table: a node that listens has long heard and programmed it. */
const KEPT: Micros = 10 * SECOND

export class ServiceLog {
  readonly #engine: Engine
  /** What was there before the first change that is kept. */
  readonly #base = new ServiceTable()
  #kept: Array<LoggedChange> = []
  #count = 0
  /** Called before changes are forgotten. */
  readonly #readers = new Set<(now: Instant) => void>()

  constructor(engine: Engine, store: Store) {
    this.#engine = engine
    store.watch((change, object) => {
      if (object.kind === "Service" || object.kind === "EndpointSlice") this.#add(change, object)
    })
  }

  /** How many changes there were. */
  get count(): number {
    return this.#count
  }

  /** What was there so many changes ago at the earliest: the table, and the number of the first change after it. */
  oldest(): { readonly table: ServiceTable; readonly next: number } {
    return { table: this.#base.copy(), next: this.#count - this.#kept.length }
  }

  /** What is there now. */
  newest(): ServiceTable {
    const table = this.#base.copy()
    for (const { change, object } of this.#kept) table.apply(change, object)
    return table
  }

  /** The changes from that number on. */
  since(number: number): ReadonlyArray<LoggedChange> {
    const first = this.#count - this.#kept.length
    return this.#kept.slice(Math.max(0, number - first))
  }

  /** `read` takes what it has not taken yet. */
  beforeForgetting(read: (now: Instant) => void): void {
    this.#readers.add(read)
  }

  #add(change: Change, object: KubernetesObject): void {
    const { now } = this.#engine
    const [oldest] = this.#kept
    // All at once, and seldom: half of what is kept at least is as old as that.
    const middle = this.#kept[this.#kept.length >> 1]
    if (oldest !== undefined && middle !== undefined && now - middle.at > KEPT) this.#forget(now)
    this.#kept.push({ number: this.#count++, at: now, change, object })
  }

  #forget(now: Instant): void {
    for (const read of this.#readers) read(now)
    const kept = this.#kept.findIndex(({ at }) => now - at <= KEPT)
    const old = kept < 0 ? this.#kept : this.#kept.slice(0, kept)
    for (const { change, object } of old) this.#base.apply(change, object)
    this.#kept = kept < 0 ? [] : this.#kept.slice(kept)
  }
}
