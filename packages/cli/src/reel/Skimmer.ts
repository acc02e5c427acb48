/** Walks through stored events and says of each what an inventory looks at. */
import { type Entry, type Inventory, type JsonObject, type Sighting, sightingIn } from "@kubereel/core"
import type { Written } from "./Line.ts"
import type { ReelReader } from "./ReelReader.ts"
import { skim } from "./skim.ts"

/** Entries that may be written against; others are looked up. */
const BASES_MAX = 50_000

export class Skimmer {
  readonly #reader: ReelReader
  readonly #bases = new Map<number, Entry>()

  constructor(reader: ReelReader, known: ReadonlyArray<Entry> = []) {
    this.#reader = reader
    for (const entry of known) this.#bases.set(entry.seq, entry)
  }

  /** In order. Throws `DamagedLog`. */
  *walk(from: number, to: number): Generator<readonly [seq: number, sighting: Sighting]> {
    for (let next = from; next <= to; ) {
      const { events, first } = this.#reader.written(next)
      for (let seq = next; seq < first + events.length && seq <= to; seq++)
        yield [seq, this.#sighting(seq, events[seq - first] as Written)]
      next = first + events.length
    }
  }

  #sighting(seq: number, written: Written): Sighting {
    const sighting = written.back === 0 ? sightingIn(seq, written.value(0) as JsonObject) : this.#changed(seq, written)
    if (sighting.entry !== undefined) this.#remember(sighting.entry)
    return sighting
  }

  #changed(seq: number, written: Written): Sighting {
    const base = this.#entryOf(seq - written.back)
    const entry = base === undefined ? undefined : skim(seq, base, written)
    return entry === undefined ? sightingIn(seq, this.#reader.at(seq).content) : { observed: entry.observed, entry }
  }

  /** What an earlier event was, without making all of it. */
  #entryOf(seq: number): Entry | undefined {
    const known = this.#bases.get(seq)
    if (known !== undefined) return known
    const written = this.#reader.writtenAt(seq)
    const { entry } =
      written === undefined ? sightingIn(seq, this.#reader.at(seq).content) : this.#sighting(seq, written)
    return entry
  }

  #remember(entry: Entry): void {
    this.#bases.set(entry.seq, entry)
    if (this.#bases.size <= BASES_MAX) return
    for (const seq of this.#bases.keys()) {
      this.#bases.delete(seq)
      return
    }
  }
}

/** Brings an inventory up to an event. */
export const catchUp = (inventory: Inventory, skimmer: Skimmer, to: number): void => {
  for (const [seq, sighting] of skimmer.walk(inventory.seq + 1, to)) inventory.see(seq, sighting)
}
