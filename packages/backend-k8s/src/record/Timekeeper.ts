/** The recorder's clock, watched beside one that only runs forward: what it does wrong is told, and nothing hangs on it. */
import { formatDuration, type Instant, type Warned } from "@kubereel/core"

/** Milliseconds. What a clock is corrected by in small steps is less. */
const JUMP = 1_000

/** One look at both clocks, in milliseconds. */
export interface Reading {
  readonly wall: number
  readonly monotonic: number
}

const words = (millis: number): string => formatDuration(Math.round(Math.abs(millis)) * 1_000)

export class Timekeeper {
  /** When the clock was last seen to have moved. */
  #before: Reading
  #isStanding = false
  #millis = Number.NaN
  #count = 0

  constructor(start: Reading) {
    this.#before = start
  }

  /** Each moment is another one, also while the clock stands: equal facts at one moment would be one fact to the log. */
  instant({ wall }: Reading): Instant {
    this.#count = wall === this.#millis ? this.#count + 1 : 0
    this.#millis = wall
    return (wall * 1_000 + this.#count) as Instant
  }

  /** What the clock has done since the last look that time does not do. */
  look(reading: Reading): ReadonlyArray<Warned> {
    const said = this.#judge(reading.wall - this.#before.wall, reading.monotonic - this.#before.monotonic)
    if (reading.wall !== this.#before.wall) this.#before = reading
    return said === undefined
      ? []
      : [{ _tag: "Warned", observed: this.instant(reading), message: `the recorder's clock ${said}` }]
  }

  #judge(moved: number, passed: number): string | undefined {
    const ahead = moved - passed
    if (moved === 0) {
      if (this.#isStanding || passed < JUMP) return undefined
      this.#isStanding = true
      return "stands still"
    }
    if (this.#isStanding) {
      this.#isStanding = false
      const set = Math.abs(ahead) < JUMP ? "right again" : `${words(ahead)} ${ahead < 0 ? "behind" : "ahead"}`
      return `goes on after it stood still for ${words(passed)}, and is ${set}`
    }
    if (moved < 0 || ahead <= -JUMP) return `went back by ${words(ahead)}`
    return ahead >= JUMP ? `leapt ahead by ${words(ahead)}, or its machine slept` : undefined
  }
}
