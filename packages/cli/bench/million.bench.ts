/**
 * A reel of a million events: the shipped recordings again and again, each time with new names. How large it is, how long it
 * takes to open, and to say what was true at a random moment. `npm run bench -- million`
 *
 * Goals: at most 100 B an event; open in 1 s; the state at a random T in 100 ms at the 99th percentile.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { appendStream, type ClusterEvent, EventLog, Instant, type Json, parseWatchLine } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { expect, test } from "vitest"
import * as EventLogSqlite from "../src/reel/EventLogSqlite.ts"

const EVENTS = 1_000_000
const QUESTIONS = 300
const recordings = join(import.meta.dirname, "../../../recordings")

const texts = readdirSync(recordings)
  .filter((name) => name.endsWith(".jsonl.gz"))
  .map((name) =>
    gunzipSync(readFileSync(join(recordings, name)))
      .toString()
      .trim()
      .split("\n")
      .slice(1)
  )

const UID = /"uid": "([0-9a-f]{8})(-[0-9a-f-]{27})"/g

const parsed = (line: string): ClusterEvent => {
  const event = parseWatchLine(JSON.parse(line) as Json)
  if (event._tag === "NotAWatchLine") throw new Error(event.problem)
  return event
}

const START = 1_767_225_600_000_000
const MINUTE = 60_000_000

/** One recording once more: other uids, later than everything before; at its end what is left of its cluster goes. */
function* turn(lines: ReadonlyArray<string>, count: number): Generator<ClusterEvent> {
  const tag = Math.imul(count + 1, 0x9e3779b1) >>> 0
  const left = new Map<string, ClusterEvent>()
  for (const line of lines) {
    const event = parsed(
      line.replace(
        UID,
        (_match, head: string, rest: string) =>
          `"uid": "${((Number.parseInt(head, 16) ^ tag) >>> 0).toString(16).padStart(8, "0")}${rest}"`
      )
    )
    if (event._tag !== "ObjectChanged") continue
    const later = { ...event, observed: Instant.make(START + MINUTE * count + ((event.observed ?? 0) % MINUTE)) }
    const { metadata } = event.object as { readonly metadata?: { readonly uid?: string } }
    if (metadata?.uid !== undefined) {
      if (event.change === "DELETED") left.delete(metadata.uid)
      else left.set(metadata.uid, { ...later, change: "DELETED" })
    }
    yield later
  }
  yield* left.values()
}

function* all(): Generator<ClusterEvent> {
  let written = 0
  for (let count = 0; written < EVENTS; count++) {
    for (const event of turn(texts[count % texts.length] ?? [], count)) {
      if (written++ >= EVENTS) return
      yield event
    }
  }
}

const percentile = (values: ReadonlyArray<number>, part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN

test("a reel of a million events", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kubereel-million-"))
  const file = join(folder, "million.reel")
  try {
    const began = performance.now()
    await Effect.runPromise(
      Effect.provide(appendStream(Stream.fromIterable(all())), EventLogSqlite.layer(file, { mode: "create" }))
    )
    console.log(`written in ${((performance.now() - began) / 1_000).toFixed(0)} s`)
    const opening = performance.now()
    await Effect.runPromise(
      Effect.gen(function* () {
        const log = yield* EventLog
        const { seq } = yield* log.head
        const openMs = performance.now() - opening
        const times: Array<number> = []
        let objects = 0
        const last = (yield* log.stateAt({ seq })).observed ?? 0
        for (let i = 0; i < QUESTIONS; i++) {
          const part = (i * 0.6180339887) % 1
          const asked = performance.now()
          const state = yield* log.stateAt(
            i % 2 === 0
              ? { seq: Math.ceil(part * seq) }
              : { observed: Instant.make(Math.floor(START + part * (last - START))) }
          )
          times.push(performance.now() - asked)
          objects = Math.max(objects, state.entries.length)
        }
        const bytes = statSync(file).size / seq
        const p99 = percentile(times, 0.99)
        console.log(
          `${seq} events: ${bytes.toFixed(0)} B an event, open ${openMs.toFixed(0)} ms, state at T median ${percentile(times, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (up to ${objects} objects)`
        )
        expect(openMs).toBeLessThan(1_000)
        expect(p99).toBeLessThan(100)
        expect(bytes).toBeLessThan(100)
      }).pipe(Effect.provide(EventLogSqlite.layer(file, { mode: "read" })))
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
