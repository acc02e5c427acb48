/**
 * When pods are due for another look (`pkg/kubelet/util/queue/work_queue.go`): one entry a pod, popped by the sync loop's
 * one-second ticker when it is past due (K-020).
 */
import { type Instant, later, SECOND } from "@kubereel/core"
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

  /** Would an entry of the pod that was due then have been popped by now? */
  passed(uid: string, at: Instant): boolean {
    return at < this.#engine.now || (at === this.#engine.now && this.#engine.passed(this.#entityOf(uid)))
  }

  /** `at`: one of the ticks. A later entry of the same pod replaces the earlier one. */
  enqueue(uid: string, at: Instant, run: () => void): void {
    this.remove(uid)
    const pop = () => {
      this.#entries.delete(uid)
      run()
    }
    this.#entries.set(uid, this.#engine.schedule(this.#entityOf(uid), at, pop))
  }

  remove(uid: string): void {
    const handle = this.#entries.get(uid)
    if (handle === undefined) return
    this.#engine.cancel(handle)
    this.#entries.delete(uid)
  }

  /** The entries that a tick pops come in no order of time (they are in a map): each pod's is its own. */
  #entityOf(uid: string): string {
    return `${this.#entity}/${uid}`
  }
}
