/** What the watches have seen and nobody has taken yet, in the order in which it was seen. */
import type { ClusterEvent, Instant } from "@kubereel/core"
import { Effect } from "effect"

/** So many facts may wait; then the watches do. */
const ROOM = 10_000

export class Facts {
  #waiting: Array<ClusterEvent> = []
  #next = 0

  get size(): number {
    return this.#waiting.length - this.#next
  }

  offer(facts: ReadonlyArray<ClusterEvent>): Effect.Effect<void> {
    return Effect.suspend((): Effect.Effect<void> => {
      if (this.size >= ROOM) return Effect.andThen(Effect.sleep("20 millis"), this.offer(facts))
      this.#waiting.push(...facts)
      return Effect.void
    })
  }

  /** The next one if it was seen by then. One that was seen later keeps back those after it, whatever a clock says of them. */
  take(to: Instant): ClusterEvent | undefined {
    const fact = this.#waiting[this.#next]
    if (fact === undefined || (fact.observed ?? to) > to) return undefined
    this.#next++
    if (this.#next === 1_000) {
      this.#waiting = this.#waiting.slice(this.#next)
      this.#next = 0
    }
    return fact
  }
}
