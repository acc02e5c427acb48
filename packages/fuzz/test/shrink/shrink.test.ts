import { canonical, decodeScenario, type JsonObject, sha256Hex } from "@kubereel/core"
import { anyChaosDocument, chaosDocument, seedOf } from "@kubereel/core/testing/scenario"
import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Oracle, shrinkDocument, shrinkFailure } from "../../src/index.ts"
import { oracleOf, type Planted, planted, stepsOf } from "../planted.ts"

const seeds = Array.from({ length: 20 }, (_, i) => i + 1)

/** The number of the first scenario that fails. */
const found = ({ fails, within }: Planted, seed: number): number | undefined => {
  for (let i = 0; i < within; i++) if (fails(chaosDocument(seed, i))) return i
  return undefined
}

describe("a planted failure", () => {
  it.each(planted)(
    "$id: found in time and shrunk to what is known to be the least, for twenty seeds",
    (one) => {
      for (const seed of seeds) {
        const index = found(one, seed)
        expect(index).toBeTypeOf("number")
        const shrunk = shrinkFailure(anyChaosDocument(), seedOf(seed, index ?? 0), oracleOf(one), { rest: 0 })
        expect([seed, shrunk?.property, shrunk?.isMinimal]).toEqual([seed, one.id, true])
        expect(stepsOf(shrunk?.document ?? {}).length).toBe(one.steps)
        expect(shrunk?.runs).toBeLessThan(600)
      }
    },
    120_000
  )

  it("is told with times that are round, and nothing beside it", () => {
    const [, late] = planted
    if (late === undefined) throw new Error("nothing is planted")
    const shrunk = shrinkFailure(anyChaosDocument(), seedOf(1, found(late, 1) ?? 0), oracleOf(late), { rest: 0 })
    expect(shrunk?.document["spec"]).toEqual({
      images: [{ image: "*", present: true }],
      programs: [{ runs: [{ onTerm: { exitAfter: "50ms" } }] }],
      steps: [
        { at: "0s", apply: { apiVersion: "v1", kind: "Pod", metadata: { name: "p0" } } },
        { at: "30s", delete: { kind: "Pod", name: "p0" } }
      ],
      until: "30s"
    })
  })

  it("keeps at the end the time in which everything comes to rest", () => {
    const [, late] = planted
    if (late === undefined) throw new Error("nothing is planted")
    const shrunk = shrinkDocument(chaosDocument(1, found(late, 1) ?? 0), oracleOf(late))
    expect(shrunk?.document["spec"]).toHaveProperty("until", "20m30s")
  })
})

/** Fails for no reason that a pass could know: three documents of four, in three ways. */
const erratic: Oracle = (_, document) => {
  const digit = Number.parseInt(sha256Hex(canonical(document)).slice(0, 2), 16) % 4
  return digit === 0 ? undefined : `property ${digit}`
}

describe("what comes of shrinking", () => {
  const drawn = fc.record({ seed: fc.nat(10_000), runs: fc.constantFrom(0, 1, 7, 60, 200) })

  it("always fails in the same way, is a scenario, and took no more runs than it may", () => {
    fc.assert(
      fc.property(drawn, ({ runs, seed }) => {
        let asked = 0
        const counting: Oracle = (scenario, document) => {
          asked++
          return erratic(scenario, document)
        }
        const document = chaosDocument(seed, 0, "small")
        const property = erratic(undefined as never, document)
        for (const shrunk of [
          shrinkDocument(document, counting, { runs }),
          shrinkFailure(anyChaosDocument("small"), seedOf(seed, 0), counting, { runs, rest: 0 })
        ]) {
          expect(shrunk?.property).toBe(property)
          if (shrunk === undefined) continue
          expect(erratic(undefined as never, shrunk.document)).toBe(property)
          expect(Result.isSuccess(decodeScenario(shrunk.document))).toBe(true)
          expect(shrunk.runs).toBeLessThanOrEqual(runs)
          for (const [other, smallest] of shrunk.others) {
            expect(other).not.toBe(property)
            expect(erratic(undefined as never, smallest)).toBe(other)
          }
        }
        expect(asked).toBeLessThanOrEqual(2 * (runs + 1))
      }),
      { numRuns: 40 }
    )
  })

  it("is the same every time", () => {
    const shrunk = () => shrinkFailure(anyChaosDocument("small"), 3, erratic, { runs: 100 })
    expect(shrunk()).toEqual(shrunk())
  })

  it("cannot be shrunk any more", () => {
    const [crashes] = planted
    if (crashes === undefined) throw new Error("nothing is planted")
    const once = shrinkDocument(chaosDocument(1, found(crashes, 1) ?? 0), oracleOf(crashes))
    const twice = shrinkDocument(once?.document ?? {}, oracleOf(crashes))
    expect(twice?.document).toEqual(once?.document)
  })

  it("is nothing if nothing fails", () => {
    expect(shrinkDocument(chaosDocument(1, 0), () => undefined)).toBe(undefined)
    expect(shrinkFailure(anyChaosDocument(), 1, () => undefined)).toBe(undefined)
    expect(shrinkDocument({ kind: "Scenario" }, () => "fails")).toBe(undefined)
  })

  it("is what was reached when time is up, and says so", () => {
    let left = 10
    const many: Oracle = ({ steps }) => (steps.length > 20 ? "many steps" : undefined)
    const shrunk = shrinkDocument(chaosDocument(1, 0), many, { isLate: () => left-- <= 0 })
    expect([shrunk?.runs, shrunk?.isMinimal]).toEqual([10, false])
  })

  it("where fast-check got to is reached again by fast-check with the path", () => {
    const arbitrary = anyChaosDocument("small")
    const shrunk = shrinkFailure(arbitrary, 11, (scenario) => (scenario.steps.length > 3 ? "many steps" : undefined), {
      runs: 200
    })
    expect(shrunk?.path).toMatch(/^0(:\d+)+$/)
    const [again] = fc.sample(arbitrary, { seed: 11, path: shrunk?.path ?? "", numRuns: 1 })
    expect(stepsOf(again ?? {}).length).toBeGreaterThan(3)
    expect(canonical(again ?? {}).length).toBeLessThan(canonical(chaosSmall(11)).length)
  })
})

const chaosSmall = (seed: number): JsonObject => fc.sample(anyChaosDocument("small"), { seed, numRuns: 1 })[0] ?? {}
