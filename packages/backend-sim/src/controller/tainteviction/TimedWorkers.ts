/** Work that waits for its time, one piece a key (`pkg/controller/tainteviction/timed_workers.go`). */
import { type Instant, later, type Micros } from "@kubereel/core"
import type { Engine, Handle } from "../../engine/Engine.ts"

interface Worker {
  readonly createdAt: Instant
  /** Absent once it works. */
  handle: Handle | undefined
  /** It began at once: there was no time in which it could be called off. */
  readonly immediate: boolean
}

export interface TimedWorkersOptions {
  readonly engine: Engine
  readonly entity: string
  /** `done`: to be called when the work is over. */
  readonly work: (key: string, done: () => void) => void
}

export class TimedWorkers {
  readonly #o: TimedWorkersOptions
  readonly #workers = new Map<string, Worker>()

  constructor(options: TimedWorkersOptions) {
    this.#o = options
  }

  /** Since when the work waits; `undefined`: there is none, or it did not have to wait. */
  createdAt(key: string): Instant | undefined {
    const worker = this.#workers.get(key)
    return worker?.immediate === false ? worker.createdAt : undefined
  }

  /** Nothing happens if there is such work already. */
  add(key: string, createdAt: Instant, delay: Micros): void {
    if (this.#workers.has(key)) return
    const { engine, entity, work } = this.#o
    const worker: Worker = { createdAt, handle: undefined, immediate: delay <= 0 }
    this.#workers.set(key, worker)
    const run = (): void => {
      worker.handle = undefined
      work(key, () => {
        if (this.#workers.get(key) === worker) this.#workers.delete(key)
      })
    }
    if (worker.immediate) run()
    else worker.handle = engine.schedule(entity, later(engine.now, delay), run)
  }

  /** `true`: it had a time, and may have been waiting for it. */
  cancel(key: string): boolean {
    const worker = this.#workers.get(key)
    if (worker === undefined) return false
    if (worker.handle !== undefined) this.#o.engine.cancel(worker.handle)
    this.#workers.delete(key)
    return !worker.immediate
  }
}
