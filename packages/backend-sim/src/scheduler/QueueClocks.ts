/** What makes the scheduling queue move though nothing is heard: each clock is set only while there is somebody to wait for it. */
import { type Instant, later, type Micros } from "@kubereel/core"
import { Alarm } from "../engine/Alarm.ts"
import type { Engine } from "../engine/Engine.ts"
import { type RandomStream, stream } from "../engine/Random.ts"
import { NEIGHBOUR } from "./neighbour.ts"
import { MAX_IN_POOL, POOL_SWEEP, type SchedulingQueue } from "./SchedulingQueue.ts"

export interface QueueClocksOptions {
  readonly engine: Engine
  readonly seed: number
  readonly queue: SchedulingQueue
  /** One draw of how long it is until a pod that is not simulated goes away; absent: there are none. */
  readonly elsewhere: ((random: RandomStream) => Micros) | undefined
  /** Something may have become ready. */
  readonly moved: () => void
}

export class QueueClocks {
  readonly #o: QueueClocksOptions
  readonly #start: Instant
  readonly #random: RandomStream
  readonly #flush: Alarm
  readonly #sweep: Alarm
  #awaitsNeighbour = false

  constructor(options: QueueClocksOptions) {
    const { engine, queue, seed } = options
    this.#o = options
    this.#start = engine.now
    this.#random = stream(seed, "scheduler/elsewhere")
    this.#flush = this.#alarm((now) => queue.flushErrors(now))
    this.#sweep = this.#alarm((now) => queue.sweepPool(now))
  }

  set(): void {
    this.#flush.set(this.#o.queue.nextFlush)
    this.#sweep.set(this.#nextSweep())
    this.#awaitNeighbour()
  }

  #alarm(due: (now: Instant) => void): Alarm {
    const { engine, moved } = this.#o
    return new Alarm(engine, "scheduler", () => {
      due(engine.now)
      moved()
    })
  }

  /** The pool is looked through every 30 seconds since the start, for pods that have been there for more than 5 minutes. */
  #nextSweep(): Instant | undefined {
    const oldest = this.#o.queue.oldestInPool
    if (oldest === undefined) return undefined
    const sweeps = Math.floor((oldest + MAX_IN_POOL - this.#start) / POOL_SWEEP) + 1
    return later(this.#start, sweeps * POOL_SWEEP)
  }

  #awaitNeighbour(): void {
    const { elsewhere, engine, moved, queue } = this.#o
    if (elsewhere === undefined || this.#awaitsNeighbour || !queue.awaitsDeletion) return
    this.#awaitsNeighbour = true
    engine.after("scheduler", Math.max(1, elsewhere(this.#random)), () => {
      this.#awaitsNeighbour = false
      queue.move({ _tag: "AssignedPodDeleted", pod: NEIGHBOUR }, engine.now)
      moved()
    })
  }
}
