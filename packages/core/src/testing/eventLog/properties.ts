/** The contract of event logs: what holds in every history. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { ClusterEvent } from "../../event/ClusterEvent.ts"
import { encode } from "../../event/encode.ts"
import { identify } from "../../event/identity.ts"
import { canonical, type JsonObject } from "../../event/Json.ts"
import { EventLog } from "../../port/EventLog.ts"
import { garbledByParser } from "../garbledByParser.ts"
import { gap, holds, readAll, version } from "./histories.ts"

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
export const anyEvent: fc.Arbitrary<ClusterEvent> = fc.oneof(
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

export const histories = (inNewLog: <A, E2>(program: Effect.Effect<A, E2, EventLog>) => Promise<A>): void => {
  it("guarantees 1, 3, 5: does in every history what its plain model does", () =>
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
