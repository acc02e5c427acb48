/** A loop that does its work, waits, and does it again (`k8s.io/apimachinery/pkg/util/wait`, UntilWithContext), carried out only where something can come of it. */
import { type Instant, later, type Micros } from "@kubereel/core"
import { type Course, carryOut } from "../client/Course.ts"
import { Alarm } from "../engine/Alarm.ts"
import type { Engine } from "../engine/Engine.ts"

export interface PeriodicPassesOptions {
  readonly engine: Engine
  readonly entity: string
  readonly period: Micros
  /** When the first one is, from now on. */
  readonly phase: Micros
  readonly pass: () => Course
  /** The earliest moment from which on a pass has something to do; `undefined`: none has. */
  readonly due: () => Instant | undefined
}

export class PeriodicPasses {
  readonly #o: PeriodicPassesOptions
  readonly #alarm: Alarm
  /** Of one of its passes; the others are whole periods away. A pass that has nothing to do takes no time worth to be counted but this. */
  #base: Instant
  readonly #period: Micros
  #busy = false

  constructor(options: PeriodicPassesOptions) {
    const { engine, entity, period, phase } = options
    this.#o = options
    this.#base = later(engine.now, phase)
    this.#period = period + 1
    this.#alarm = new Alarm(engine, entity, () => this.#run())
  }

  /** The first pass not before a moment, also of those that nobody carried out. */
  at(moment: Instant): Instant {
    return later(this.#base, Math.ceil((moment - this.#base) / this.#period) * this.#period)
  }

  /** What is due may have changed. */
  plan(): void {
    if (this.#busy) return
    const due = this.#o.due()
    const { now } = this.#o.engine
    this.#alarm.set(due === undefined ? undefined : this.at(Math.max(due, now) as Instant))
  }

  #run(): void {
    const { engine, entity, pass, period } = this.#o
    this.#busy = true
    const began = engine.now
    carryOut(engine, entity, pass(), () => {
      this.#busy = false
      this.#base = later(engine.now, engine.now === began ? this.#period : period)
      this.plan()
    })
  }
}
