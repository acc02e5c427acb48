import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, Instant, type Micros } from "@kubereel/core"
import { Effect } from "effect"
import fc from "fast-check"
import { afterAll } from "vitest"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { RecordedTime } from "../../src/reel/RecordedTime.ts"
import { churn } from "./churn.ts"
import { withLog } from "./history.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-age-"))
let made = 0
afterAll(() => rmSync(folder, { recursive: true }))

const SECOND = 1_000_000
const HOUR = (3_600 * SECOND) as Micros
const YEAR = 31_536_000 * SECOND
const T0 = 1_767_225_600_000_000

/** An event a second, by a clock that is wrong by `off(i)`. */
const history = (off: (i: number) => number): ReadonlyArray<ClusterEvent> =>
  churn(9_000).map((event, i) => ({ ...event, observed: Instant.make(T0 + i * SECOND + off(i)) }))

/** What is removed after 6,000 and after all 9,000 seconds, each part in a session of its own. */
const removed = Effect.fnUntraced(function* (all: ReadonlyArray<ClusterEvent>) {
  const file = join(folder, `${++made}.reel`)
  const after: Array<number> = []
  for (const [from, to] of [
    [0, 6_000],
    [6_000, 9_000]
  ] as const) {
    yield* withLog(EventLogSqlite.layer(file, { mode: "write", limits: { age: HOUR } }), (log) =>
      Effect.gen(function* () {
        for (let i = from; i < to; i += 250) yield* log.append(all.slice(i, i + 250))
      })
    )
    after.push((yield* EventLogSqlite.verify(file)).removed)
  }
  return after as [number, number]
})

describe("guarantee 19: a limit of age and a clock that is wrong", () => {
  it.effect.each([
    ["is right", () => 0],
    ["leaps a year ahead for a while", (i: number) => (i >= 3_000 && i < 3_100 ? YEAR : 0)],
    ["leaps a year ahead for good", (i: number) => (i >= 3_000 ? YEAR : 0)],
    ["goes back by a year", (i: number) => (i >= 3_000 ? -YEAR : 0)],
    ["is wrong when the second session begins", (i: number) => (i >= 6_000 ? YEAR : 0)]
  ] as const)("keeps the last hour that was recorded, and lets older events go, when the clock %s", ([, off]) =>
    Effect.gen(function* () {
      const [first, second] = yield* removed(history(off))
      // Five minutes at most count for a leap.
      assert.isAtMost(first, 6_000 - 3_600 + 300)
      assert.isAtMost(second, 9_000 - 3_600 + 300)
      assert.isAbove(second, 2_500)
    })
  )

  it("never counts more than was there to count: each step as five minutes or a tenth of the age", () => {
    const moments = fc.array(fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.constantFrom(YEAR / SECOND, 0)), {
      minLength: 600,
      maxLength: 1_500
    })
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 48 }), (seconds, hours) => {
        const age = (hours * HOUR) as Micros
        const time = new RecordedTime(age)
        const steps = seconds.map((second, i) => Math.max(0, second - (seconds[i - 1] ?? second)) * SECOND)
        const most = Math.min(300 * SECOND, age / 10)
        for (const [i, second] of seconds.entries()) time.see(i + 1, Instant.make(T0 + second * SECOND))
        const old = time.old()
        const since = steps.slice(old).reduce((sum, step) => sum + Math.min(step, most), 0)
        if (old > 0) assert.isAbove(since, age)
      }),
      { numRuns: 50 }
    )
  })
})
