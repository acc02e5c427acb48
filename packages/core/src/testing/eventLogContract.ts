/** What every event log must do, whatever it is made of. */

import { assert, describe, it } from "@effect/vitest"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import { Effect, type Layer, Stream } from "effect"
import fc from "fast-check"
import { ClusterEvent, type ObjectChanged } from "../event/ClusterEvent.ts"
import { encode, identify } from "../event/encode.ts"
import { Instant } from "../event/Instant.ts"
import { canonical, type JsonObject } from "../event/Json.ts"
import { appendStream, EventLog, type Head } from "../port/EventLog.ts"
import { garbledByParser } from "./garbledByParser.ts"

type ObjectJson = ObjectChanged["object"]

const at = (second: number): Instant => Instant.make(1_767_225_600_000_000 + second * 1_000_000)

/** A version of a pod; `more` replaces parts of it. */
const version = (uid: string, resourceVersion: string, more: JsonObject = {}): ObjectChanged => ({
  _tag: "ObjectChanged",
  observed: at(Number(resourceVersion.slice(-3))),
  change: "MODIFIED",
  object: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: uid, namespace: "shop", uid, resourceVersion },
    spec: { containers: [{ name: "app", image: "shop/app:1" }] },
    status: { phase: "Pending", observed: resourceVersion },
    ...more
  } as ObjectJson
})

const gap = (second: number): ClusterEvent => ({
  _tag: "Gap",
  observed: at(second),
  cause: "closed",
  detail: "the watch ended"
})

/** The head hash by its definition. */
const chainOf = (events: ReadonlyArray<ClusterEvent>): Head => {
  let hash = "0".repeat(64)
  for (const event of events) hash = bytesToHex(sha256(utf8ToBytes(hash + encode(event))))
  return { seq: events.length, hash }
}

const readAll = Effect.gen(function* () {
  const log = yield* EventLog
  return yield* Stream.runCollect(log.read())
})

/** The log holds exactly these events, as far as anybody can see. */
const holds = Effect.fnUntraced(function* (events: ReadonlyArray<ClusterEvent>) {
  const log = yield* EventLog
  const found = yield* readAll
  assert.deepStrictEqual(
    found.map(({ seq }) => seq),
    events.map((_, i) => i + 1)
  )
  assert.deepStrictEqual(
    found.map(({ event }) => encode(event)),
    events.map((event) => encode(event))
  )
  assert.deepStrictEqual(yield* log.head, chainOf(events))
})

/** No backslash: see `garbledByParser`. */
const nastyKey = fc.oneof(
  fc.constantFrom(
    "-",
    "=",
    "~",
    "+",
    "<",
    "!",
    "!-",
    "__proto__",
    "constructor",
    "toString",
    "0",
    "",
    "a\nb",
    "ü",
    "\ud800"
  ),
  fc.string({ maxLength: 3 }).filter((key) => !key.includes("\\"))
)
/** Own keys only, also where a plain assignment would reach a prototype. */
const record = (entries: ReadonlyArray<readonly [string, unknown]>): JsonObject =>
  Object.fromEntries(entries) as JsonObject
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(null, true, false, 0, -0, ""),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: "binary" })
    ),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.array(fc.tuple(nastyKey, tie("json")), { maxLength: 5 }).map(record)
  )
}))

/** Few objects, few versions and few moments, so that repeats and conflicts abound. */
const anyEvent: fc.Arbitrary<ClusterEvent> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom("a", "b", "c"), fc.nat({ max: 40 }), fc.constantFrom("Running", "Failed"))
      .map(([uid, rv, phase]) => version(uid, String(rv), rv % 9 === 0 ? { status: { phase } } : {}))
  },
  { weight: 2, arbitrary: fc.nat({ max: 9 }).map(gap) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat({ max: 3 }), json)
      .map(([n, value]) => version("", String(n), { data: value } as JsonObject))
  }
)

interface Model {
  readonly log: ReadonlyArray<ClusterEvent>
  readonly seqs: ReadonlyArray<number>
  readonly conflict: number | undefined
}

/** The specification of `append`, as slow and plain as can be. */
const model = (log: ReadonlyArray<ClusterEvent>, batch: ReadonlyArray<ClusterEvent>): Model => {
  const next = [...log]
  const seqs: Array<number> = []
  for (const [index, event] of batch.entries()) {
    const id = identify(event) ?? encode(event)
    const found = next.findIndex((other) => (identify(other) ?? encode(other)) === id)
    const other = next[found]
    if (
      other?._tag === "ObjectChanged" &&
      event._tag === "ObjectChanged" &&
      canonical(other.object) !== canonical(event.object)
    ) {
      return { log, seqs: [], conflict: index }
    }
    seqs.push(other === undefined ? next.push(event) : found + 1)
  }
  return { log: next, seqs, conflict: undefined }
}

/** One contract; `makeLayer` gives a new empty log each time. */
export const eventLogContract = <E>(name: string, makeLayer: () => Layer.Layer<EventLog, E>): void => {
  const given = <A, E2>(program: Effect.Effect<A, E2, EventLog>): Effect.Effect<A, E | E2> =>
    Effect.suspend(() => Effect.provide(program, makeLayer()))
  const inNewLog = <A, E2>(program: Effect.Effect<A, E2, EventLog>): Promise<A> => Effect.runPromise(given(program))

  describe(name, () => {
    numbering(given)
    identity(given)
    reading(given)
    hashing(given)
    histories(inNewLog)
  })
}

type Given = <A, E2>(program: Effect.Effect<A, E2, EventLog>) => Effect.Effect<A, unknown>

const numbering = (given: Given): void => {
  it.effect("begins empty", () => given(holds([])))

  it.effect("numbers events from 1, without gaps over repeats and refused batches", () =>
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

  it.effect("appends all of a batch or nothing", () =>
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

const identity = (given: Given): void => {
  it.effect("knows a change again whenever it was seen, and keeps the first sighting", () =>
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

  it.effect("tells kinds of change, served versions and objects apart", () =>
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

  it.effect("goes by the content where there is no resourceVersion, and by content and moment for other events", () =>
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
        const events: ReadonlyArray<ClusterEvent> = [bare, changed, gap(1), gap(2), fact, { ...fact, observed: at(2) }]
        assert.strictEqual((yield* log.append(events)).repeated, 0)
        assert.deepStrictEqual(yield* log.append(events), { seqs: [1, 2, 3, 4, 5, 6], repeated: 6 })
        yield* holds(events)
      })
    )
  )

  it.effect("keeps an object's versions in the order of their arrival, with the versions that they came with", () =>
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

const reading = (given: Given): void => {
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

  it.effect("passes events through that a newer version wrote", () =>
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

const hashing = (given: Given): void => {
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

/** SHA-256 chain over three events, computed once and for ever: stored reels rely on it. */
const goldenHash = "cbc8c0759a940d4a2df15be9bbc030b5f6c1a816f6306d4e7bc78d03087937e9"

const histories = (inNewLog: <A, E2>(program: Effect.Effect<A, E2, EventLog>) => Promise<A>): void => {
  it("does in every history what its plain model does", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyEvent, { maxLength: 60 }), { maxLength: 10 }), (batches) =>
        inNewLog(
          Effect.gen(function* () {
            const log = yield* EventLog
            let expected: ReadonlyArray<ClusterEvent> = []
            for (const batch of batches) {
              const after = model(expected, batch)
              const outcome = yield* Effect.result(log.append(batch))
              if (outcome._tag === "Success") {
                assert.deepStrictEqual(outcome.success, {
                  seqs: after.seqs,
                  repeated: batch.length - (after.log.length - expected.length)
                })
                assert.isUndefined(after.conflict)
              } else
                assert.strictEqual(
                  outcome.failure._tag === "IdConflict" ? outcome.failure.index : undefined,
                  after.conflict ?? "none"
                )
              expected = after.log
            }
            yield* holds(expected)
          })
        )
      ),
      { numRuns: 40 }
    ))

  it("gives every value back, whatever its keys and whatever it was before", () =>
    fc.assert(
      fc.asyncProperty(fc.array(json, { minLength: 2, maxLength: 8 }), (values) =>
        inNewLog(
          Effect.gen(function* () {
            const log = yield* EventLog
            const events = values.map((value, i) => version("a", String(i + 1), { data: value } as JsonObject))
            yield* log.append(events)
            yield* holds(events)
          })
        )
      ),
      { numRuns: 150 }
    ))

  it.effect.prop(
    "gives every event of the vocabulary back",
    [ClusterEvent],
    ([event]) =>
      Effect.promise(() =>
        inNewLog(
          Effect.gen(function* () {
            const log = yield* EventLog
            yield* log.append([event])
            const [found] = yield* readAll
            const back = found === undefined ? "nothing" : encode(found.event)
            if (!garbledByParser(encode(event))) assert.strictEqual(back, encode(event))
          })
        )
      ),
    { arbitrary: { runs: 60 } }
  )
}
