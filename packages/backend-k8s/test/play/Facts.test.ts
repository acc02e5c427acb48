/** Facts wait in the order in which they came, whatever their stamps say. */
import type { ClusterEvent, Instant } from "@kubereel/core"
import { Effect, Fiber } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { Facts } from "../../src/play/Facts.ts"

const fact = (at: number, message = ""): ClusterEvent => ({ _tag: "Warned", observed: at as Instant, message })

const takeAll = (facts: Facts, to: number): ReadonlyArray<ClusterEvent> => {
  const taken: Array<ClusterEvent> = []
  for (let one = facts.take(to as Instant); one !== undefined; one = facts.take(to as Instant)) taken.push(one)
  return taken
}

describe("facts", () => {
  it("come out once each, in order, and none before its time", () =>
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 3_000 }), fc.array(fc.nat(60)), (stamps, moments) => {
        const facts = new Facts()
        const given = stamps.map((at, i) => fact(at, String(i)))
        Effect.runSync(facts.offer(given))
        const taken: Array<ClusterEvent> = []
        for (const to of moments.toSorted((a, b) => a - b)) {
          const now = takeAll(facts, to)
          for (const one of now) assert.isAtMost(one.observed ?? 0, to)
          taken.push(...now)
        }
        taken.push(...takeAll(facts, 100))
        assert.deepStrictEqual(taken, given)
      }),
      { numRuns: 30 }
    ))

  it("keep whoever brings them waiting when there is no room (guarantee 9: no silent drop)", async () => {
    const facts = new Facts()
    await Effect.runPromise(facts.offer(Array.from({ length: 10_000 }, (_, i) => fact(i))))
    const late = Effect.runFork(facts.offer([fact(10_000)]))
    await new Promise((resolve) => setTimeout(resolve, 60))
    assert.strictEqual(facts.size, 10_000)
    assert.strictEqual(facts.take(0 as Instant)?.observed, 0)
    await Effect.runPromise(Fiber.join(late))
    assert.lengthOf(takeAll(facts, 10_000), 10_000)
  })
})
