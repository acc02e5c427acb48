/** The contract of event logs: what was true after a prefix. */
import { assert, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import fc from "fast-check"
import type { ClusterEvent } from "../../event/ClusterEvent.ts"
import { encode } from "../../event/encode.ts"
import { Instant } from "../../event/Instant.ts"
import { EventLog, type Moment } from "../../port/EventLog.ts"
import { stateOf } from "../../port/stateOf.ts"
import { at, type Given, gap, version } from "./histories.ts"

type InNewLog = <A, E2>(program: Effect.Effect<A, E2, EventLog>) => Promise<A>

const names = (entries: ReadonlyArray<{ readonly name: string; readonly resourceVersion: string }>) =>
  entries.map(({ name, resourceVersion }) => `${name} ${resourceVersion}`)

/** Objects that come, change and go, on a clock that jumps. */
const anyStep: fc.Arbitrary<ClusterEvent> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom("a", "b", "c", "d"), fc.nat({ max: 60 }), fc.nat({ max: 50 }), fc.nat({ max: 5 }))
      .map(([uid, rv, second, kind]) => ({
        ...version(uid, String(rv)),
        observed: at(second),
        change: kind === 0 ? ("DELETED" as const) : ("MODIFIED" as const)
      }))
  },
  { weight: 1, arbitrary: fc.nat({ max: 50 }).map(gap) }
)

const anyMoment: fc.Arbitrary<Moment> = fc.oneof(
  fc.integer({ min: 0, max: 400 }).map((seq) => ({ seq })),
  fc.integer({ min: -2, max: 55 }).map((second) => ({ observed: at(second) }))
)

export const states = (given: Given, inNewLog: InNewLog): void => {
  it.effect("guarantee 13: says what was true, and where the moment lies: before, within, after, in a gap", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const deleted = { ...version("a", "4"), observed: at(4), change: "DELETED" as const }
        yield* log.append([version("a", "1"), version("b", "2"), gap(3), deleted, version("b", "6")])
        const state = (second: number) => log.stateAt({ observed: at(second) })
        assert.deepInclude(yield* state(0), { seq: 0, place: "before", gaps: [], entries: [] })
        assert.deepStrictEqual(names((yield* state(2)).entries), ["a 1", "b 2"])
        const inGap = yield* state(3)
        assert.deepInclude(inGap, { seq: 3, place: "within", observed: at(3) })
        assert.deepStrictEqual(inGap.gaps, [{ cause: "closed", detail: "the watch ended", resource: "" }])
        assert.deepStrictEqual(names((yield* state(5)).entries), ["b 2"])
        assert.deepStrictEqual((yield* state(5)).gaps, [])
        assert.deepInclude(yield* state(6), { seq: 5, place: "within" })
        assert.deepInclude(yield* state(7), { seq: 5, place: "after" })
        assert.deepInclude(yield* log.stateAt({ seq: 9 }), { seq: 5, place: "after" })
        assert.deepStrictEqual(names((yield* log.stateAt({ seq: 4 })).entries), ["b 2"])
        const [entry] = (yield* state(6)).entries
        assert.deepStrictEqual(yield* log.event(entry?.seq ?? 0), version("b", "6"))
        assert.isUndefined(yield* log.event(6))
        assert.isUndefined(yield* log.event(0))
      })
    )
  )

  it.effect("guarantee 13: knows a gap that was told when it was over, and one of a single resource until then", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const found = { resource: "pods", resourceVersion: "9" }
        const over: ClusterEvent = {
          _tag: "Gap",
          observed: at(20),
          cause: "stopped",
          detail: "the recorder was not running",
          resource: "pods",
          from: { at: at(3) },
          to: { at: at(19) }
        }
        const begins: ClusterEvent = {
          _tag: "Gap",
          observed: at(30),
          cause: "denied",
          detail: "forbidden",
          resource: "nodes"
        }
        yield* log.append([
          { ...version("a", "1"), observed: at(1) },
          { ...version("a", "9"), observed: at(19), found },
          { ...version("b", "8"), observed: at(19), found },
          over,
          begins,
          { ...version("a", "31"), observed: at(31) }
        ])
        const spots = (second: number) =>
          Effect.map(log.stateAt({ observed: at(second) }), ({ gaps }) => gaps.map(({ resource }) => resource))
        assert.deepStrictEqual(yield* Effect.forEach([2, 3, 18, 19, 29, 30, 40], spots), [
          [],
          ["pods"],
          ["pods"],
          [],
          [],
          ["nodes"],
          ["nodes"]
        ])
      })
    )
  )

  orders(given)
  it("guarantees 12, 13: the state is the fold of the prefix, in every history and at every moment", () =>
    isFold(inNewLog))
}

const orders = (given: Given): void => {
  it.effect("guarantee 7: goes by the order of the log where the clock stands, leaps or goes back", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const seen = (rv: string, second: number) => ({ ...version(`pod-${rv}`, rv), observed: at(second) })
        yield* log.append([seen("1", 10), seen("2", 5), seen("3", 5), seen("4", 9_000), seen("5", 6)])
        const count = (second: number) => Effect.map(log.stateAt({ observed: at(second) }), ({ seq }) => seq)
        assert.deepStrictEqual(yield* Effect.forEach([4, 5, 9, 10, 8_999, 9_000], count), [0, 0, 0, 3, 3, 5])
        assert.deepStrictEqual(
          (yield* Stream.runCollect(log.read())).map(({ event }) => event.observed),
          [10, 5, 5, 9_000, 6].map(at)
        )
        // Fractions that end in zeros are the same moment, whatever they are written like.
        assert.strictEqual(yield* Effect.map(log.stateAt({ observed: Instant.make(at(10)) }), ({ seq }) => seq), 3)
      })
    )
  )

  it.effect("guarantee 6: an older version that comes later changes nothing, and is in the log", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        yield* log.append([
          version("a", "10"),
          version("a", "9"),
          version("a", "100000000000000000000000000000000000001")
        ])
        const state = (seq: number) => Effect.map(log.stateAt({ seq }), ({ entries }) => names(entries))
        assert.deepStrictEqual(yield* state(2), ["a 10"])
        assert.deepStrictEqual(yield* state(3), ["a 100000000000000000000000000000000000001"])
        const gone = { ...version("a", "100000000000000000000000000000000000002"), change: "DELETED" as const }
        yield* log.append([gone, version("a", "11")])
        assert.deepStrictEqual(yield* state(5), [])
        assert.strictEqual((yield* log.head).seq, 5)
      })
    )
  )
}

const isFold = (inNewLog: InNewLog): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 350 }), fc.array(anyMoment, { maxLength: 6 }), (events, moments) =>
      inNewLog(
        Effect.gen(function* () {
          const log = yield* EventLog
          for (const event of events) yield* Effect.ignore(log.append([event]))
          const all = yield* Stream.runCollect(log.read())
          for (const moment of moments) {
            const found = yield* log.stateAt(moment)
            assert.deepStrictEqual(found, stateOf(all, moment))
            for (const { seq } of found.entries)
              assert.strictEqual(
                encode((yield* log.event(seq)) as ClusterEvent),
                encode((all[seq - 1] as (typeof all)[number]).event)
              )
          }
        })
      )
    ),
    { numRuns: 12 }
  )
