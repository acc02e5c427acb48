/** What is said while a recording goes on is what `check` says of it. */
import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, check, EventLog, laws, type Outcome } from "@kubereel/core"
import { lifeOf } from "@kubereel/core/testing"
import { Effect } from "effect"
import { OnlineCheck, watchRecording } from "../../src/action/check/watchRecording.ts"
import { collect, openHistory } from "../../src/input/openHistory.ts"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"

const root = join(import.meta.dirname, "..", "..", "..", "..")
const reel = () => join(mkdtempSync(join(tmpdir(), "kubereel-watch-")), "x.reel")
const plain = (outcomes: ReadonlyArray<Outcome>) =>
  outcomes.map(({ property: { id }, inconclusive, ...rest }) => ({ id, inconclusive: [...inconclusive], ...rest }))
const chosenBy = ({ id }: { readonly id: string }) => `--law ${id}`
const options = (file: string) => ({ file, properties: laws, chosenBy, queued: () => 1 })
const linesOf = (file: string) =>
  readFileSync(`${file}.verdicts.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

const broken = lifeOf(
  { status: { phase: "Failed" } },
  { status: { phase: "Running" } },
  { status: { phase: "Running" } }
)

describe("a check of a recording that goes on", () => {
  it.live("says at every cut what check says of the reel up to there", () =>
    Effect.gen(function* () {
      const recorded = yield* Effect.flatMap(openHistory(join(root, "recordings/crash-loop.1.jsonl.gz")), collect)
      const file = reel()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const log = yield* EventLog
          const { check: online, finish } = yield* watchRecording(options(file))
          const told: Array<ClusterEvent> = []
          for (let from = 0; from < recorded.length; from += 7) {
            const batch = recorded.slice(from, from + 7)
            yield* log.append(batch)
            told.push(...batch)
            while (online.seen < told.length) yield* Effect.sleep("5 millis")
            assert.deepEqual(plain(online.outcomes()), plain(check(laws, told)))
          }
          yield* finish
        })
      ).pipe(Effect.provide(EventLogSqlite.layer(file, { mode: "create" })))
      assert.deepInclude(
        linesOf(file).find(({ property }) => property === "L3"),
        { schemaVersion: 1, standing: "holding", seq: recorded.length }
      )
    })
  )

  it.live("keeps each violation beside the reel, and goes on", () =>
    Effect.gen(function* () {
      const file = reel()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const log = yield* EventLog
          const { finish } = yield* watchRecording(options(file))
          yield* log.append(broken)
          yield* finish
        })
      ).pipe(Effect.provide(EventLogSqlite.layer(file, { mode: "create" })))
      const told = linesOf(file).filter(({ verdict }) => verdict === "violated")
      assert.deepEqual(
        told.find(({ property }) => property === "L10"),
        {
          schemaVersion: 1,
          property: "L10",
          slice: "uid-of-Pod-p",
          verdict: "violated",
          seq: 2,
          at: "2026-01-01T00:00:01.000Z",
          since: "2026-01-01T00:00:01.000Z"
        }
      )
    })
  )

  it("tells the last events of the object that a slice is of", () => {
    const online = new OnlineCheck(laws.filter(({ id }) => id === "L10"))
    for (const [place, event] of broken.entries()) online.see({ event, seq: place + 1 })
    const [news] = online.news()
    assert.deepEqual(news?.last, [1, 2, 3])
    assert.deepEqual(online.news(), [])
  })
})
