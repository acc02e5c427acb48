/**
 * How fast and how small a reel is, beside a table with a row of JSON for each event and an index over (uid, seq).
 * Prints ratios, because absolute figures belong to one machine, of the processor's time, because the clock swings with what
 * else the machine does. The floor is what no reel can do without: the line parsed, its canonical text, and the chain over it.
 * `npm run bench -- reel`
 *
 * Goals: write 1.3 × rows at 1/40 of their size, read 3 × rows. docs/adr says which of them the guarantees leave in reach.
 */
import { hash } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import {
  appendStream,
  type ClusterEvent,
  EventLog,
  encode,
  type Json,
  type JsonObject,
  parseWatchLine
} from "@kubereel/core"
import Database from "better-sqlite3"
import { Effect, Stream } from "effect"
import { test } from "vitest"
import * as EventLogSqlite from "../src/reel/EventLogSqlite.ts"

const BATCH = 100
const ROUNDS = 3
/** Reading is so quick that once would measure the compiler and somebody else's garbage. */
const READS = 10
const recordings = join(import.meta.dirname, "../../../recordings")

/** Watch lines of pods as a recorder gets them: each text is parsed anew, so that nothing is shared by accident. */
const podLines = (): ReadonlyArray<string> =>
  readdirSync(recordings)
    .filter((name) => name.endsWith(".jsonl.gz"))
    .flatMap((name) =>
      gunzipSync(readFileSync(join(recordings, name)))
        .toString()
        .split("\n")
    )
    .filter((line) => line.includes('"observedAt"') && JSON.parse(line).object?.kind === "Pod")

/** The lives of the recorded pods again and again, each time with other uids and in later versions, many pods at a time. */
const churn = (lines: ReadonlyArray<string>, count: number): ReadonlyArray<string> => {
  const uid = /"uid": "([0-9a-f]{8})(-[0-9a-f-]{27})"/g
  const lives = Math.ceil(count / lines.length)
  return Array.from({ length: count }, (_, i) => {
    const life = i % lives
    const tag = (life * 0x9e3779b1) >>> 0
    return (lines[Math.floor(i / lives)] as string)
      .replace(
        uid,
        (_match, head: string, rest: string) =>
          `"uid": "${((Number.parseInt(head, 16) ^ tag) >>> 0).toString(16).padStart(8, "0")}${rest}"`
      )
      .replace(/"resourceVersion": "\d+"/, `"resourceVersion": "${1_000 + i}"`)
  })
}

/** Parsed when it is wanted, as a recorder does: the price of parsing is part of both rates. */
const eventOf = (line: string): ClusterEvent => {
  const event = parseWatchLine(JSON.parse(line) as Json)
  if (event._tag === "NotAWatchLine") throw new Error(event.problem)
  return event
}

/** Milliseconds of the processor, those of the collector and the compiler with them. */
interface Measured {
  readonly write: number
  readonly read: number
  readonly bytes: number
}

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { system, user } = process.cpuUsage(since)
  return (system + user) / 1_000
}

const timed = (work: () => void): number => {
  const began = process.cpuUsage()
  work()
  return cpuMs(began)
}

/** What the chain needs of an event. `text`: how the canonical text is made. */
const floor = (lines: ReadonlyArray<string>, text: (event: ClusterEvent) => string): number =>
  timed(() => {
    let chain = ""
    for (const line of lines) chain = hash("sha256", chain + text(eventOf(line)))
  })

const rows = (file: string, lines: ReadonlyArray<string>): Measured => {
  const db = new Database(file)
  db.pragma("journal_mode = WAL")
  db.pragma("synchronous = FULL")
  db.exec(
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, uid TEXT NOT NULL, body TEXT NOT NULL) STRICT; CREATE INDEX by_uid ON event(uid, seq)"
  )
  const insert = db.prepare("INSERT INTO event(uid, body) VALUES (?, ?)")
  const uidOf = (event: ClusterEvent): unknown =>
    event._tag === "ObjectChanged" ? (event.object.metadata as JsonObject).uid : ""
  const write = db.transaction((batch: ReadonlyArray<ClusterEvent>) => {
    for (const event of batch) insert.run(uidOf(event), JSON.stringify(event))
  })
  const writing = timed(() => {
    for (let i = 0; i < lines.length; i += BATCH) write(lines.slice(i, i + BATCH).map(eventOf))
  })
  db.pragma("journal_mode = DELETE")
  db.close()
  const read = Array.from({ length: READS }, () => {
    const stored = new Database(file, { readonly: true })
    const all = stored.prepare<[], string>("SELECT body FROM event ORDER BY seq").pluck()
    const ms = timed(() => {
      for (const body of all.iterate()) JSON.parse(body)
    })
    stored.close()
    return ms
  })
  return { write: writing, read: Math.min(...read), bytes: statSync(file).size }
}

const readReel = (file: string): Promise<number> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const log = yield* EventLog
      const began = process.cpuUsage()
      yield* Stream.runForEachArray(log.read(), () => Effect.void)
      return cpuMs(began)
    }).pipe(Effect.provide(EventLogSqlite.layer(file, { mode: "read" })))
  )

const reel = async (file: string, lines: ReadonlyArray<string>): Promise<Measured> => {
  const write = await Effect.runPromise(
    Effect.gen(function* () {
      const began = process.cpuUsage()
      // No more is parsed at a time than a commit takes, as by a recorder.
      const source = Stream.fromIterable(lines, { chunkSize: BATCH })
      yield* appendStream(Stream.map(source, eventOf), { events: BATCH })
      return cpuMs(began)
    }).pipe(Effect.provide(EventLogSqlite.layer(file, { mode: "create" })))
  )
  const read: Array<number> = []
  for (let i = 0; i < READS; i++) read.push(await readReel(file))
  return { write, read: Math.min(...read), bytes: statSync(file).size }
}

const best = (all: ReadonlyArray<Measured>, part: keyof Measured): number => Math.min(...all.map((one) => one[part]))

const compare = async (folder: string, name: string, lines: ReadonlyArray<string>): Promise<void> => {
  const [plain, ours]: [Array<Measured>, Array<Measured>] = [[], []]
  const floors: Array<readonly [portable: number, native: number]> = []
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b] = [join(folder, `${name}-${round}.db`), join(folder, `${name}-${round}.reel`)]
    plain.push(rows(a, lines))
    ours.push(await reel(b, lines))
    floors.push([floor(lines, encode), floor(lines, JSON.stringify)])
    for (const file of [a, b]) rmSync(file)
  }
  const each = (ms: number): string => `${((1_000 * ms) / lines.length).toFixed(1)} µs`
  const row = (ms: number, of: number): string => `${(of / ms).toFixed(2)} × rows (${each(ms)} of ${each(of)})`
  const write = best(plain, "write")
  const [small, large] = [best(ours, "bytes"), best(plain, "bytes")]
  const least = (part: 0 | 1): number => Math.min(...floors.map((one) => one[part]))
  console.log(`${name}: ${lines.length} versions of pods, from watch line to disk, durable, ${BATCH} a commit`)
  console.log(`  write ${row(best(ours, "write"), write)}`)
  console.log(`  floor ${row(least(0), write)}; with JSON.stringify for the text ${row(least(1), write)}`)
  console.log(`  read  ${row(best(ours, "read"), best(plain, "read"))}`)
  console.log(
    `  size  ${Math.round(small / lines.length)} B an event, 1/${(large / small).toFixed(1)} of rows (${Math.round(large / lines.length)} B)`
  )
}

test("the reel beside rows of JSON", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kubereel-bench-"))
  try {
    const lines = podLines()
    await compare(folder, "recorded", lines)
    await compare(folder, "churn", churn(lines, 4 * lines.length))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
