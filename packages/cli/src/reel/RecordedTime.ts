/**
 * How long a log has been recording, by the moments in it and in their order. A recorder hears something every minute, so a longer
 * silence, or a clock that leaps, counts as five minutes at most (and as a tenth of the age that matters), and a clock that
 * goes back counts as nothing: no clock can make history old at once.
 */
import type { Instant, Micros } from "@kubereel/core"

const SILENCE_MAX = 300_000_000
/** So many events apart it is noted how much time had gone by. */
const MARK_EVENTS = 256

interface Mark {
  readonly seq: number
  readonly time: number
}

export class RecordedTime {
  readonly #age: Micros
  readonly #silence: number
  #time = 0
  #last: Instant | undefined
  #marks: Array<Mark> = []
  #noted = 0

  /** `age`: beyond that events are old. */
  constructor(age: Micros) {
    this.#age = age
    this.#silence = Math.min(SILENCE_MAX, age / 10)
  }

  see(seq: number, observed: Instant | undefined): void {
    if (observed !== undefined) {
      const passed = observed - (this.#last ?? observed)
      this.#time += Math.min(Math.max(passed, 0), this.#silence)
      this.#last = observed
    }
    // After a batch that was refused its numbers come again.
    while (this.#noted >= seq) {
      this.#marks.pop()
      this.#noted = this.#marks.at(-1)?.seq ?? 0
    }
    if (seq - this.#noted < MARK_EVENTS) return
    this.#marks.push({ seq, time: this.#time })
    this.#noted = seq
  }

  /** The newest event that is known to be old; 0: none is. */
  old(): number {
    let found = 0
    for (const { seq, time } of this.#marks) {
      if (time >= this.#time - this.#age) break
      found = seq
    }
    return found
  }

  forget(to: number): void {
    this.#marks = this.#marks.filter(({ seq }) => seq > to)
  }
}
