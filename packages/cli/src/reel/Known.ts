/** Which events a reel has: told by their identities, found by their numbers. */
import { type ClusterEvent, encode, identities, retelling } from "@kubereel/core"
import { sha256 } from "./Container.ts"
import { IdIndex } from "./IdIndex.ts"
import { eventOf, type ReelReader } from "./ReelReader.ts"

interface Numbered {
  readonly seq: number
  readonly event: ClusterEvent
}

/** Events of the batch that is being appended, by the identities that they take. */
export type Batch = Map<string, Numbered>

/** Where an event was told before, or (without `earlier`) the free identity under which it will be. */
interface Place {
  readonly id: string
  readonly earlier?: Numbered
  /** Of an earlier one: it told the same. */
  readonly isTold?: boolean
}

const idsOf = (event: ClusterEvent): ReadonlyArray<string> =>
  identities(event, (whole) => `sha256:${sha256(encode(whole))}`)

const noBatch: Batch = new Map()

export class Known {
  readonly #ids: IdIndex
  readonly #reader: ReelReader

  /** `file`: where identities may be kept that memory has no room for. */
  constructor(reader: ReelReader, file: string) {
    this.#ids = new IdIndex(file)
    this.#reader = reader
  }

  add(id: string, seq: number): void {
    this.#ids.add(id, seq)
  }

  /** An event of the log, in the order of the log: its identity is the first that no earlier one has. */
  know(event: ClusterEvent, seq: number): void {
    const ids = idsOf(event)
    const own = ids.length === 1 ? undefined : ids.find((id) => this.#find(id) === undefined)
    this.#ids.add(own ?? (ids[0] as string), seq)
  }

  place(event: ClusterEvent, batch: Batch): Place {
    let place: Place = { id: "" }
    for (const id of idsOf(event)) {
      const earlier = batch.get(id) ?? this.#find(id)
      if (earlier === undefined) return { id }
      const was = retelling(earlier.event, event)
      place = { id, earlier, isTold: was === "told" }
      if (was !== "otherwise") return place
    }
    return place
  }

  /** Is there something, and nothing that the log has not? */
  hasAll(events: ReadonlyArray<ClusterEvent>): boolean {
    return events.length > 0 && events.every((event) => this.place(event, noBatch).isTold === true)
  }

  forget(isGone: (seq: number) => boolean): void {
    this.#ids.forget(isGone)
  }

  close(): void {
    this.#ids.close()
  }

  #find(id: string): Numbered | undefined {
    for (const seq of this.#ids.candidates(id)) {
      const event = eventOf(this.#reader.at(seq))
      if (idsOf(event).includes(id)) return { seq, event }
    }
    return undefined
  }
}
