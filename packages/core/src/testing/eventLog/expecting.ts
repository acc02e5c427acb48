/** The contract of event logs: an append may say at which version it expects an object. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import type { ClusterEvent } from "../../event/ClusterEvent.ts"
import { EventLog } from "../../port/EventLog.ts"
import type { ExpectedVersion } from "../../port/ExpectedVersion.ts"
import { type Given, gap, holds, version } from "./histories.ts"

const versions = (uid: string, count: number): ReadonlyArray<ClusterEvent> =>
  Array.from({ length: count }, (_, i) => version(uid, String(i + 1)))

/** Where the log is, seen from who expects version 2. */
const standings = { absent: 0, behind: 1, present: 2, ahead: 3 } as const

const table: ReadonlyArray<readonly [ExpectedVersion, ReadonlyArray<keyof typeof standings>]> = [
  ["any", ["absent", "behind", "present", "ahead"]],
  ["none", ["absent"]],
  ["exists", ["behind", "present", "ahead"]],
  [2, ["present"]]
]

const cases = table.flatMap(([expected, accepted]) =>
  (["absent", "behind", "present", "ahead"] as const).map(
    (standing) => [expected, standing, accepted.includes(standing) ? "taken" : "refused"] as const
  )
)

export const expectations = (given: Given): void => {
  it.effect.each(cases)(
    "guarantee 4: an append that expects %s of an object that is %s is %s",
    ([expected, standing, outcome]) =>
      given(
        Effect.gen(function* () {
          const log = yield* EventLog
          const before = [gap(1), version("b", "7"), ...versions("a", standings[standing])]
          yield* log.append(before)
          const batch = [version("b", "8"), version("a", "99"), version("a", "100")]
          const done = yield* Effect.result(log.append(batch, [{ uid: "a", version: expected }]))
          if (done._tag === "Failure") {
            assert.deepInclude(done.failure, { _tag: "WrongVersion", uid: "a", expected, actual: standings[standing] })
          } else assert.strictEqual(done.success.seqs.length, 3)
          assert.strictEqual(done._tag === "Success" ? "taken" : "refused", outcome)
          yield* holds(outcome === "taken" ? [...before, ...batch] : before)
          // Whoever was refused knows now what is so, and who was taken has added two.
          const actual = standings[standing] + (outcome === "taken" ? 2 : 0)
          yield* log.append([version("a", "101")], [{ uid: "a", version: actual }])
        })
      )
  )

  it.effect("guarantee 4: one wrong expectation of several refuses everything, and is named", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        yield* log.append([...versions("a", 2), ...versions("b", 3)])
        const expecting = [
          { uid: "a", version: 2 },
          { uid: "b", version: 2 }
        ]
        const refused = yield* Effect.flip(log.append([version("a", "3"), version("b", "4")], expecting))
        assert.strictEqual(
          refused._tag === "WrongVersion" ? refused.message : "",
          "object b is at version 3 in the log, and the append expects version 2"
        )
        yield* holds([...versions("a", 2), ...versions("b", 3)])
      })
    )
  )

  it.effect(
    "guarantee 4: versions are what was seen of an object, each once: no repeat, no bookmark, nobody else's",
    () =>
      given(
        Effect.gen(function* () {
          const log = yield* EventLog
          const bookmark = version("", "9", { metadata: { resourceVersion: "9" } })
          const gone: ClusterEvent = { ...version("a", "4"), change: "DELETED" }
          yield* log.append([...versions("a", 3), version("a", "2"), gap(1), version("b", "4")])
          yield* log.append([{ ...bookmark, change: "BOOKMARK" }, gone, ...versions("a", 3)])
          assert.deepInclude(yield* Effect.flip(log.append([], [{ uid: "a", version: "none" }])), { actual: 4 })
        })
      )
  )

  it.effect("guarantees 4, 5: who tries again what was appended is told so, though the log has moved on", () =>
    given(
      Effect.gen(function* () {
        const log = yield* EventLog
        const first = [{ uid: "a", version: "none" as const }]
        yield* log.append(versions("a", 2), first)
        yield* log.append([version("a", "3")], [{ uid: "a", version: 2 }])
        assert.deepStrictEqual(yield* log.append(versions("a", 2), first), { seqs: [1, 2], repeated: 2 })
        const others = [[...versions("a", 2), version("a", "4")], [version("a", "1", { spec: {} })]]
        for (const batch of others)
          assert.deepInclude(yield* Effect.flip(log.append(batch, first)), { _tag: "WrongVersion", actual: 3 })
        yield* holds(versions("a", 3))
      })
    )
  )
}

const anyVersion = fc.tuple(fc.constantFrom("a", "b"), fc.integer({ min: 1, max: 12 }))
const anyExpected = fc.oneof(fc.constantFrom<ExpectedVersion>("any", "none", "exists"), fc.integer({ min: 0, max: 6 }))

export const versionHistories = (inNewLog: <A, E2>(program: Effect.Effect<A, E2, EventLog>) => Promise<A>): void => {
  it("guarantee 4: in every history an object's versions are numbered without gaps, and an append that expects another is refused", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anyVersion, anyExpected), { maxLength: 40 }), (appends) =>
        inNewLog(
          Effect.gen(function* () {
            const log = yield* EventLog
            const seen = { a: new Set<number>(), b: new Set<number>() }
            const all: Array<ClusterEvent> = []
            for (const [[uid, rv], expected] of appends) {
              const known = seen[uid as "a" | "b"]
              const actual = known.size
              const isMet =
                { any: true, none: actual === 0, exists: actual > 0 }[String(expected)] ?? actual === expected
              const event = version(uid, String(rv))
              const done = yield* Effect.result(log.append([event], [{ uid, version: expected }]))
              assert.strictEqual(done._tag, isMet || known.has(rv) ? "Success" : "Failure")
              if (done._tag === "Failure") assert.deepInclude(done.failure, { _tag: "WrongVersion", actual })
              else if (!known.has(rv)) all.push(event)
              if (done._tag === "Success") known.add(rv)
            }
            yield* holds(all)
          })
        )
      ),
      { numRuns: 40 }
    ))
}
