import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import type { ClusterEvent } from "../../src/event/ClusterEvent.ts"
import { type Instant, parseInstant, SECOND } from "../../src/event/Instant.ts"
import { ClusterBackend } from "../../src/port/ClusterBackend.ts"
import * as ReplayBackend from "../../src/port/ReplayBackend.ts"
import { clusterBackendContract } from "../../src/testing/clusterBackendContract.ts"
import { memoryLog } from "./memoryLog.ts"

const at = (text: string): Instant => {
  const instant = parseInstant(`2026-11-21T08:00:${text}Z`)
  if (instant === undefined) throw new Error(text)
  return instant
}

const pod = (uid: string, resourceVersion: string) => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name: uid, uid, resourceVersion }
})

const events: ReadonlyArray<ClusterEvent> = [
  { _tag: "RecordingStarted", header: { t0: "2026-11-21T08:00:00.000Z" } },
  { _tag: "ObjectChanged", observed: at("02.000"), change: "ADDED", object: pod("a", "1") },
  // Two watches, one file: this one was seen before the line above it.
  { _tag: "ObjectChanged", observed: at("01.500"), change: "ADDED", object: pod("b", "2") },
  { _tag: "Warned", message: "without a time" },
  { _tag: "ObjectChanged", observed: at("04.000"), change: "MODIFIED", object: pod("a", "3") },
  { _tag: "Gap", cause: "closed", detail: "" },
  { _tag: "ObjectChanged", observed: at("09.000"), change: "DELETED", object: pod("a", "4") }
]

const replay = (log: ReadonlyArray<ClusterEvent>) => Layer.provide(ReplayBackend.layer, memoryLog(log))

clusterBackendContract("a reel being replayed", { layer: replay(events), horizon: 10 * SECOND })

describe("the replay of a reel", () => {
  const take = (to: Instant) => Effect.flatMap(ClusterBackend, ({ advance }) => Stream.runCollect(advance(to)))

  it.effect("keeps the order of the log where the stamps disagree", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* take(at("01.900")), events.slice(0, 1))
      assert.deepStrictEqual(yield* take(at("02.000")), events.slice(1, 4))
      assert.deepStrictEqual(yield* take(at("59.000")), events.slice(4))
    }).pipe(Effect.provide(replay(events)))
  )

  it.effect("keeps for the next time what a reader did not take", () =>
    Effect.gen(function* () {
      const { advance } = yield* ClusterBackend
      assert.deepStrictEqual(yield* advance(at("59.000")).pipe(Stream.take(2), Stream.runCollect), events.slice(0, 2))
      assert.deepStrictEqual(yield* take(at("59.000")), events.slice(2))
    }).pipe(Effect.provide(replay(events)))
  )

  it.effect("begins with the header's t0, or with the first moment it knows", () =>
    Effect.gen(function* () {
      const begin = (log: ReadonlyArray<ClusterEvent>) =>
        Effect.flatMap(ClusterBackend, (backend) => backend.now).pipe(Effect.provide(replay(log)))
      assert.strictEqual(yield* begin(events), at("00.000"))
      assert.strictEqual(yield* begin(events.slice(1)), at("02.000"))
      assert.strictEqual(yield* begin([]), 0)
    })
  )
})
