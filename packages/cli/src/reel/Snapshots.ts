/** Inventories at some events of a reel: a cache, so that the state at a moment is not folded from the beginning each time. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import type { Entry, Instant, Inventory, InventoryState } from "@kubereel/core"
import type Database from "better-sqlite3"
import { sha256 } from "./Container.ts"

/** A snapshot is due after so many events, and after so many for each object that is there. */
const EVENTS_MIN = 2_048
const EVENTS_PER_OBJECT = 6

export interface Snapshot {
  readonly seq: number
  /** The latest moment that was seen by then. */
  readonly observed: number | null
  /** The chain there: it belongs to this log and no other. */
  readonly hash: string
  readonly digest: string
  readonly body: Buffer
}

export const isDue = (seq: number, last: number, objects: number): boolean =>
  seq - last >= Math.max(EVENTS_MIN, EVENTS_PER_OBJECT * objects)

const columns = [
  "seq",
  "observed",
  "change",
  "apiVersion",
  "kind",
  "namespace",
  "name",
  "uid",
  "resourceVersion",
  "era",
  "isFound"
] as const

/** One text for equal inventories: column by column, which packs better. */
export const textOf = ({ entries, ...rest }: InventoryState): string =>
  JSON.stringify({ ...rest, columns: columns.map((key) => entries.map((entry) => entry[key])) })

const digestOf = ({ hash, observed, seq }: Omit<Snapshot, "digest" | "body">, text: string): string =>
  sha256(`${seq} ${observed} ${hash}\n${text}`).slice(0, 32)

export const snapshotOf = (inventory: Inventory, hash: string): Snapshot => {
  const state = inventory.state()
  const range = { seq: inventory.seq, observed: inventory.reached ?? null, hash }
  return { ...range, digest: digestOf(range, textOf(state)), body: packState(state) }
}

/** The inventory's text, if the row is what was written. */
export const openSnapshot = (row: Snapshot): string | undefined => {
  try {
    const text = zstdDecompressSync(row.body).toString()
    return digestOf(row, text) === row.digest ? text : undefined
  } catch {
    return undefined
  }
}

const stateIn = (text: string): InventoryState => {
  const { columns: rows, ...rest } = JSON.parse(text) as Omit<InventoryState, "entries"> & {
    readonly columns: ReadonlyArray<ReadonlyArray<string | number | boolean | null>>
  }
  const [seq = [], observed, change, apiVersion, kind, namespace, name, uid, resourceVersion, era, isFound] = rows
  const entries = seq.map((_, i) => ({
    seq: seq[i],
    observed: observed?.[i] ?? undefined,
    change: change?.[i],
    apiVersion: apiVersion?.[i],
    kind: kind?.[i],
    namespace: namespace?.[i],
    name: name?.[i],
    uid: uid?.[i],
    resourceVersion: resourceVersion?.[i],
    era: era?.[i],
    isFound: isFound?.[i]
  })) as unknown as ReadonlyArray<Entry>
  return { ...rest, entries }
}

export const packState = (state: InventoryState): Buffer =>
  zstdCompressSync(textOf(state), { params: { [constants.ZSTD_c_compressionLevel]: 3 } })

export const unpackState = (packed: Buffer): InventoryState => stateIn(zstdDecompressSync(packed).toString())

/** The newest snapshot that says nothing of what comes after a moment and belongs to this log. */
export class Snapshots {
  readonly #bySeq: Database.Statement<[number, number], Snapshot>
  readonly #byTime: Database.Statement<[number, number], Snapshot>
  readonly #block: Database.Statement<[number], { readonly last: number; readonly hash: string }>

  constructor(db: Database.Database) {
    const newest = (column: "seq" | "observed") =>
      db.prepare<[number, number], Snapshot>(
        `SELECT seq, observed, hash, digest, body FROM snapshot WHERE ${column} <= ? AND seq < ? ORDER BY seq DESC LIMIT 1`
      )
    this.#bySeq = newest("seq")
    this.#byTime = newest("observed")
    this.#block = db.prepare<[number], { readonly last: number; readonly hash: string }>(
      "SELECT last, hash FROM block WHERE first <= ? ORDER BY first DESC LIMIT 1"
    )
  }

  before(moment: { readonly seq: number } | { readonly observed: Instant }): InventoryState | undefined {
    for (let below = Number.MAX_SAFE_INTEGER; ; ) {
      const row = "seq" in moment ? this.#bySeq.get(moment.seq, below) : this.#byTime.get(moment.observed, below)
      if (row === undefined) return undefined
      const block = this.#block.get(row.seq)
      const text = block?.last === row.seq && block.hash === row.hash ? openSnapshot(row) : undefined
      if (text !== undefined) return stateIn(text)
      below = row.seq
    }
  }
}
