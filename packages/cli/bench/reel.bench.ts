/**
 * How fast and how small a reel is, beside a table with a row of JSON for each event and an index over (uid, seq).
 * Prints ratios, because absolute figures belong to one machine. `npm run bench -- reel`
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { appendStream, type ClusterEvent, EventLog, type Json, type JsonObject, parseWatchLine } from "@kubereel/core"
import Database from "better-sqlite3"
import { Effect, Stream } from "effect"
import { test } from "vitest"
import * as EventLogSqlite from "../src/reel/EventLogSqlite.ts"

const BATCH = 100
const ROUNDS = 3
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
    .filter((line) => line.includes('"kind": "Pod"') && line.includes('"observedAt"'))

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

interface Measured {
  readonly writeMs: number
  /** Of the processor alone: steadier than the clock on a machine that does other things, too. */
  readonly writeCpuMs: number
  readonly readMs: number
  readonly bytes: number
}

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { system, user } = process.cpuUsage(since)
  return (system + user) / 1_000
}

const timed = (work: () => void): number => {
  const began = performance.now()
  work()
  return performance.now() - began
}

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
  const cpu = process.cpuUsage()
  const writeMs = timed(() => {
    for (let i = 0; i < lines.length; i += BATCH) write(lines.slice(i, i + BATCH).map(eventOf))
  })
  const writeCpuMs = cpuMs(cpu)
  const readMs = timed(() => {
    for (const body of db.prepare<[], string>("SELECT body FROM event ORDER BY seq").pluck().iterate()) JSON.parse(body)
  })
  db.pragma("wal_checkpoint(TRUNCATE)")
  db.close()
  return { writeMs, writeCpuMs, readMs, bytes: statSync(file).size }
}

const reel = async (file: string, lines: ReadonlyArray<string>): Promise<Measured> => {
  const writing = EventLogSqlite.layer(file, { mode: "create" })
  let writeMs = 0
  let readMs = 0
  let writeCpuMs = 0
  await Effect.runPromise(
    Effect.gen(function* () {
      const cpu = process.cpuUsage()
      const began = performance.now()
      yield* appendStream(Stream.map(Stream.fromIterable(lines), eventOf), { events: BATCH })
      writeMs = performance.now() - began
      writeCpuMs = cpuMs(cpu)
      const log = yield* EventLog
      const readBegan = performance.now()
      yield* Stream.runForEachArray(log.read(), () => Effect.void)
      readMs = performance.now() - readBegan
    }).pipe(Effect.provide(writing))
  )
  return { writeMs, writeCpuMs, readMs, bytes: statSync(file).size }
}

const compare = async (folder: string, name: string, lines: ReadonlyArray<string>): Promise<void> => {
  const [plain, ours]: [Array<Measured>, Array<Measured>] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b] = [join(folder, `${name}-${round}.db`), join(folder, `${name}-${round}.reel`)]
    plain.push(rows(a, lines))
    ours.push(await reel(b, lines))
    for (const file of [a, b]) rmSync(file)
  }
  const best = (all: ReadonlyArray<Measured>, part: keyof Measured): number => Math.min(...all.map((one) => one[part]))
  const rate = (ms: number): string => `${Math.round(lines.length / ms)} k/s`
  const row = (part: "writeMs" | "writeCpuMs" | "readMs"): string =>
    `${rate(best(ours, part))}, ${(best(plain, part) / best(ours, part)).toFixed(2)} × rows (${rate(best(plain, part))})`
  const [small, large] = [best(ours, "bytes"), best(plain, "bytes")]
  console.log(`${name}: ${lines.length} pod versions, from watch line to disk, durable, ${BATCH} a commit`)
  console.log(`  write ${row("writeMs")}`)
  console.log(`  …processor only ${row("writeCpuMs")}`)
  console.log(`  read  ${row("readMs")}`)
  console.log(
    `  size  ${Math.round(small / lines.length)} B an event, 1/${(large / small).toFixed(1)} of rows (${Math.round(large / lines.length)} B)`
  )
}

test("the reel beside rows of JSON", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kubereel-bench-"))
  try {
    const lines = podLines()
    await compare(folder, "recorded", lines)
    await compare(folder, "churn", churn(lines, 10_000))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
