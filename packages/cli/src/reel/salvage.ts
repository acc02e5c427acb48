/** Everything of a damaged reel that can be read, with a `Gap` in the place of what cannot. */
import type { ClusterEvent, Gap, Instant, JsonObject } from "@kubereel/core"
import { Bases } from "./Bases.ts"
import { type Container, type Opened, open } from "./Container.ts"
import { type HorizonRow, horizonEvent } from "./Horizon.ts"
import type { Written } from "./Line.ts"
import { eventOf, ReelReader } from "./ReelReader.ts"
import type { Remains } from "./raw/Remains.ts"

/** A run of events that cannot be read. */
export interface Loss {
  readonly from: number
  readonly to: number
  readonly why: string
}

const words = (file: string, { from, to, why }: Loss): string =>
  `${from === to ? `event ${from} of ${file} is` : `events ${from} to ${to} of ${file} are`} lost: ${why}`

const whyOf = (cause: unknown): string =>
  cause instanceof Error && "seq" in cause
    ? `what was written rests on event ${String(cause.seq)}, which is damaged`
    : "the text cannot be read"

class Salvage {
  readonly #file: string
  readonly #remains: Remains
  readonly #reader: ReelReader
  readonly #bases = new Bases<JsonObject>()
  readonly #onLoss: (loss: Loss) => void
  #loss: Loss | undefined
  #observed: Instant | undefined

  constructor(file: string, remains: Remains, onLoss: (loss: Loss) => void) {
    this.#file = file
    this.#remains = remains
    this.#onLoss = onLoss
    this.#reader = new ReelReader(
      (seq) => remains.holding(seq),
      (seq) => remains.kept.get(seq)
    )
  }

  *run(): Generator<ClusterEvent> {
    const { end, horizon, lacksWal } = this.#remains
    if (horizon !== undefined) yield* this.#atHorizon(horizon)
    for (let seq = (horizon?.seq ?? 0) + 1; seq <= end; ) {
      const container = this.#remains.holding(seq)
      const opened = container === undefined ? undefined : this.#open(container)
      if (opened === undefined || opened.first + opened.events.length <= seq) {
        const next = Math.min(this.#remains.next(seq + 1), end + 1)
        this.#lose(seq, next - 1, opened?.damage?.detail ?? "no readable record holds them")
        seq = next
        continue
      }
      yield* this.#events(opened, seq)
      seq = opened.first + opened.events.length
    }
    if (this.#loss !== undefined) yield this.#gap(words(this.#file, this.#loss))
    if (lacksWal) yield this.#gap(`the newest events of ${this.#file} were in ${this.#file}-wal, which is missing`)
  }

  *#atHorizon(horizon: HorizonRow): Generator<ClusterEvent> {
    const { keepsAll, kept } = this.#remains
    yield horizonEvent(horizon)
    for (const event of kept.values()) if (event.isTrue) yield eventOf(event)
    if (!keepsAll)
      yield this.#gap(`some of what was true at the horizon of ${this.#file} is lost or of an earlier moment`)
  }

  #open(container: Container): Opened {
    return open(container, container.first)
  }

  *#events({ events, first }: Opened, from: number): Generator<ClusterEvent> {
    for (let seq = from; seq < first + events.length; seq++) {
      try {
        const event = eventOf(this.#reader.decode(seq, events[seq - first] as Written, this.#bases))
        if (this.#loss !== undefined) yield this.#gap(words(this.#file, this.#loss))
        if (event.observed !== undefined) this.#observed = event.observed
        yield event
      } catch (cause) {
        this.#lose(seq, seq, whyOf(cause))
      }
    }
  }

  #lose(from: number, to: number, why: string): void {
    this.#loss = this.#loss === undefined ? { from, to, why } : { ...this.#loss, to }
  }

  #gap(detail: string): Gap {
    if (this.#loss !== undefined) this.#onLoss(this.#loss)
    this.#loss = undefined
    return {
      _tag: "Gap",
      ...(this.#observed === undefined ? {} : { observed: this.#observed }),
      cause: "unreadable",
      detail
    }
  }
}

/** In order. Each loss is told when its gap is. */
export const salvaged = (file: string, remains: Remains, onLoss: (loss: Loss) => void): Iterable<ClusterEvent> =>
  new Salvage(file, remains, onLoss).run()
