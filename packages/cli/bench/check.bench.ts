/**
 * What holding histories to every law costs: over a reel, decoding included, and for each event of a recording that goes on.
 * Ratios are of the processor's time against reading the reel alone in the same run. `npm run bench -- check`
 *
 * Goals: 100,000 events a second, decoding included; 99 of 100 events under a millisecond at 1,000 events a second.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { appendStream, Checker, type ClusterEvent, EventLog, laws, type Outcome, type Property } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { test } from "vitest"
import * as EventLogSqlite from "../src/reel/EventLogSqlite.ts"
import { percentile, turns } from "./turns.ts"

const EVENTS = 60_000
const CLUSTERS = 100
const ROUNDS = 3

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { system, user } = process.cpuUsage(since)
  return (system + user) / 1_000
}

const write = (file: string) =>
  Effect.runPromise(
    appendStream(Stream.fromIterable(turns(EVENTS, CLUSTERS))).pipe(
      Effect.provide(EventLogSqlite.layer(file, { mode: "create" }))
    )
  )

/** Milliseconds of the processor, and of the wall. */
interface Took {
  readonly cpu: number
  readonly wall: number
  readonly outcomes: ReadonlyArray<Outcome>
}

const read = (file: string, properties: ReadonlyArray<Property>): Promise<Took> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const log = yield* EventLog
      const checker = properties.length === 0 ? undefined : new Checker(properties)
      const [cpu, wall] = [process.cpuUsage(), performance.now()]
      yield* Stream.runForEachArray(log.read(), (batch) =>
        Effect.sync(() => {
          if (checker !== undefined) for (const { event, seq } of batch) checker.see(event, seq)
        })
      )
      return { cpu: cpuMs(cpu), wall: performance.now() - wall, outcomes: checker?.outcomes("open") ?? [] }
    }).pipe(Effect.provide(EventLogSqlite.layer(file, { mode: "read" })))
  )

const best = (all: ReadonlyArray<Took>): Took => all.toSorted((a, b) => a.cpu - b.cpu)[0] as Took
const rate = (events: number, ms: number): string => Math.round((1_000 * events) / ms).toLocaleString("en")

const online = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<number> => {
  const checker = new Checker(laws)
  return events.map((event) => {
    const began = performance.now()
    checker.see(event)
    return 1_000 * (performance.now() - began)
  })
}

test("all laws over a reel, and while it grows", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kubereel-bench-"))
  try {
    const file = join(folder, "check.reel")
    const { appended } = await write(file)
    const [plain, checked]: [Array<Took>, Array<Took>] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      plain.push(await read(file, []))
      checked.push(await read(file, laws))
    }
    const [alone, all] = [best(plain), best(checked)]
    const fired = all.outcomes.reduce((sum, outcome) => sum + outcome.fired, 0)
    console.log(`${appended} events, ${laws.length} laws, fired ${fired} times`)
    console.log(`  read alone ${rate(appended, alone.cpu)} events/s (${rate(appended, alone.wall)}/s by the wall)`)
    console.log(
      `  all laws   ${rate(appended, all.cpu)} events/s (${rate(appended, all.wall)}/s by the wall), ${(all.cpu / alone.cpu).toFixed(2)} × reading alone`
    )
    const costs = online([...turns(EVENTS / 4, CLUSTERS)])
    console.log(
      `  online     p50 ${percentile(costs, 0.5).toFixed(1)} µs, p99 ${percentile(costs, 0.99).toFixed(1)} µs, most ${Math.max(...costs).toFixed(0)} µs an event`
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
