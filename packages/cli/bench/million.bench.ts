/**
 * Reels of very many events, the shipped recordings again and again, each time with new names: one cluster after the other, and
 * many at a time, so that thousands of objects are there. How large a reel is, how long it takes to open, and to say what was
 * true at a random moment: in time of the processor, as nothing else is waited for and the clock swings with what else the machine
 * does.
 * `npm run bench -- million`
 *
 * Goals: at most 100 B an event; open in 1 s; the state at a random T in 100 ms at the 99th percentile.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { appendStream, EventLog, Instant } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { expect, test } from "vitest"
import * as EventLogSqlite from "../src/reel/EventLogSqlite.ts"
import { percentile, START, turns } from "./turns.ts"

const QUESTIONS = 300

/** Of this thread: the collector's own threads make nobody wait. */
const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { system, user } = process.threadCpuUsage(since)
  return (system + user) / 1_000
}

const asked = (file: string) => {
  const opening = process.threadCpuUsage()
  return Effect.gen(function* () {
    const log = yield* EventLog
    const { seq } = yield* log.head
    const openMs = cpuMs(opening)
    const times: Array<number> = []
    let objects = 0
    const last = (yield* log.stateAt({ seq })).observed ?? 0
    for (let i = 0; i < QUESTIONS; i++) {
      const part = (i * 0.6180339887) % 1
      const began = process.threadCpuUsage()
      const state = yield* log.stateAt(
        i % 2 === 0
          ? { seq: Math.ceil(part * seq) }
          : { observed: Instant.make(Math.floor(START + part * (last - START))) }
      )
      times.push(cpuMs(began))
      objects = Math.max(objects, state.entries.length)
    }
    return { seq, openMs, times, objects }
  }).pipe(Effect.provide(EventLogSqlite.layer(file, { mode: "read" })))
}

test.each([
  { events: 1_000_000, clusters: 1 },
  { events: 200_000, clusters: 185 }
])("a reel of $events events, $clusters clusters at a time", async ({ clusters, events }) => {
  const folder = mkdtempSync(join(tmpdir(), "kubereel-million-"))
  const file = join(folder, "million.reel")
  try {
    const began = performance.now()
    await Effect.runPromise(
      Effect.provide(
        appendStream(Stream.fromIterable(turns(events, clusters))),
        EventLogSqlite.layer(file, { mode: "create" })
      )
    )
    console.log(`written in ${((performance.now() - began) / 1_000).toFixed(0)} s`)
    const { objects, openMs, seq, times } = await Effect.runPromise(asked(file))
    const bytes = statSync(file).size / seq
    const p99 = percentile(times, 0.99)
    console.log(
      `${seq} events: ${bytes.toFixed(0)} B an event, open ${openMs.toFixed(0)} ms, state at T median ${percentile(times, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (up to ${objects} objects)`
    )
    expect(openMs).toBeLessThan(1_000)
    expect(p99).toBeLessThan(100)
    expect(bytes).toBeLessThan(100)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
