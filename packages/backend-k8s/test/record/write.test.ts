import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, EventLog, EventLogFailure, EventLogMemory, type ObjectChanged } from "@kubereel/core"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { type Counts, type WriteOptions, writeGroup } from "../../src/record/write.ts"
import { logged } from "./session.ts"

const version = (resourceVersion: string, phase: string): ObjectChanged => ({
  _tag: "ObjectChanged",
  change: "MODIFIED",
  object: { apiVersion: "v1", kind: "Pod", metadata: { name: "a", uid: "u", resourceVersion }, status: { phase } }
})

const options = (counts: Counts, more: Partial<WriteOptions> = {}): WriteOptions => ({
  counts,
  isPassing: () => false,
  onFailure: () => Effect.void,
  onWritten: () => Effect.void,
  ...more
})

const received = (events: ReadonlyArray<ClusterEvent>): Counts => ({
  received: events.length,
  appended: 0,
  repeated: 0,
  lag: 0
})

describe("a group on its way into the log", () => {
  it.effect(
    "guarantee 6: a version that the server hands out again with other content is recorded, with a warning, in an era of its own",
    () =>
      Effect.gen(function* () {
        const first = [version("1", "Pending"), version("2", "Running")]
        yield* writeGroup(first, options(received(first)))
        const again = [version("1", "Pending"), version("2", "Failed"), version("3", "Failed")]
        const counts = received(again)
        yield* writeGroup(again, options(counts))
        assert.deepInclude(counts, { received: 4, appended: 3, repeated: 1 })
        const log = yield* logged
        assert.deepStrictEqual(
          log
            .slice(2)
            .map((event) => (event._tag === "ObjectChanged" ? [event.object["status"], event.era] : event._tag)),
          ["Warned", [{ phase: "Failed" }, 1], [{ phase: "Failed" }, undefined]]
        )
      }).pipe(Effect.provide(EventLogMemory.layer))
  )

  it.effect("guarantee 19: waits for a disk that is full, and is then written once", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      let full = true
      const failing = EventLog.of({
        ...log,
        append: (events) =>
          Effect.suspend(() => (full ? Effect.fail(new EventLogFailure({ cause: "full" })) : log.append(events)))
      })
      const group = [version("1", "Pending")]
      const counts = received(group)
      const writing = yield* Effect.forkChild(
        writeGroup(group, options(counts, { isPassing: () => true })).pipe(Effect.provideService(EventLog, failing))
      )
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* logged).length, 0)
      full = false
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(writing)
      assert.deepInclude(counts, { received: 1, appended: 1, repeated: 0 })
      assert.strictEqual((yield* logged).length, 1)
    }).pipe(Effect.provide(EventLogMemory.layer))
  )
})
