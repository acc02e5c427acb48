/**
 * Services as one watcher acts upon them: he hears of a change a little later, and what he makes of it is in force when he has worked
 * through it (`pkg/proxy/runner/bounded_frequency_runner.go`). Computed when somebody asks: idle time costs nothing.
 */
import { type Instant, later, type Micros } from "@kubereel/core"
import type { LoggedChange, ServiceLog } from "./ServiceLog.ts"
import type { ServiceTable } from "./ServiceTable.ts"

export interface ServiceViewOptions {
  readonly log: ServiceLog
  /** From the write of that change until the watcher hears of it. */
  readonly delay: (change: number) => Micros
  /** How long working through it takes; all that is heard before it begins is worked through at once. */
  readonly takes: (change: number) => Micros
  /** Between the end of one such run and the beginning of the next. */
  readonly interval: Micros
}

interface Pending extends Pick<LoggedChange, "change" | "object"> {
  readonly heard: Instant
  readonly inForce: Instant
}

const never = Number.NEGATIVE_INFINITY as Instant

export class ServiceView {
  readonly #o: ServiceViewOptions
  #table: ServiceTable
  /** The number of the first change that was not looked at. */
  #next: number
  #heard: Instant = never
  /** The last run that is known of. */
  #run = { begins: never, ends: never }
  #pending: Array<Pending> = []
  /** It hears nothing: since it was cut off. */
  #deaf = false
  /** What it will know once it has listed everything anew. */
  #relist: { readonly table: ServiceTable; readonly inForce: Instant } | undefined

  constructor(options: ServiceViewOptions) {
    this.#o = options
    const { next, table } = options.log.oldest()
    this.#table = table
    this.#next = next
    options.log.beforeForgetting((now) => this.at(now))
  }

  /** What is in force at that moment, which is not before any that was asked for. */
  at(now: Instant): ServiceTable {
    this.#listen()
    if (this.#relist !== undefined && this.#relist.inForce <= now) {
      this.#table = this.#relist.table
      this.#relist = undefined
    }
    if (this.#relist !== undefined) return this.#table
    const first = this.#pending.findIndex(({ inForce }) => inForce > now)
    const due = first < 0 ? this.#pending : this.#pending.slice(0, first)
    this.#pending = first < 0 ? [] : this.#pending.slice(first)
    for (const { change, object } of due) this.#table.apply(change, object)
    return this.#table
  }

  /** It hears nothing any more; what it has heard it still works through. */
  cut(now: Instant): void {
    this.at(now)
    this.#pending = this.#pending.filter(({ heard }) => heard <= now)
    this.#deaf = true
  }

  /** It hears again, and lists what is there. `empty`: it begins with nothing, as on a machine that has booted. */
  resume(now: Instant, after: Micros, empty: ServiceTable | undefined): void {
    this.at(now)
    if (empty !== undefined) this.#table = empty
    this.#deaf = false
    this.#next = this.#o.log.count
    this.#pending = []
    this.#heard = later(now, after)
    this.#run = { begins: this.#heard, ends: later(this.#heard, this.#o.takes(this.#next)) }
    this.#relist = { table: this.#o.log.newest(), inForce: this.#run.ends }
  }

  #listen(): void {
    for (const { at, change, number, object } of this.#o.log.since(this.#next)) {
      this.#next = number + 1
      if (this.#deaf) continue
      this.#heard = Math.max(this.#heard, later(at, this.#o.delay(number))) as Instant
      if (this.#heard > this.#run.begins) {
        const begins = Math.max(this.#heard, later(this.#run.ends, this.#o.interval)) as Instant
        this.#run = { begins, ends: later(begins, this.#o.takes(number)) }
      }
      this.#pending.push({ change, object, heard: this.#heard, inForce: this.#run.ends })
    }
  }
}
