/** Tables and views over a reel, in a database of their own, for people who like SQL. Derived: they can be thrown away. */
import { existsSync } from "node:fs"
import { type ClusterEvent, EventLog, encode, type Recorded } from "@kubereel/core"
import Database from "better-sqlite3"
import { Effect, Schema, Stream } from "effect"
import { GENESIS, link } from "./Container.ts"

/** "krsq" in the header of the file. */
const APPLICATION_ID = 0x6b727371
/** Of the tables: another one means that they are made anew. */
const VERSION = 1

/** An event that the tables cannot take; what came before it is in them. */
export class ProjectionStopped extends Schema.TaggedError<ProjectionStopped>()("ProjectionStopped", {
  seq: Schema.Natural,
  detail: Schema.String
}) {
  override get message() {
    return `the tables stop before event ${this.seq}: ${this.detail}`
  }
}

/** The file is there and is something else. */
export class NotAProjection extends Schema.TaggedError<NotAProjection>()("NotAProjection", { file: Schema.String }) {
  override get message() {
    return `${this.file}: exists and holds no tables of a reel, so it is not replaced; name another output or remove it`
  }
}

const member = (path: string): string => `json_extract(body, '$.object.${path}')`

const schema = [
  "CREATE TABLE checkpoint(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT",
  "CREATE TABLE event(seq INTEGER PRIMARY KEY, observed INTEGER, type TEXT NOT NULL, change TEXT, api_version TEXT, kind TEXT, namespace TEXT, name TEXT, uid TEXT, resource_version TEXT, version INTEGER NOT NULL, body TEXT NOT NULL) STRICT",
  "CREATE INDEX event_object ON event(kind, namespace, name, seq)",
  `CREATE VIEW object_version AS SELECT seq, strftime('%Y-%m-%dT%H:%M:%fZ', observed / 1e6, 'unixepoch') AS observed, change, api_version, kind, namespace, name, uid, resource_version, json_extract(body, '$.object') AS object FROM event WHERE type = 'ObjectChanged'`,
  `CREATE VIEW pod AS SELECT seq, strftime('%Y-%m-%dT%H:%M:%fZ', observed / 1e6, 'unixepoch') AS observed, change, namespace, name, uid, ${member("spec.nodeName")} AS node, ${member("status.phase")} AS phase, ${member("status.reason")} AS reason, ${member("metadata.deletionTimestamp")} AS deletion_timestamp FROM event WHERE kind = 'Pod' AND type = 'ObjectChanged'`,
  `CREATE VIEW container AS SELECT seq, namespace, event.name AS pod, uid, json_extract(status.value, '$.name') AS container, json_extract(status.value, '$.ready') AS ready, json_extract(status.value, '$.restartCount') AS restart_count, (SELECT key FROM json_each(status.value, '$.state')) AS state, coalesce(json_extract(status.value, '$.state.waiting.reason'), json_extract(status.value, '$.state.terminated.reason')) AS reason, json_extract(status.value, '$.state.terminated.exitCode') AS exit_code FROM event, json_each(body, '$.object.status.containerStatuses') AS status WHERE event.kind = 'Pod' AND event.type = 'ObjectChanged'`,
  `CREATE VIEW kubernetes_event AS SELECT seq, strftime('%Y-%m-%dT%H:%M:%fZ', observed / 1e6, 'unixepoch') AS observed, namespace, coalesce(${member("involvedObject.kind")}, ${member("regarding.kind")}) AS about_kind, coalesce(${member("involvedObject.name")}, ${member("regarding.name")}) AS about_name, ${member("type")} AS severity, ${member("reason")} AS reason, coalesce(${member("message")}, ${member("note")}) AS message, ${member("count")} AS count FROM event WHERE kind = 'Event' AND type = 'ObjectChanged'`,
  "CREATE VIEW gap AS SELECT seq, strftime('%Y-%m-%dT%H:%M:%fZ', observed / 1e6, 'unixepoch') AS observed, type, json_extract(body, '$.cause') AS cause, json_extract(body, '$.resource') AS resource, json_extract(body, '$.detail') AS detail FROM event WHERE type IN ('Gap', 'Horizon')",
  "CREATE VIEW life AS SELECT kind, namespace, name, uid, min(seq) AS first_seq, max(seq) AS last_seq, count(*) AS versions, strftime('%Y-%m-%dT%H:%M:%fZ', min(observed) / 1e6, 'unixepoch') AS first_observed, strftime('%Y-%m-%dT%H:%M:%fZ', max(observed) / 1e6, 'unixepoch') AS last_observed, max(change = 'DELETED') AS is_gone FROM event WHERE type = 'ObjectChanged' AND uid IS NOT NULL GROUP BY kind, namespace, name, uid"
]

interface Checkpoint {
  readonly seq: number
  readonly hash: string
}

const isText = (value: unknown): value is string => typeof value === "string"
const textOf = (value: unknown): string | null => (isText(value) ? value : null)

const rowOf = ({ event, seq }: Recorded) => {
  const text = encode(event)
  const content = (event._tag === "Unknown" ? event.content : event) as ClusterEvent
  const object = (event._tag === "ObjectChanged" ? event.object : {}) as { readonly [key: string]: unknown }
  const metadata = (
    typeof object["metadata"] === "object" && object["metadata"] !== null ? object["metadata"] : {}
  ) as {
    readonly [key: string]: unknown
  }
  return {
    seq,
    observed: event.observed ?? null,
    type: isText(content._tag) ? content._tag : event._tag,
    change: event._tag === "ObjectChanged" ? event.change : null,
    apiVersion: textOf(object["apiVersion"]),
    kind: textOf(object["kind"]),
    namespace: textOf(metadata["namespace"]),
    name: textOf(metadata["name"]),
    uid: textOf(metadata["uid"]),
    resourceVersion: textOf(metadata["resourceVersion"]),
    version: Number(/^\[(\d+)/.exec(text)?.[1]),
    body: text.slice(text.indexOf(",") + 1, -1),
    text
  }
}

/** The tables, being filled. */
class Tables {
  readonly #db: Database.Database
  readonly #insert: Database.Statement<[Omit<ReturnType<typeof rowOf>, "text">]>
  readonly #move: Database.Statement<[number, string]>
  #hash: string

  constructor(db: Database.Database, { hash }: Checkpoint) {
    this.#db = db
    this.#hash = hash
    this.#insert = db.prepare(
      "INSERT INTO event VALUES (@seq, @observed, @type, @change, @apiVersion, @kind, @namespace, @name, @uid, @resourceVersion, @version, @body)"
    )
    this.#move = db.prepare("INSERT OR REPLACE INTO checkpoint VALUES (1, ?, ?)")
  }

  /** What it has taken and how far it is: one transaction. An event that it cannot take ends it just before that. */
  take(batch: ReadonlyArray<Recorded>): ProjectionStopped | undefined {
    let stopped: ProjectionStopped | undefined
    this.#db.transaction(() => {
      let last: number | undefined
      for (const recorded of batch) {
        try {
          const { text, ...row } = rowOf(recorded)
          this.#insert.run(row)
          this.#hash = link(this.#hash, text)
          last = recorded.seq
        } catch (cause) {
          stopped = new ProjectionStopped({ seq: recorded.seq, detail: (cause as Error).message })
          break
        }
      }
      if (last !== undefined) this.#move.run(last, this.#hash)
    })()
    return stopped
  }

  get hash(): string {
    return this.#hash
  }
}

const isOurs = (db: Database.Database): boolean => db.pragma("application_id", { simple: true }) === APPLICATION_ID

const clear = (db: Database.Database): void => {
  const views = schema.flatMap((sql) => /^CREATE (VIEW|TABLE) (\w+)/.exec(sql)?.slice(1, 3).join(" ") ?? [])
  db.transaction(() => {
    for (const what of views.toReversed()) db.exec(`DROP ${what.replace(" ", " IF EXISTS ")}`)
    for (const sql of schema) db.exec(sql)
  })()
  db.pragma(`user_version = ${VERSION}`)
}

const openTables = (file: string): Database.Database | NotAProjection => {
  const isNew = !existsSync(file)
  const db = new Database(file)
  try {
    if (!isNew && !isOurs(db)) {
      db.close()
      return new NotAProjection({ file })
    }
    if (isNew) db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma("synchronous = FULL")
    if (isNew || db.pragma("user_version", { simple: true }) !== VERSION) clear(db)
    return db
  } catch (cause) {
    db.close()
    if ((cause as { readonly code?: string }).code === "SQLITE_NOTADB") return new NotAProjection({ file })
    throw cause
  }
}

const checkpointOf = (db: Database.Database): Checkpoint =>
  db.prepare<[], Checkpoint>("SELECT seq, hash FROM checkpoint WHERE id = 1").get() ?? { seq: 0, hash: GENESIS }

const fill = Effect.fnUntraced(function* (db: Database.Database, begin: Checkpoint) {
  const log = yield* EventLog
  const tables = new Tables(db, begin)
  yield* Stream.runForEach(Stream.grouped(log.read(begin.seq + 1), 1_000), (batch) => {
    const stopped = tables.take(batch)
    return stopped === undefined ? Effect.void : Effect.fail(stopped)
  })
  return tables.hash
})

/**
 * Brings the tables of a file up to the end of the log of the context. They go on where they ended; where the chain over all
 * that they took is not the log's (another reel, or one whose oldest events were removed since) they are made anew.
 */
export const project = (file: string) =>
  Effect.acquireUseRelease(
    Effect.flatMap(
      Effect.try({
        try: () => openTables(file),
        catch: (cause) => new ProjectionStopped({ seq: 0, detail: String(cause) })
      }),
      (db) => (db instanceof NotAProjection ? Effect.fail(db) : Effect.succeed(db))
    ),
    (db) =>
      Effect.gen(function* () {
        const log = yield* EventLog
        const begin = checkpointOf(db)
        const head = yield* log.head
        if (begin.seq > 0 && begin.seq <= head.seq) {
          const hash = yield* fill(db, begin)
          const now = yield* log.head
          if (hash === now.hash) return now
        }
        clear(db)
        yield* fill(db, { seq: 0, hash: GENESIS })
        return yield* log.head
      }),
    (db) => Effect.sync(() => db.close())
  )
