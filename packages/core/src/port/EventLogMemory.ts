/** The event log in memory: for simulations that are not kept, and as the measure of every other implementation. */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import { Effect, Layer, Stream } from "effect"
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { encode } from "../event/encode.ts"
import { identities, retelling } from "../event/identity.ts"
import { sightingOf } from "../state/Inventory.ts"
import { type Appended, EventLog, type Head, IdConflict, type Recorded } from "./EventLog.ts"
import { type Expectation, firstWrong, VersionCounts, type WrongVersion } from "./ExpectedVersion.ts"
import { followed } from "./followed.ts"
import { stateOf } from "./stateOf.ts"

/** `seq` is that of the event itself, or of the one that was told before. */
interface Place {
  readonly id: string
  readonly seq: number
  readonly was: "new" | "told" | "contradiction"
}

class MemoryLog {
  readonly #log: Array<Recorded> = []
  readonly #seqs = new Map<string, number>()
  readonly #waiting = new Set<() => void>()
  /** Made when somebody expects something, and caught up with then. */
  readonly #versions = new VersionCounts()
  #counted = 0
  /** The chain as far as somebody asked for it. */
  #chain = "0".repeat(64)
  #chained = 0

  append(
    events: ReadonlyArray<ClusterEvent>,
    expecting: ReadonlyArray<Expectation>
  ): Appended | IdConflict | WrongVersion {
    const wrong = expecting.length === 0 ? undefined : firstWrong(expecting, this.#counts())
    if (wrong !== undefined && !this.#isRepeat(events)) return wrong
    const began = this.#log.length
    const seqs: Array<number> = []
    const ids: Array<string> = []
    for (const [index, event] of events.entries()) {
      const { id, seq, was } = this.#place(event)
      if (was === "contradiction") {
        this.#log.length = began
        for (const appended of ids) this.#seqs.delete(appended)
        return new IdConflict({ index, seq, id })
      }
      seqs.push(seq)
      if (was === "told") continue
      this.#log.push({ seq, event })
      this.#seqs.set(id, seq)
      ids.push(id)
    }
    for (const waiting of this.#waiting) waiting()
    return { seqs, repeated: seqs.length - ids.length }
  }

  #counts(): VersionCounts {
    for (; this.#counted < this.#log.length; this.#counted++) {
      const { event, seq } = this.#log[this.#counted] as Recorded
      this.#versions.see(sightingOf(seq, event))
    }
    return this.#versions
  }

  /** Is there nothing that the log has not? */
  #isRepeat(events: ReadonlyArray<ClusterEvent>): boolean {
    return events.length > 0 && events.every((event) => this.#place(event).was === "told")
  }

  /** Under which identity the log has it or is to have it. */
  #place(event: ClusterEvent): Place {
    let place: Place = { id: "", seq: this.#log.length + 1, was: "new" }
    for (const id of identities(event, encode)) {
      const seq = this.#seqs.get(id)
      if (seq === undefined) return { id, seq: this.#log.length + 1, was: "new" }
      const was = retelling((this.#log[seq - 1] as Recorded).event, event)
      if (was !== "otherwise") return { id, seq, was }
      place = { id, seq, was: "contradiction" }
    }
    return place
  }

  /** Answers as soon as there is an event of that number. */
  reaches(seq: number): Effect.Effect<void> {
    return Effect.callback((resume) => {
      const look = (): void => {
        if (this.#log.length < seq) return
        this.#waiting.delete(look)
        resume(Effect.void)
      }
      this.#waiting.add(look)
      look()
      return Effect.sync(() => this.#waiting.delete(look))
    })
  }

  /** A part of the log; `from` counts from 1. */
  slice(from: number, to: number): ReadonlyArray<Recorded> {
    return this.#log.slice(Math.max(0, from - 1), to)
  }

  get length(): number {
    return this.#log.length
  }

  head(): Head {
    for (; this.#chained < this.#log.length; this.#chained++) {
      const text = encode((this.#log[this.#chained] as Recorded).event)
      this.#chain = bytesToHex(sha256(utf8ToBytes(this.#chain + text)))
    }
    return { seq: this.#chained, hash: this.#chain }
  }
}

/** An empty log. Events are kept as they are given: who appends them may not change them afterwards. */
export const layer: Layer.Layer<EventLog> = Layer.sync(EventLog, () => {
  const log = new MemoryLog()
  const read = (from = 1) => Stream.suspend(() => Stream.fromArray(log.slice(Math.max(1, from), log.length)))
  return EventLog.of({
    append: (events, expecting = []) =>
      Effect.suspend((): Effect.Effect<Appended, IdConflict | WrongVersion> => {
        const done = log.append(events, expecting)
        return "seqs" in done ? Effect.succeed(done) : Effect.fail(done)
      }),
    read,
    follow: (from = 1) => followed(read, (next) => log.reaches(next), from),
    head: Effect.sync(() => log.head()),
    stateAt: (moment) => Effect.sync(() => stateOf(log.slice(1, log.length), moment)),
    event: (seq) => Effect.sync(() => log.slice(seq, seq)[0]?.event)
  })
})
