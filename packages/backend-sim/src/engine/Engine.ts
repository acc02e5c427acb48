/**
 * Virtual time: a clock that moves only from one due thing to the next.
 *
 * Things due in the same microsecond run in the order of their entities, and those of one entity in the order in which they
 * were scheduled. An entity is whatever has a course of its own (`"scheduler"`, `"kubelet/worker-1"`, `"pod/<uid>"`); its name
 * alone ranks it, so that one entity more or less never reorders the others. Numbers rank before names, names by code unit.
 */
import type { Instant, Micros } from "@kubereel/core"
import { CalendarQueue, type Entity, type Handle } from "./CalendarQueue.ts"
import { entityBefore } from "./Entries.ts"

export type { Entity, Handle } from "./CalendarQueue.ts"

interface Time {
  readonly queue: CalendarQueue<() => void>
  clock: Instant
  /** What ran last in the order of entities at this moment; `undefined`: everything that was due has run. */
  furthest: Entity | undefined
}

export class Engine {
  private readonly time: Time
  /** A process that ends takes with it what it had planned. */
  private readonly mortal: boolean
  private ended = false

  /** By how much its clock is ahead of the others'. */
  private readonly skew: Micros

  /** `time`: of the engine whose process this is; its own if absent. */
  constructor(start: Instant, time?: Time, skew: Micros = 0) {
    this.time = time ?? { queue: new CalendarQueue(start), clock: start, furthest: undefined }
    this.mortal = time !== undefined
    this.skew = skew
  }

  /** By its own clock. */
  get now(): Instant {
    return (this.time.clock + this.skew) as Instant
  }

  /** What the others' clocks show when its own shows `at`. */
  trueTime(at: Instant): Instant {
    return (at - this.skew) as Instant
  }

  /** Would something of `entity` that was due at this very moment have run by now? (Somebody asks who did not put it into the queue.) */
  passed(entity: Entity): boolean {
    return this.time.furthest === undefined || entityBefore(entity, this.time.furthest)
  }

  /** How many things wait. */
  get pending(): number {
    return this.time.queue.size
  }

  /** Nothing runs before that moment of the others' clocks, unless it is put in: whoever drives the engine may sleep. `undefined`: for ever. */
  get soonest(): Instant | undefined {
    return this.time.queue.soonest as Instant | undefined
  }

  /** The same time for a process that may end: nothing that it scheduled runs after its `end`. */
  fork(): Engine {
    return new Engine(this.time.clock, this.time, this.skew)
  }

  /** The same time on a machine whose clock is wrong. */
  skewed(by: Micros): Engine {
    return by === 0 ? this : new Engine(this.time.clock, this.time, this.skew + by)
  }

  /** The process ends. */
  end(): void {
    this.ended = true
  }

  /** Runs `run` at `at`. Throws if that is in the past: whoever computed it is wrong. */
  schedule(entity: Entity, at: Instant, run: () => void): Handle {
    const { clock, queue } = this.time
    const due = at - this.skew
    if (due < clock) throw new RangeError(`${entity}: ${at} is ${clock - due} µs in the past`)
    return queue.push(due, entity, this.mortal ? () => this.ended || run() : run)
  }

  /** The same, `by` microseconds from now. */
  after(entity: Entity, by: Micros, run: () => void): Handle {
    return this.schedule(entity, (this.now + by) as Instant, run)
  }

  /** `false` if it ran or was cancelled already. */
  cancel(handle: Handle): boolean {
    return this.time.queue.cancel(handle)
  }

  /**
   * Runs what is due up to and including `to`, then sets the clock to it. `false` if it stopped after `budget` things
   * before that: call again to go on (a caller that must look up now and then gives a budget).
   */
  runUntil(to: Instant, budget = Number.POSITIVE_INFINITY): boolean {
    const { time } = this
    for (let ran = 0; ran < budget; ran++) {
      const run = time.queue.pop(to)
      if (run === undefined) {
        if (to > time.clock) time.clock = to
        time.furthest = undefined
        return true
      }
      this.arrive(time.queue.time as Instant, time.queue.entity)
      run()
    }
    return false
  }

  private arrive(at: Instant, entity: Entity): void {
    const { time } = this
    if (at > time.clock || (time.furthest !== undefined && entityBefore(time.furthest, entity))) time.furthest = entity
    time.clock = at
  }
}
