/** The contract of event logs: what appending does. */
import { assert, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import type { ClusterEvent } from "../../event/ClusterEvent.ts"
import type { JsonObject } from "../../event/Json.ts"
import { appendContradicting } from "../../port/appendContradicting.ts"
import { appendStream } from "../../port/appendStream.ts"
import { EventLog } from "../../port/EventLog.ts"
import { at, type Given, gap, holds, version } from "./histories.ts"

export const numbering = (given: Given): void => {
  it.effect("begins empty", () => given(holds([])))

  it.effect("guarantee 3: numbers events from 1, without gaps over repeats and refused batches", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        assert.deepStrictEqual(yield* log.append([]), { seqs: [], repeated: 0 })
        assert.deepStrictEqual(yield* log.append([version("a", "1"), version("b", "1")]), { seqs: [1, 2], repeated: 0 })
        assert.deepStrictEqual(yield* log.append([version("a", "1"), version("a", "2")]), { seqs: [1, 3], repeated: 1 })
        yield* Effect.flip(log.append([version("c", "1"), version("a", "1", { spec: {} })]))
        assert.deepStrictEqual(yield* log.append([version("c", "1")]), { seqs: [4], repeated: 0 })
        yield* holds([version("a", "1"), version("b", "1"), version("a", "2"), version("c", "1")])
      })
    )
  )

  it.effect("guarantee 1: appends all of a batch or nothing", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const before = Array.from({ length: 300 }, (_, i) => version("a", String(i + 1)))
        yield* log.append(before)
        const batch = Array.from({ length: 600 }, (_, i) => version("b", String(i + 1)))
        const refused = yield* Effect.flip(log.append([...batch, gap(1), version("a", "7", { spec: {} })]))
        assert.strictEqual(refused._tag, "IdConflict")
        assert.deepInclude(refused, { index: 601, seq: 7, id: "v1 Pod a 7 MODIFIED" })
        yield* holds(before)
        yield* log.append([gap(1), ...batch])
        yield* holds([...before, gap(1), ...batch])
      })
    )
  )

  it.effect("takes a long array at once, and a stream in groups", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const long = Array.from({ length: 3_000 }, (_, i) => version(`pod-${i % 7}`, String(i + 1)))
        assert.strictEqual((yield* log.append(long)).seqs.at(-1), 3_000)
        const more = Array.from({ length: 1_050 }, (_, i) => version(`pod-${(i + 2_900) % 7}`, String(i + 2_901)))
        assert.deepStrictEqual(yield* appendStream(Stream.fromIterable(more), { events: 200 }), {
          appended: 950,
          repeated: 100
        })
        yield* holds([...long, ...more.slice(100)])
      })
    )
  )
}

export const identity = (given: Given): void => {
  it.effect("guarantee 5: knows a change again whenever it was seen, and keeps the first sighting", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const later = { ...version("a", "1"), observed: at(99) }
        assert.deepStrictEqual(yield* log.append([version("a", "1"), gap(1), later]), { seqs: [1, 2, 1], repeated: 1 })
        assert.deepStrictEqual(yield* log.append([later]), { seqs: [1], repeated: 1 })
        yield* holds([version("a", "1"), gap(1)])
      })
    )
  )

  it.effect("guarantee 5: tells kinds of change, served versions and objects apart", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const other = version("a", "1", { apiVersion: "v2", kind: "Pod" })
        const events = [
          version("a", "1"),
          { ...version("a", "1"), change: "DELETED" as const },
          other,
          version("b", "1")
        ]
        assert.strictEqual((yield* log.append(events)).repeated, 0)
        yield* holds(events)
      })
    )
  )

  it.effect(
    "guarantee 5: goes by the content where there is no resourceVersion, and by content and moment for other events",
    () =>
      given(
        Effect.gen(function* () {
          const log = yield* EventLog
          const bare = version("a", "", { status: { phase: "Running" } })
          const changed = version("a", "", { status: { phase: "Failed" } })
          const fact: ClusterEvent = {
            _tag: "PodFact",
            observed: at(1),
            pod: { namespace: "shop", name: "a", uid: "a" },
            event: { _tag: "PodSynced", sync: "SyncPod" }
          }
          const events: ReadonlyArray<ClusterEvent> = [
            bare,
            changed,
            gap(1),
            gap(2),
            fact,
            { ...fact, observed: at(2) }
          ]
          assert.strictEqual((yield* log.append(events)).repeated, 0)
          assert.deepStrictEqual(yield* log.append(events), { seqs: [1, 2, 3, 4, 5, 6], repeated: 6 })
          yield* holds(events)
        })
      )
  )

  it.effect(
    "guarantee 5: one version that two sources tell in two ways stands there twice, each told again a repeat",
    () =>
      given(
        Effect.gen(function* () {
          const log = yield* EventLog
          const told = (source: string, more: JsonObject) => ({ ...version("a", "1", more), line: { source } })
          const [watch, audit] = [told("watch", { spec: { a: 1, b: [{ c: 2 }] } }), told("audit", { spec: { a: 2 } })]
          const less = told("poor", { spec: { b: [{ c: 2 }] } })
          assert.deepStrictEqual(yield* log.append([watch, audit, less]), { seqs: [1, 2, 1], repeated: 1 })
          assert.deepStrictEqual(yield* log.append([audit, watch]), { seqs: [2, 1], repeated: 2 })
          yield* holds([watch, audit])
          // A source that contradicts itself is refused as ever, unless it is said what is behind it.
          const other = told("audit", { spec: { a: 3 } })
          assert.strictEqual((yield* Effect.flip(log.append([gap(1), other])))._tag, "IdConflict")
          const { seqs } = yield* appendContradicting([gap(1), other, version("b", "1")], "it says so")
          assert.deepStrictEqual(seqs, [3, 4, 5, 6])
          const message = "version 1 of Pod a was seen before with other content: it says so"
          const warning: ClusterEvent = { _tag: "Warned", observed: at(1), message }
          yield* holds([watch, audit, gap(1), warning, { ...other, era: 1 }, version("b", "1")])
        })
      )
  )

  it.effect(
    "guarantee 6: keeps an object's versions in the order of their arrival, with the versions that they came with",
    () =>
      given(
        Effect.gen(function* () {
          const log = yield* EventLog
          const versions = ["9", "10", "8", "170141183460469231731687303715884105727"].map((v) => version("a", v))
          yield* log.append(versions)
          yield* holds(versions)
        })
      )
  )
}
