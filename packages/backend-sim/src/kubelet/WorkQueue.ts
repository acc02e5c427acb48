/**
 * When pods are due for another look (`pkg/kubelet/util/queue/work_queue.go`): one entry a pod, popped by the sync loop's
 * one-second ticker when it is past due (K-020).
 */
import { type Instant, later, type Micros, SECOND } from "@kubereel/core"
import type { Engine, Handle } from "../engine/Engine.ts"

export class WorkQueue {
  readonly #engine: Engine
  readonly #entity: string
  readonly #phase: Instant
  readonly #entries = new Map<string, Handle>()

  /** `phase`: when the sync loop's ticker ticked first, within the second before now. */
  constructor(engine: Engine, entity: string, phase: Instant) {
    this.#engine = engine
    this.#entity = entity
    this.#phase = phase
  }

  /** The first tick strictly after a moment. */
  tickAfter(at: Instant): Instant {
    return later(this.#phase, (Math.floor((at - this.#phase) / SECOND) + 1) * SECOND)
  }

  /** A later entry of the same pod replaces the earlier one. */
  enqueue(uid: string, delay: Micros, run: () => void): void {
    this.remove(uid)
    const at = this.tickAfter(later(this.#engine.now, delay))
    const pop = () => {
      this.#entries.delete(uid)
      run()
    }
    this.#entries.set(uid, this.#engine.schedule(this.#entity, at, pop))
  }

  remove(uid: string): void {
    const handle = this.#entries.get(uid)
    if (handle === undefined) return
    this.#engine.cancel(handle)
    this.#entries.delete(uid)
  }
}
