/** Removing the oldest events of a reel, whole blocks at a time, so that it stays within limits of size and age. */
import { type Instant, Inventory, type Micros } from "@kubereel/core"
import type Database from "better-sqlite3"
import { type Horizons, horizonRow, type Kept, keptRows } from "./Horizon.ts"
import type { Line } from "./Line.ts"
import { RecordedTime } from "./RecordedTime.ts"
import { pages, type ReelReader } from "./ReelReader.ts"
import { PAGE_BYTES } from "./raw/Pages.ts"
import { Skimmer } from "./Skimmer.ts"
import { packState } from "./Snapshots.ts"
import { firstCounts, withVersions } from "./versions.ts"

/** How much a reel may hold. What is true at its horizon is never removed, however large it is. */
export interface Limits {
  /** Of the file and its `-wal` together; at least `BYTES_MIN`. */
  readonly bytes?: number
  /** How far back it reaches, in time that was recorded (`RecordedTime.ts`). */
  readonly age?: Micros
}

/** Below that a single block could be more than the limit. */
export const BYTES_MIN = 8 * 1024 * 1024

/** The `-wal`'s part of the limit; where a long read holds it open it can be more for a while. */
const WAL_PART = 1 / 8
/** Removing begins here and ends there, as parts of what the file may have: not for every block anew. */
const FULL = 0.85
const FREED = 0.7

interface Parts {
  readonly db: Database.Database
  readonly reader: ReelReader
  readonly horizons: Horizons
}

/** What is to be removed. */
export interface Removal {
  /** The last event of a block. */
  readonly to: number
  readonly detail: string
}

/** What the recording says of itself; the newest of them is kept, so that only its own kind goes on with the reel. */
const isStart = ({ content }: Pick<Kept, "content">): boolean => content["_tag"] === "RecordingStarted"

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`

export class Retention {
  readonly #parts: Parts
  readonly #limits: Limits
  readonly #fileBytes: number
  #recorded: RecordedTime | undefined

  constructor(parts: Parts, limits: Limits) {
    this.#parts = parts
    this.#limits = limits
    const { bytes } = limits
    this.#fileBytes = bytes === undefined ? Number.POSITIVE_INFINITY : bytes * (1 - WAL_PART)
    if (bytes === undefined) return
    const wal = Math.floor(bytes * WAL_PART)
    parts.db.pragma(`wal_autocheckpoint = ${Math.max(8, Math.floor(wal / 2 / PAGE_BYTES))}`)
    parts.db.pragma(`journal_size_limit = ${wal}`)
  }

  /** An event is appended; the first time, what the reel held before is looked at. */
  see(seq: number, observed: Instant | undefined): void {
    const { age } = this.#limits
    if (age === undefined) return
    this.#recorded ??= this.#before(seq, new RecordedTime(age))
    this.#recorded.see(seq, observed)
  }

  #before(seq: number, recorded: RecordedTime): RecordedTime {
    const { horizons, reader } = this.#parts
    const horizon = horizons.get()
    const known = horizon === undefined ? [] : horizons.inventory(horizon).entries()
    for (const [each, { observed }] of new Skimmer(reader, known).walk((horizon?.seq ?? 0) + 1, seq - 1))
      recorded.see(each, observed)
    return recorded
  }

  /** What the limits say is to be removed now, if anything: never the newest block. */
  due(): Removal | undefined {
    return this.#bySize() ?? this.#byAge()
  }

  /**
   * Removes, within the transaction that is open. `unwritten` are the lines behind `from` that no table holds yet. Answers with
   * what was kept.
   */
  remove(
    { detail, to }: Removal,
    unwritten: { readonly from: number; readonly lines: ReadonlyArray<Line> }
  ): ReadonlySet<number> {
    const { db, horizons, reader } = this.#parts
    const before = horizons.get()
    const inventory = before === undefined ? new Inventory() : horizons.inventory(before)
    const counts = firstCounts({ reader, horizons })
    for (const [seq, sighting] of new Skimmer(reader, inventory.entries()).walk(inventory.seq + 1, to)) {
      inventory.see(seq, sighting)
      counts.see(sighting)
    }
    const isTrue = new Set(inventory.entries().map(({ seq }) => seq))
    const wanted = new Set([...isTrue, ...this.#bases(to, unwritten)])
    const kept: Array<Kept> = []
    let started = before === undefined ? undefined : [...horizons.kept(before)].find(isStart)
    for (const seq of wanted) if (seq <= (before?.seq ?? 0)) kept.push(this.#keptBefore(seq, isTrue.has(seq)))
    for (const page of pages(reader, (before?.seq ?? 0) + 1, to))
      for (const stored of page.events) {
        if (stored.seq > to) continue
        if (wanted.has(stored.seq)) kept.push({ ...stored, isTrue: isTrue.has(stored.seq) })
        else if (isStart(stored)) started = { ...stored, isTrue: true }
      }
    if (started !== undefined) {
      wanted.add(started.seq)
      kept.push(started)
    }
    kept.sort((a, b) => a.seq - b.seq)
    this.#recorded?.forget(to)
    const rows = [...keptRows(kept.map((one) => withVersions(one, counts)))]
    const hash = db.prepare<[number], string>("SELECT hash FROM block WHERE last = ?").pluck().get(to)
    if (hash === undefined) throw new Error(`no block ends with event ${to}`)
    const state = packState(inventory.state())
    const row = horizonRow({ seq: to, hash, observed: inventory.reached ?? null, detail, state }, rows)
    for (const [table, column] of [
      ["kept", "first"],
      ["block", "first"],
      ["snapshot", "seq"]
    ] as const)
      db.prepare(`DELETE FROM ${table} WHERE ${column} <= ?`).run(to)
    const insert = db.prepare("INSERT INTO kept(first, last, digest, body) VALUES (@first, @last, @digest, @body)")
    for (const one of rows) insert.run(one)
    db.prepare(
      "INSERT OR REPLACE INTO horizon(id, seq, hash, observed, detail, state, kept, digest) VALUES (1, @seq, @hash, @observed, @detail, @state, @kept, @digest)"
    ).run(row)
    return wanted
  }

  /** Gives pages back to the file system where a reel is larger than it may be: one that was made without the limit. */
  shrink(): void {
    const pages = this.#number("page_count")
    const excess = Math.ceil(pages - this.#fileBytes / PAGE_BYTES)
    if (excess > 0) this.#parts.db.pragma(`incremental_vacuum(${excess})`)
  }

  #number(pragma: "page_count" | "freelist_count"): number {
    return Number(this.#parts.db.pragma(pragma, { simple: true }))
  }

  #bySize(): Removal | undefined {
    const { bytes } = this.#limits
    if (bytes === undefined) return undefined
    const used = (this.#number("page_count") - this.#number("freelist_count")) * PAGE_BYTES
    if (used <= FULL * this.#fileBytes) return undefined
    let excess = used - FREED * this.#fileBytes
    let to: number | undefined
    const oldest = this.#parts.db.prepare<[], { readonly last: number; readonly bytes: number }>(
      "SELECT last, length(body) + length(sums) + 200 AS bytes FROM block WHERE first < (SELECT max(first) FROM block) ORDER BY first"
    )
    for (const block of oldest.iterate()) {
      if (excess <= 0) break
      excess -= block.bytes
      to = block.last
    }
    return to === undefined ? undefined : { to, detail: `the reel may have ${megabytes(bytes)}` }
  }

  /** Up to a snapshot, so that not every block is removed by itself. */
  #byAge(): Removal | undefined {
    const { age } = this.#limits
    if (age === undefined || this.#recorded === undefined) return undefined
    const to = this.#parts.db
      .prepare<[number], number | null>(
        "SELECT max(seq) FROM snapshot WHERE seq <= ? AND seq < (SELECT max(first) FROM block)"
      )
      .pluck()
      .get(this.#recorded.old())
    return to == null ? undefined : { to, detail: `the reel reaches back ${Math.round(age / 1_000_000)} s` }
  }

  /** Which events up to `to` later ones are written against. */
  #bases(to: number, unwritten: { readonly from: number; readonly lines: ReadonlyArray<Line> }): ReadonlySet<number> {
    const found = new Set<number>()
    const look = (seq: number, { back }: Pick<Line, "back">): void => {
      if (back > 0 && seq - back <= to) found.add(seq - back)
    }
    for (let seq = to + 1; seq < unwritten.from; ) {
      const { events, first } = this.#parts.reader.written(seq)
      for (const [i, event] of events.entries()) look(first + i, event)
      seq = first + events.length
    }
    for (const [i, line] of unwritten.lines.entries()) look(unwritten.from + i, line)
    return found
  }

  #keptBefore(seq: number, isTrue: boolean): Kept {
    const { content, version } = this.#parts.reader.at(seq)
    return { seq, version, content, isTrue }
  }
}
