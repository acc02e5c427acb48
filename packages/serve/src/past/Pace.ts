/** The clock by which what was recorded is told again: it stands, or runs from a moment on at a speed. */
import { type Instant, later } from "@kubereel/core"

/** Microseconds of a clock that never goes back. */
export type Wall = () => number

export class Pace {
  readonly #wall: Wall
  /** Where it stood when it was set for the last time, and what the wall's clock showed then. */
  #from: Instant
  #since: number
  #speed: number
  readonly #waiting = new Set<() => void>()

  /** Runs from `from` on. `speed`: 1 as recorded, 0 stands, infinite: everything is due at once. */
  constructor(from: Instant, speed: number, wall: Wall) {
    this.#wall = wall
    this.#from = from
    this.#since = wall()
    this.#speed = speed
  }

  get speed(): number {
    return this.#speed
  }

  get now(): Instant {
    if (this.#speed === Number.POSITIVE_INFINITY || this.#speed === 0) return this.#from
    return later(this.#from, Math.floor((this.#wall() - this.#since) * this.#speed))
  }

  /** Puts it somewhere else, or lets it run otherwise. */
  set(at: { readonly now?: Instant; readonly speed?: number }): void {
    const { now = this.now, speed = this.#speed } = at
    this.#from = now
    this.#since = this.#wall()
    this.#speed = speed
    for (const look of this.#waiting) look()
  }

  /** When that moment is reached; `cancel` ends the waiting without an answer. */
  reached(at: Instant, then: () => void): () => void {
    let timer: NodeJS.Timeout | undefined
    const cancel = () => {
      clearTimeout(timer)
      this.#waiting.delete(look)
    }
    const look = () => {
      clearTimeout(timer)
      const left = this.#speed === Number.POSITIVE_INFINITY ? 0 : (at - this.now) / this.#speed
      if (left > 0) {
        // A timer holds 2^31 ms at the most; where the clock stands, only `set` lets it go on.
        if (Number.isFinite(left)) timer = setTimeout(look, Math.min(Math.ceil(left / 1_000), 2 ** 31 - 1))
        return
      }
      cancel()
      then()
    }
    this.#waiting.add(look)
    look()
    return cancel
  }
}
