/** The contract of event logs: what reading gives, and the hash over it. */
import { assert, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import type { ClusterEvent } from "../../event/ClusterEvent.ts"
import { encode } from "../../event/encode.ts"
import { EventLog } from "../../port/EventLog.ts"
import { at, type Given, gap, holds, readAll, version } from "./histories.ts"

/** SHA-256 chain over three events, computed once and for ever: stored reels rely on it. */
const goldenHash = "cbc8c0759a940d4a2df15be9bbc030b5f6c1a816f6306d4e7bc78d03087937e9"

export const reading = (given: Given): void => {
  it.effect("reads from any number on, and nothing beyond the end", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const events = Array.from({ length: 700 }, (_, i) => version(`pod-${i % 3}`, String(i + 1)))
        for (let i = 0; i < events.length; i += 90) yield* log.append(events.slice(i, i + 90))
        for (const from of [1, 2, 90, 255, 256, 257, 513, 700, 701, 5_000]) {
          const found = yield* Stream.runCollect(log.read(from))
          assert.deepStrictEqual(
            found.map(({ seq }) => seq),
            events.slice(from - 1).map((_, i) => from + i),
            `from ${from}`
          )
          assert.deepStrictEqual(
            found.map(({ event }) => encode(event)),
            events.slice(from - 1).map((event) => encode(event))
          )
        }
      })
    )
  )

  it.effect("ends where the log ended when reading began", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        yield* log.append([gap(1), gap(2), gap(3)])
        let next = 1
        yield* Stream.runForEach(log.read(), ({ seq }) => {
          assert.strictEqual(seq, next++)
          return log.append(Array.from({ length: 300 }, (_, i) => version("a", String(seq * 300 + i))))
        })
        assert.strictEqual(next, 4)
        assert.strictEqual((yield* readAll).length, 903)
      })
    )
  )

  it.effect("guarantee 14: passes events through that a newer version wrote", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const newer: ClusterEvent = {
          _tag: "Unknown",
          observed: at(5),
          version: 99,
          content: { _tag: "PodDreamt", observed: at(5), of: ["-", null] }
        }
        yield* log.append([gap(1), newer, version("a", "1")])
        assert.deepStrictEqual((yield* log.append([newer])).seqs, [2])
        assert.deepStrictEqual((yield* readAll)[1]?.event, newer)
        yield* holds([gap(1), newer, version("a", "1")])
      })
    )
  )
}

export const hashing = (given: Given): void => {
  it.effect("has the same head hash on every machine", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        assert.deepStrictEqual(yield* log.head, { seq: 0, hash: "0".repeat(64) })
        yield* log.append([
          { _tag: "RecordingStarted", header: { scenario: "crash-loop", t0: "ü" } },
          version("a", "1"),
          gap(1)
        ])
        assert.deepStrictEqual(yield* log.head, { seq: 3, hash: goldenHash })
      })
    )
  )

  it.effect("hashes the order of events, not their batches", () =>
    Effect.gen(function* () {
      const events = Array.from({ length: 400 }, (_, i) => version(`pod-${i % 5}`, String(i + 1)))
      const headAfter = (batch: number, history: ReadonlyArray<ClusterEvent>) =>
        given(
          Effect.gen(function* () {
            const log = yield* EventLog
            for (let i = 0; i < history.length; i += batch) yield* log.append(history.slice(i, i + batch))
            return (yield* log.head).hash
          })
        )
      const once = yield* headAfter(400, events)
      assert.strictEqual(yield* headAfter(1, events), once)
      assert.strictEqual(yield* headAfter(37, events), once)
      assert.notStrictEqual(yield* headAfter(400, events.toReversed()), once)
    })
  )
}
