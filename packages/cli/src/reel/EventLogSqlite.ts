/** The event log in one SQLite file: the reel. README.md describes the format. */
import {
  type Appended,
  DamagedLog,
  EventLog,
  EventLogFailure,
  type Head,
  IdConflict,
  type Recorded,
  UnusableLog
} from "@kubereel/core"
import type Database from "better-sqlite3"
import { Effect, Layer, Option, type Scope, Stream } from "effect"
import { Bases } from "./Bases.ts"
import { isSoundHead, readHead } from "./head.ts"
import { closeWritten, type Mode, openReel } from "./ReelFile.ts"
import { eventOf, ReelReader, selectFrom } from "./ReelReader.ts"
import { ReelWriter } from "./ReelWriter.ts"
import { walDamageOf } from "./raw/Pages.ts"
import { verify as verifyChain } from "./verify.ts"

export interface Options {
  /** `write` continues a reel or begins one, `create` refuses a file that exists, `read` leaves no trace on the disk. */
  readonly mode: Mode
}

/** Where reading goes on, or why it does not. */
type Cursor = number | DamagedLog

const failure = (cause: unknown): EventLogFailure => new EventLogFailure({ cause })

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

/** One page an element, so that memory holds one container at a time. */
const readFrom = (
  db: Database.Database,
  reader: ReelReader,
  from: number
): Stream.Stream<Recorded, DamagedLog | EventLogFailure> =>
  Stream.suspend(() => {
    const bases = new Bases()
    let to: number | undefined
    const step = (cursor: Cursor): readonly [ReadonlyArray<Recorded>, Option.Option<Cursor>] => {
      if (cursor instanceof DamagedLog) throw cursor
      to ??= headOf(db).seq
      if (cursor > to) return [[], Option.none()]
      const page = reader.page(cursor, bases)
      const end = to
      const events = page.events
        .filter(({ seq }) => seq <= end)
        .map((stored) => ({ seq: stored.seq, event: eventOf(stored) }))
      return [
        events,
        page.damage !== undefined && page.damage.seq <= end ? Option.some(page.damage) : Option.some(page.last + 1)
      ]
    }
    return Stream.paginate(Math.max(1, from) as Cursor, (cursor) =>
      Effect.try({
        try: () => step(cursor),
        catch: (cause) => damageAt(typeof cursor === "number" ? cursor : cursor.seq, cause)
      })
    )
  })

const service = (
  db: Database.Database,
  reader: ReelReader,
  append: (events: Parameters<ReelWriter["append"]>[0]) => Appended | IdConflict
) =>
  EventLog.of({
    append: (events) =>
      Effect.flatMap(Effect.try({ try: () => append(events), catch: failure }), (done) =>
        done instanceof IdConflict ? Effect.fail(done) : Effect.succeed(done)
      ),
    read: (from = 1) => readFrom(db, reader, from),
    head: Effect.try({ try: () => headOf(db), catch: failure })
  })

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
  db: Database.Database,
  reader: ReelReader
): Effect.Effect<ReelWriter, UnusableLog, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.try({
      try: () => new ReelWriter(db, reader),
      catch: (cause) =>
        new UnusableLog({
          reason: "Damaged",
          detail: `${file} is a damaged reel: ${cause instanceof Error ? cause.message : cause}`
        })
    }),
    // Folding is for the reader's sake; where the disk refuses, everything is in the tail already.
    (writer) => Effect.ignore(Effect.try({ try: () => writer.close(), catch: failure }))
  )

/** A reel as the event log, closed with the scope. Only one layer at a time may have a reel open for writing. */
export const layer = (file: string, { mode }: Options): Layer.Layer<EventLog, UnusableLog> =>
  Layer.effect(
    EventLog,
    Effect.gen(function* () {
      const db = yield* opened(file, mode)
      const reader = new ReelReader(selectFrom(db))
      if (mode === "read") {
        return service(db, reader, () => {
          throw new Error(`${file} was opened for reading`)
        })
      }
      const writer = yield* writerOf(file, db, reader)
      return service(db, reader, (events) => writer.append(events))
    })
  )

/** Reads the whole reel, checks each event and the hash chain, and answers with its head. */
export const verify = (file: string): Effect.Effect<Head, UnusableLog | DamagedLog | EventLogFailure> =>
  Effect.scoped(
    Effect.flatMap(opened(file, "read"), (db) =>
      Effect.try({
        try: () => {
          const head = headOf(db)
          const lost = walDamageOf(file)
          if (lost !== undefined) throw new DamagedLog({ seq: head.seq + 1, detail: lost })
          verifyChain(new ReelReader(selectFrom(db)), head, () => undefined)
          return head
        },
        catch: (cause) => damageAt(1, cause)
      })
    )
  )
