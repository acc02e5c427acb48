/** Appending to a reel: identity, deltas, the tail and its folding into blocks, one transaction an append. */
import { hostname } from "node:os"
import {
  type Appended,
  type ClusterEvent,
  type Expectation,
  firstWrong,
  IdConflict,
  Inventory,
  type Json,
  type JsonObject,
  neededVersion,
  sightingOf,
  type VersionCounts,
  type WrongVersion
} from "@kubereel/core"
import type Database from "better-sqlite3"
import { Bases } from "./Bases.ts"
import { Block } from "./Block.ts"
import { type Container, GENESIS, link, open, seal, sealBlock } from "./Container.ts"
import { ShapeBook } from "./delta.ts"
import type { Horizons } from "./Horizon.ts"
import { type HeadRow, headDigest, readHead } from "./head.ts"
import { type Batch, Known } from "./Known.ts"
import { Line, lineOf, wholeLine } from "./Line.ts"
import { eventOf, type ReelReader } from "./ReelReader.ts"
import { type Limits, Retention } from "./Retention.ts"
import { catchUp, Skimmer } from "./Skimmer.ts"
import { isDue, type Snapshot, Snapshots, snapshotOf } from "./Snapshots.ts"
import { changeOf, type Tree, Trees, textOf } from "./Trees.ts"
import { verify } from "./verify.ts"
import { countVersions } from "./versions.ts"

const BLOCK_EVENTS = 512
/** Blocks of few large events stay small enough to be opened at once. */
const BLOCK_CHARS = 4 * 1024 * 1024
/** A closing writer leaves at most one page of uncompressed events. */
const TAIL_CHARS = 16_384

/** What is not in the table of blocks yet. */
interface Held {
  readonly first: number
  readonly block: Block
  /** So many of its lines are in the tail table, and the others are here. */
  stored: number
  unstored: Array<Line>
}

export interface WriterParts {
  readonly db: Database.Database
  readonly reader: ReelReader
  readonly horizons: Horizons
  readonly limits: Limits | undefined
}

export class ReelWriter {
  readonly #db: Database.Database
  readonly #horizons: Horizons
  readonly #retention: Retention | undefined
  readonly #insertSnapshot: Database.Statement<[Snapshot]>
  /** What is there after `#seq`; rebuilt when it is needed. */
  #inventory: Inventory | undefined
  #lastSnapshot = 0
  readonly #reader: ReelReader
  readonly #insertBlock: Database.Statement<[Container]>
  readonly #insertTail: Database.Statement<[Container]>
  readonly #emptyTail: Database.Statement<[]>
  readonly #updateHead: Database.Statement<[number, string, string, number, string]>
  readonly #trees = new Trees()
  readonly #book = new ShapeBook()
  #bases = new Bases<Tree>()
  #known: Known | undefined
  /** Counted when somebody expects something. */
  #versions: VersionCounts | undefined
  #seq = 0
  #hash = GENESIS
  /** A block was written since the limits were looked at; at first nobody has looked. */
  #folded = true
  #held: Held

  constructor({ db, horizons, limits, reader }: WriterParts) {
    const insert = (table: "block" | "tail") =>
      db.prepare<[Container]>(`INSERT INTO ${table} VALUES (@first, @last, @hash, @digest, @sums, @body)`)
    this.#db = db
    this.#reader = reader
    this.#horizons = horizons
    this.#retention = limits === undefined ? undefined : new Retention({ db, reader, horizons }, limits)
    this.#insertSnapshot = db.prepare("INSERT OR REPLACE INTO snapshot VALUES (@seq, @observed, @hash, @digest, @body)")
    this.#insertBlock = insert("block")
    this.#insertTail = insert("tail")
    this.#emptyTail = db.prepare("DELETE FROM tail")
    this.#updateHead = db.prepare("UPDATE reel SET seq = ?, hash = ?, digest = ? WHERE id = 1 AND pid = ? AND host = ?")
    this.#held = this.#holdFrom(1)
    this.#restore()
  }

  /** All or nothing. Throws what SQLite throws, and `DamagedLog` where the log that is to be continued is damaged. */
  append(
    events: ReadonlyArray<ClusterEvent>,
    expecting: ReadonlyArray<Expectation>
  ): Appended | IdConflict | WrongVersion {
    if (!this.#db.inTransaction) this.#db.exec("BEGIN IMMEDIATE")
    try {
      const done = this.#write(events, expecting)
      if (done instanceof IdConflict) this.#rollBack()
      return done
    } catch (cause) {
      this.#rollBack()
      throw cause
    }
  }

  /** Leaves little uncompressed behind. */
  close(): void {
    this.#known?.close()
    if (this.#held.block.chars <= TAIL_CHARS) return
    if (!this.#db.inTransaction) this.#db.exec("BEGIN IMMEDIATE")
    this.#fold()
    this.#db.exec("COMMIT")
  }

  #write(
    events: ReadonlyArray<ClusterEvent>,
    expecting: ReadonlyArray<Expectation>
  ): Appended | IdConflict | WrongVersion {
    const known = this.#knownEvents()
    const wrong = expecting.length === 0 ? undefined : firstWrong(expecting, this.#counts())
    if (wrong !== undefined && !known.hasAll(events)) return wrong
    this.#inventory ??= this.#rebuilt()
    const batch: Batch = new Map()
    const seqs: Array<number> = []
    for (const [index, event] of events.entries()) {
      const { earlier, id, isTold } = known.place(event, batch)
      if (earlier === undefined) {
        this.#add(event)
        batch.set(id, { seq: this.#seq, event })
        seqs.push(this.#seq)
      } else if (isTold) seqs.push(earlier.seq)
      else return new IdConflict({ index, seq: earlier.seq, id })
    }
    if (batch.size > 0) {
      this.#keepLimits(known)
      this.#commit()
    }
    for (const [id, { event, seq }] of batch) {
      known.add(id, seq)
      this.#versions?.see(sightingOf(seq, event))
    }
    return { seqs, repeated: seqs.length - batch.size }
  }

  #counts(): VersionCounts {
    this.#versions ??= countVersions({ reader: this.#reader, horizons: this.#horizons }, this.#seq)
    return this.#versions
  }

  /** Of the whole log; a log that was begun in another session is read, and verified, when it is first continued. */
  #knownEvents(): Known {
    if (this.#known !== undefined) return this.#known
    const known = new Known(this.#reader, `${this.#db.name}-ids`)
    const horizon = this.#horizons.get()
    if (horizon !== undefined) for (const kept of this.#horizons.kept(horizon)) known.know(eventOf(kept), kept.seq)
    const from = horizon ?? { seq: 0, hash: GENESIS }
    verify(this.#reader, from, { seq: this.#seq, hash: this.#hash }, (stored) =>
      known.know(eventOf(stored), stored.seq)
    )
    this.#known = known
    return known
  }

  #rebuilt(): Inventory {
    const horizon = this.#horizons.get()
    const state = new Snapshots(this.#db).before({ seq: this.#seq })
    const inventory =
      state !== undefined
        ? new Inventory(state)
        : horizon === undefined
          ? new Inventory()
          : this.#horizons.inventory(horizon)
    catchUp(inventory, new Skimmer(this.#reader, inventory.entries()), this.#seq)
    return inventory
  }

  /** Once an append: the file grows by no more than that one beyond its limits. */
  #keepLimits(known: Known): void {
    const removal = this.#folded ? this.#retention?.due() : undefined
    this.#folded = false
    if (removal === undefined || this.#retention === undefined) return
    const kept = this.#retention.remove(removal, {
      from: this.#held.first + this.#held.stored,
      lines: this.#held.unstored
    })
    const isGone = (seq: number): boolean => seq <= removal.to && !kept.has(seq)
    known.forget(isGone)
    this.#bases.forget(isGone)
    this.#versions = undefined
    this.#retention.shrink()
  }

  #add(event: ClusterEvent): void {
    const seq = this.#seq + 1
    const version = neededVersion(event)
    const given = (event._tag === "Unknown" ? event.content : event) as JsonObject
    const base = this.#bases.choose(given, version, seq)
    const value = this.#trees.grow(base?.value, given as Json)
    const whole = wholeLine(version, textOf(value))
    const change = base === undefined ? undefined : new Line(version, seq - base.seq, changeOf(base.value, value))
    const isDelta = base !== undefined && change !== undefined && change.text.length < whole.text.length
    const chars = isDelta ? base.chars : whole.text.length
    this.#bases.note({ seq, version, value, chars }, given, isDelta ? base : undefined)
    this.#hash = link(this.#hash, whole.text)
    this.#seq = seq
    this.#inventory?.see(seq, sightingOf(seq, event))
    this.#retention?.see(seq, event.observed)
    this.#hold(isDelta ? change : whole)
  }

  #hold(line: Line): void {
    const { block, unstored } = this.#held
    block.add(line)
    unstored.push(line)
    if (block.length >= BLOCK_EVENTS || block.chars >= BLOCK_CHARS) this.#fold()
  }

  /** Turns everything that is held into a block. */
  #fold(): void {
    this.#insertBlock.run(sealBlock(this.#held.first, this.#held.block, this.#hash))
    if (this.#held.stored > 0) this.#emptyTail.run()
    this.#folded = true
    if (this.#inventory !== undefined && isDue(this.#seq, this.#lastSnapshot, this.#inventory.size)) {
      this.#insertSnapshot.run(snapshotOf(this.#inventory, this.#hash))
      this.#lastSnapshot = this.#seq
    }
    this.#held = this.#holdFrom(this.#seq + 1)
  }

  #holdFrom(first: number): Held {
    return { first, block: new Block(this.#book), stored: 0, unstored: [] }
  }

  #commit(): void {
    const { first, stored, unstored } = this.#held
    if (unstored.length > 0) {
      this.#insertTail.run(seal(first + stored, unstored, this.#hash))
      this.#held.stored += unstored.length
      this.#held.unstored = []
    }
    const mine = this.#updateHead.run(this.#seq, this.#hash, headDigest(this.#seq, this.#hash), process.pid, hostname())
    if (mine.changes !== 1) throw new Error("another writer has taken over the reel")
    this.#db.exec("COMMIT")
    this.#db.exec("BEGIN IMMEDIATE")
  }

  /** Back to what the file says. Whole versions follow: the bases of the batch that failed are forgotten. */
  #rollBack(): void {
    if (this.#db.inTransaction) this.#db.exec("ROLLBACK")
    this.#restore()
    this.#db.exec("BEGIN IMMEDIATE")
  }

  #restore(): void {
    const head = readHead(this.#db) as HeadRow
    const rows = this.#db
      .prepare<[], Container>("SELECT first, last, hash, digest, sums, body FROM tail ORDER BY first")
      .all()
    const lines = rows.flatMap((row) => {
      const opened = open(row, row.first)
      if (opened.damage !== undefined) throw opened.damage
      return opened.events.map(lineOf)
    })
    this.#bases = new Bases()
    this.#inventory = undefined
    this.#lastSnapshot = this.#db.prepare<[], number | null>("SELECT max(seq) FROM snapshot").pluck().get() ?? 0
    this.#seq = head.seq
    this.#hash = head.hash
    this.#held = this.#holdFrom(head.seq + 1 - lines.length)
    for (const line of lines) this.#held.block.add(line)
    this.#held.stored = lines.length
  }
}
