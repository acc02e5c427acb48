/**
 * Virtual time: a clock that moves only from one due thing to the next.
 *
 * Things due in the same microsecond run in the order of their entities, and those of one entity in the order in which they
 * were scheduled. An entity is whatever has a course of its own (`"scheduler"`, `"kubelet/worker-1"`, `"pod/<uid>"`); its name
 * alone ranks it, so that one entity more or less never reorders the others. Numbers rank before names, names by code unit.
 */
import type { Instant, Micros } from "@kubereel/core"
import { CalendarQueue, type Entity, type Handle } from "./CalendarQueue.ts"

export type { Entity, Handle } from "./CalendarQueue.ts"

export class Engine {
  private readonly queue: CalendarQueue<() => void>
  private clock: Instant

  constructor(start: Instant) {
    this.queue = new CalendarQueue(start)
    this.clock = start
  }

  get now(): Instant {
    return this.clock
  }

  /** How many things wait. */
  get pending(): number {
    return this.queue.size
  }

  /** Runs `run` at `at`. Throws if that is in the past: whoever computed it is wrong. */
  schedule(entity: Entity, at: Instant, run: () => void): Handle {
    if (at < this.clock) throw new RangeError(`${entity}: ${at} is ${this.clock - at} µs in the past`)
    return this.queue.push(at, entity, run)
  }

  /** The same, `by` microseconds from now. */
  after(entity: Entity, by: Micros, run: () => void): Handle {
    return this.schedule(entity, (this.clock + by) as Instant, run)
  }

  /** `false` if it ran or was cancelled already. */
  cancel(handle: Handle): boolean {
    return this.queue.cancel(handle)
  }

  /**
   * Runs what is due up to and including `to`, then sets the clock to it. `false` if it stopped after `budget` things
   * before that: call again to go on (a caller that must look up now and then gives a budget).
   */
  runUntil(to: Instant, budget = Number.POSITIVE_INFINITY): boolean {
    for (let ran = 0; ran < budget; ran++) {
      const run = this.queue.pop(to)
      if (run === undefined) {
        if (to > this.clock) this.clock = to
        return true
      }
      this.clock = this.queue.time as Instant
      run()
    }
    return false
  }
}
