/** Inventories at some events of a reel: a cache, so that the state at a moment is not folded from the beginning each time. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import type { Entry, Instant, Inventory, InventoryState } from "@kubereel/core"
import type Database from "better-sqlite3"
import { sha256 } from "./Container.ts"

/** A snapshot is due after so many events, and after so many for each object that is there. */
const EVENTS_MIN = 1_024
const EVENTS_PER_OBJECT = 2

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
  readonly #newest: Database.Statement<[number], Snapshot>
  readonly #moment: Database.Statement<[number], Pick<Snapshot, "seq" | "observed">>
  readonly #block: Database.Statement<[number], { readonly last: number; readonly hash: string }>

  constructor(db: Database.Database) {
    const upTo = "FROM snapshot WHERE seq <= ? ORDER BY seq DESC LIMIT 1"
    this.#newest = db.prepare(`SELECT seq, observed, hash, digest, body ${upTo}`)
    this.#moment = db.prepare(`SELECT seq, observed ${upTo}`)
    this.#block = db.prepare("SELECT last, hash FROM block WHERE first <= ? ORDER BY first DESC LIMIT 1")
  }

  before(moment: { readonly seq: number } | { readonly observed: Instant }): InventoryState | undefined {
    let upTo = "seq" in moment ? moment.seq : this.#upTo(moment.observed)
    for (let row = this.#newest.get(upTo); row !== undefined; row = this.#newest.get(upTo)) {
      const state = this.#open(row)
      // Its own row may lie about the moment: only what its digest covers counts.
      if (state !== undefined && ("seq" in moment || (state.reached ?? moment.observed) <= moment.observed))
        return state
      upTo = row.seq - 1
    }
    return undefined
  }

  /** The latest moment that was seen never falls from one snapshot to the next, so it is found by halving. */
  #upTo(observed: Instant): number {
    let low = 0
    let high = this.#moment.get(Number.MAX_SAFE_INTEGER)?.seq ?? 0
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      const row = this.#moment.get(middle)
      if (row === undefined || (row.observed ?? observed) <= observed) low = middle
      else high = row.seq - 1
    }
    return low
  }

  #open(row: Snapshot): InventoryState | undefined {
    const block = this.#block.get(row.seq)
    const text = block?.last === row.seq && block.hash === row.hash ? openSnapshot(row) : undefined
    return text === undefined ? undefined : stateIn(text)
  }
}
