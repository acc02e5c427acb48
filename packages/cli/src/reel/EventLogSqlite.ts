/** The event log in one SQLite file: the reel. README.md describes the format. */
import {
  type Appended,
  BeforeHistory,
  type ClusterEvent,
  DamagedLog,
  EventLog,
  EventLogFailure,
  type Expectation,
  followed,
  type Head,
  type IdConflict,
  Inventory,
  type JsonObject,
  type Moment,
  type Recorded,
  UnusableLog,
  type WrongVersion
} from "@kubereel/core"
import type Database from "better-sqlite3"
import { Effect, Layer, Option, type Scope, Stream } from "effect"
import { Bases } from "./Bases.ts"
import { GENESIS } from "./Container.ts"
import { type HorizonRow, Horizons, horizonEvent } from "./Horizon.ts"
import { isSoundHead, readHead } from "./head.ts"
import { closeWritten, formatOf, type Mode, openReel } from "./ReelFile.ts"
import { eventOf, ReelReader, selectFrom } from "./ReelReader.ts"
import { ReelWriter } from "./ReelWriter.ts"
import { ReplayCheck, type SnapshotProblem } from "./ReplayCheck.ts"
import { BYTES_MIN, type Limits } from "./Retention.ts"
import { walDamageOf } from "./raw/Pages.ts"
import { stateAt } from "./stateAt.ts"
import { verify as verifyChain } from "./verify.ts"

export interface Options {
  /** `write` continues a reel or begins one, `create` refuses a file that exists, `read` leaves no trace on the disk. */
  readonly mode: Mode
  /** For a writer: how much the reel may hold. Its oldest events are removed beyond that. */
  readonly limits?: Limits
}

/** Where reading goes on, or why it does not. */
type Cursor = number | DamagedLog

const failure = (cause: unknown): EventLogFailure => new EventLogFailure({ cause })

/** What the disk refused, in a sentence that names the reel. */
const notAppended =
  (file: string) =>
  (cause: unknown): EventLogFailure => {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
    const reason = /^SQLITE_FULL/.test(code)
      ? "the disk is full: make room and go on"
      : /^SQLITE_READONLY/.test(code)
        ? "it has become read-only"
        : /^SQLITE_IOERR/.test(code)
          ? "the disk reports an error"
          : undefined
    if (reason === undefined) return failure(cause)
    const sentence = `${file}: nothing could be appended, ${reason} (what was appended before is safe)`
    return failure(new Error(sentence, { cause }))
  }

/** The disk refused, or another process was in the way: nothing that says anything about the content. */
const isOperational = (cause: unknown): boolean =>
  cause instanceof Error &&
  "code" in cause &&
  /^SQLITE_(?!CORRUPT|NOTADB|IOERR_SHORT_READ|FORMAT|ERROR)/.test(String(cause.code))

/** What broke while event `seq` was wanted. */
const damageAt = (seq: number, cause: unknown): DamagedLog | EventLogFailure => {
  if (cause instanceof DamagedLog) return cause
  return isOperational(cause)
    ? failure(cause)
    : new DamagedLog({ seq, detail: cause instanceof Error ? cause.message : String(cause) })
}

const headOf = (db: Database.Database): Head => {
  const head = readHead(db)
  if (head === undefined || !isSoundHead(head))
    throw new DamagedLog({ seq: 1, detail: "the record of the log's head is damaged" })
  return { seq: head.seq, hash: head.hash }
}

/** An open reel and what reads in it. */
interface Parts {
  readonly db: Database.Database
  readonly horizons: Horizons
  readonly reader: ReelReader
}

const partsOf = (db: Database.Database): Parts => {
  const horizons = new Horizons(db, formatOf(db))
  return { db, horizons, reader: new ReelReader(selectFrom(db), (seq) => horizons.at(seq)) }
}

/** What stands for the events that were removed. */
const fromHorizon = ({ horizons }: Parts, row: HorizonRow): ReadonlyArray<Recorded> => {
  const kept = [...horizons.kept(row)].filter(({ isTrue }) => isTrue)
  return [{ seq: 0, event: horizonEvent(row) }, ...kept.map((one) => ({ seq: one.seq, event: eventOf(one) }))]
}

interface Step {
  readonly events: ReadonlyArray<Recorded>
  readonly next: Cursor
}

/** The events from `cursor` to the end of their container, or to `end`. */
const stepFrom = (
  parts: Parts,
  { bases, cursor, end }: { bases: Bases<JsonObject>; cursor: number; end: number }
): Step => {
  const horizon = parts.horizons.get()
  if (horizon !== undefined && cursor <= horizon.seq)
    return { events: fromHorizon(parts, horizon), next: horizon.seq + 1 }
  const page = parts.reader.page(cursor, bases)
  const events: Array<Recorded> = []
  for (const stored of page.events) if (stored.seq <= end) events.push({ seq: stored.seq, event: eventOf(stored) })
  return { events, next: page.damage !== undefined && page.damage.seq <= end ? page.damage : page.last + 1 }
}

/** One page an element, so that memory holds one container at a time. */
const readFrom = (parts: Parts, from: number): Stream.Stream<Recorded, DamagedLog | EventLogFailure> =>
  Stream.suspend(() => {
    const bases = new Bases<JsonObject>()
    // In one transaction: a writer may remove the oldest events at any time.
    const stepIn = parts.db.transaction((cursor: number, end: number) => stepFrom(parts, { bases, cursor, end }))
    let to: number | undefined
    const step = (cursor: Cursor): readonly [ReadonlyArray<Recorded>, Option.Option<Cursor>] => {
      if (cursor instanceof DamagedLog) throw cursor
      to ??= headOf(parts.db).seq
      if (cursor > to) return [[], Option.none()]
      const { events, next } = stepIn(cursor, to)
      return [events, Option.some(next)]
    }
    return Stream.paginate(Math.max(1, from) as Cursor, (cursor) =>
      Effect.try({
        try: () => step(cursor),
        catch: (cause) => damageAt(typeof cursor === "number" ? cursor : cursor.seq, cause)
      })
    )
  })

/** How often a reader looks for news of a writer in another process. */
const LOOK_EVERY = "50 millis"

const eventAt = ({ db, reader }: Parts, seq: number): ClusterEvent | undefined =>
  Number.isSafeInteger(seq) && seq >= 1 && seq <= headOf(db).seq ? eventOf(reader.at(seq)) : undefined

type Refusal = IdConflict | WrongVersion

const service = (
  file: string,
  parts: Parts,
  append: (events: ReadonlyArray<ClusterEvent>, expecting: ReadonlyArray<Expectation>) => Appended | Refusal
) => {
  const { db } = parts
  const head = Effect.try({ try: () => headOf(db), catch: failure })
  // In one transaction, as reading is.
  const stateIn = db.transaction((moment: Moment) => stateAt({ ...parts, end: headOf(db).seq }, moment))
  const read = (from = 1) => readFrom(parts, from)
  const reaches = (seq: number): Effect.Effect<void, EventLogFailure> =>
    Effect.flatMap(head, (found) =>
      found.seq >= seq ? Effect.void : Effect.andThen(Effect.sleep(LOOK_EVERY), reaches(seq))
    )
  return EventLog.of({
    append: (events, expecting = []) =>
      Effect.flatMap(
        Effect.try({ try: () => append(events, expecting), catch: notAppended(file) }),
        (done): Effect.Effect<Appended, Refusal> => ("seqs" in done ? Effect.succeed(done) : Effect.fail(done))
      ),
    read,
    follow: (from = 1) => followed(read, reaches, from),
    head,
    stateAt: (moment) =>
      Effect.try({
        try: () => stateIn(moment),
        catch: (cause) => (cause instanceof BeforeHistory ? cause : damageAt(1, cause))
      }),
    event: (seq) => Effect.try({ try: () => eventAt(parts, seq), catch: (cause) => damageAt(seq, cause) })
  })
}

const opened = (file: string, mode: Mode): Effect.Effect<Database.Database, UnusableLog, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.suspend(() => {
      const db = openReel(file, mode)
      return db instanceof UnusableLog ? Effect.fail(db) : Effect.succeed(db)
    }),
    (db) => Effect.sync(() => (mode === "read" ? db.close() : closeWritten(db)))
  )

const writerOf = (
  file: string,
  parts: Parts,
  limits: Limits | undefined
): Effect.Effect<ReelWriter, UnusableLog, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.try({
      try: () => new ReelWriter({ ...parts, limits }),
      catch: (cause) =>
        new UnusableLog({
          reason: "Damaged",
          detail: `${file} is a damaged reel: ${cause instanceof Error ? cause.message : cause}`
        })
    }),
    // Folding is for the reader's sake; where the disk refuses, everything is in the tail already.
    (writer) => Effect.ignore(Effect.try({ try: () => writer.close(), catch: failure }))
  )

/** Below the least size a single block could be more than the limit. */
const checkLimits = (file: string, { bytes }: Limits): Effect.Effect<void, UnusableLog> =>
  bytes === undefined || bytes >= BYTES_MIN
    ? Effect.void
    : Effect.fail(
        new UnusableLog({
          reason: "NotWritable",
          detail: `${file} cannot be kept under ${bytes} bytes: allow at least ${BYTES_MIN}`
        })
      )

/** A reel as the event log, closed with the scope. Only one layer at a time may have a reel open for writing. */
export const layer = (file: string, { limits, mode }: Options): Layer.Layer<EventLog, UnusableLog> =>
  Layer.effect(
    EventLog,
    Effect.gen(function* () {
      if (limits !== undefined) yield* checkLimits(file, limits)
      const parts = partsOf(yield* opened(file, mode))
      if (mode === "read") {
        return service(file, parts, () => {
          throw new Error(`${file} was opened for reading`)
        })
      }
      const writer = yield* writerOf(file, parts, limits)
      return service(file, parts, (events, expecting) => writer.append(events, expecting))
    })
  )

/** What a sound reel holds. */
export interface Verified extends Head {
  /** How many of its oldest events were removed by a limit. */
  readonly removed: number
  /** Snapshots that are not what they were, or not what replaying the events gives: they are ignored, or would mislead. */
  readonly snapshots: ReadonlyArray<SnapshotProblem>
}

/** Reads the whole reel, checks each event and the hash chain, replays it, and answers with its head. */
export const verify = (file: string): Effect.Effect<Verified, UnusableLog | DamagedLog | EventLogFailure> =>
  Effect.scoped(
    Effect.flatMap(opened(file, "read"), (db) =>
      Effect.try({
        try: () => {
          const parts = partsOf(db)
          const head = headOf(db)
          const lost = walDamageOf(file)
          if (lost !== undefined) throw new DamagedLog({ seq: head.seq + 1, detail: lost })
          const horizon = parts.horizons.get()
          const replay = new ReplayCheck(
            db,
            horizon === undefined ? new Inventory() : parts.horizons.inventory(horizon)
          )
          verifyChain(parts.reader, horizon ?? { seq: 0, hash: GENESIS }, head, ({ content, seq }) =>
            replay.see(seq, content)
          )
          return { ...head, removed: horizon?.seq ?? 0, snapshots: replay.problems }
        },
        catch: (cause) => damageAt(1, cause)
      })
    )
  )
