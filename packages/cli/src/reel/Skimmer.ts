/** Walks through stored events and says of each what an inventory looks at. */
import { type Entry, type Inventory, type Json, type JsonObject, type Sighting, sightingIn } from "@kubereel/core"
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
      const { first, lines } = this.#reader.lines(next)
      for (let seq = next; seq < first + lines.length && seq <= to; seq++)
        yield [seq, this.sighting(seq, lines[seq - first] as string)]
      next = first + lines.length
    }
  }

  sighting(seq: number, line: string): Sighting {
    const parsed = JSON.parse(line) as readonly [number, Json] | readonly [number, number, Json]
    const sighting = parsed.length === 2 ? sightingIn(seq, parsed[1] as JsonObject) : this.#changed(seq, parsed)
    if (sighting.entry !== undefined) this.#remember(sighting.entry)
    return sighting
  }

  #changed(seq: number, [, back, change]: readonly [number, number, Json]): Sighting {
    const base = this.#bases.get(seq - back) ?? sightingIn(seq - back, this.#reader.at(seq - back).content).entry
    const entry = base === undefined ? undefined : skim(seq, base, change)
    return entry === undefined ? sightingIn(seq, this.#reader.at(seq).content) : { observed: entry.observed, entry }
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
