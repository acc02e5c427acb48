/** Where the history of a reel begins after its oldest events were removed, and what had to be kept of them. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import { DamagedLog, type Horizon, type Instant, Inventory, type JsonObject } from "@kubereel/core"
import type Database from "better-sqlite3"
import { sha256 } from "./Container.ts"
import { unpackState } from "./Snapshots.ts"

/** The one row that says what was removed. */
export interface HorizonRow {
  /** The last event that was removed. */
  readonly seq: number
  /** The chain there. */
  readonly hash: string
  /** The latest moment of what was removed. */
  readonly observed: number | null
  readonly detail: string
  /** The inventory there, packed. */
  readonly state: Buffer
  /** Over the digests of all rows of `kept`. */
  readonly kept: string
  readonly digest: string
}

/** A run of kept events. */
export interface KeptRow {
  readonly first: number
  readonly last: number
  readonly digest: string
  readonly body: Buffer
}

/** An event that outlived its removal: it was true at the horizon, or a later one is written against it. */
export interface Kept {
  readonly seq: number
  readonly version: number
  readonly content: JsonObject
  /** It is the newest version of an object that was there. */
  readonly isTrue: boolean
  /** Of such an object: how many versions there were of it by the horizon. */
  readonly versions?: number
}

const KEPT_PER_ROW = 256
const CHARS_PER_ROW = 4 * 1024 * 1024

const digestOf = ({ detail, hash, kept, observed, seq, state }: Omit<HorizonRow, "digest">): string =>
  sha256(`${seq} ${hash} ${observed} ${kept} ${state.toString("base64")}\n${detail}`).slice(0, 32)

const keptDigest = (first: number, last: number, text: string): string =>
  sha256(`${first} ${last}\n${text}`).slice(0, 32)

/** Over the digests of all rows, in the order of their events. */
export const over = (digests: ReadonlyArray<string>): string => sha256(digests.join(" ")).slice(0, 32)

export const horizonRow = (row: Omit<HorizonRow, "kept" | "digest">, kept: ReadonlyArray<KeptRow>): HorizonRow => {
  const whole = { ...row, kept: over(kept.map(({ digest }) => digest)) }
  return { ...whole, digest: digestOf(whole) }
}

export const isSoundHorizon = (row: HorizonRow): boolean => Buffer.isBuffer(row.state) && digestOf(row) === row.digest

/** In the order of their numbers. */
export function* keptRows(events: Iterable<Kept>): Generator<KeptRow> {
  let lines: Array<string> = []
  let chars = 0
  let [first, last] = [0, 0]
  const seal = (): KeptRow => {
    const text = lines.join("\n")
    const body = zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 3 } })
    lines = []
    chars = 0
    return { first, last, digest: keptDigest(first, last, text), body }
  }
  for (const { content, isTrue, seq, version, versions } of events) {
    if (lines.length === 0) first = seq
    last = seq
    const line = JSON.stringify([seq, version, isTrue ? 1 : 0, content, ...(versions === undefined ? [] : [versions])])
    lines.push(line)
    chars += line.length
    if (lines.length === KEPT_PER_ROW || chars > CHARS_PER_ROW) yield seal()
  }
  if (lines.length > 0) yield seal()
}

/** The events of a row, or `undefined` where it is not what was written. */
export const openKept = (row: KeptRow): ReadonlyArray<Kept> | undefined => {
  try {
    const text = zstdDecompressSync(row.body).toString()
    if (keptDigest(row.first, row.last, text) !== row.digest) return undefined
    return text.split("\n").map((line) => {
      const [seq, version, isTrue, content, versions] = JSON.parse(line) as [
        number,
        number,
        number,
        JsonObject,
        number?
      ]
      return { seq, version, content, isTrue: isTrue === 1, ...(versions === undefined ? {} : { versions }) }
    })
  } catch {
    return undefined
  }
}

/** The horizon of an open reel, as it is at the moment. */
export class Horizons {
  readonly #row: (() => HorizonRow | undefined) | undefined
  readonly #rows: (() => ReadonlyArray<KeptRow>) | undefined
  readonly #holding: ((seq: number) => KeptRow | undefined) | undefined
  #opened: { readonly digest: string; readonly events: ReadonlyMap<number, Kept> } | undefined

  /** A reel of format 1 has none. */
  constructor(db: Database.Database, format: number) {
    if (format < 2) return
    const row = db.prepare<[], HorizonRow>(
      "SELECT seq, hash, observed, detail, state, kept, digest FROM horizon WHERE id = 1"
    )
    const rows = db.prepare<[], KeptRow>("SELECT first, last, digest, body FROM kept ORDER BY first")
    const holding = db.prepare<[number], KeptRow>(
      "SELECT first, last, digest, body FROM kept WHERE first <= ? ORDER BY first DESC LIMIT 1"
    )
    this.#row = () => row.get()
    this.#rows = () => rows.all()
    this.#holding = (seq) => holding.get(seq)
  }

  /** Throws `DamagedLog` where the row is not what was written. */
  get(): HorizonRow | undefined {
    const row = this.#row?.()
    if (row === undefined) return undefined
    const damaged = new DamagedLog({
      seq: Math.max(1, Number(row.seq) || 1),
      detail: "the record of the horizon is damaged"
    })
    if (!isSoundHorizon(row)) throw damaged
    return row
  }

  /** An event of before the horizon, if it was kept. */
  at(seq: number): Kept | undefined {
    const row = this.#holding?.(seq)
    if (row === undefined || row.last < seq) return undefined
    if (this.#opened?.digest !== row.digest) {
      const events = openKept(row)
      if (events === undefined)
        throw new DamagedLog({ seq: row.first, detail: "the record of what was kept of removed events is damaged" })
      this.#opened = { digest: row.digest, events: new Map(events.map((event) => [event.seq, event])) }
    }
    return this.#opened.events.get(seq)
  }

  /** What was true at the horizon. Throws where anything is missing. */
  *kept({ kept, seq }: HorizonRow): Generator<Kept> {
    const rows = this.#rows?.() ?? []
    if (over(rows.map(({ digest }) => digest)) !== kept)
      throw new DamagedLog({ seq, detail: "a record of what was kept of removed events is missing" })
    for (const row of rows) {
      const events = openKept(row)
      if (events === undefined)
        throw new DamagedLog({ seq: row.first, detail: "the record of what was kept of removed events is damaged" })
      yield* events
    }
  }

  /** The inventory at the horizon. */
  inventory({ state }: HorizonRow): Inventory {
    return new Inventory(unpackState(state))
  }
}

/** The event that stands for what was removed. */
export const horizonEvent = ({ detail, observed, seq }: HorizonRow): Horizon => ({
  _tag: "Horizon",
  ...(observed === null ? {} : { observed: observed as Instant }),
  removed: seq,
  detail
})
