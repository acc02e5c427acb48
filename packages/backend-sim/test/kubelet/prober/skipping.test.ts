import { sha256Hex } from "@kubereel/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { play, probedPods } from "./randomProbes.ts"

describe("probes that are skipped over", () => {
  it("leave the same trace as probes that are carried out tick by tick", () => {
    fc.assert(
      fc.property(probedPods, fc.integer({ min: 0, max: 1_000 }), (scenario, seed) => {
        const [skipped, ticked] = [play(scenario, seed), play(scenario, seed, { everyProbeTick: true })]
        const differs = ticked.facts.findIndex((fact, i) => fact !== skipped.facts[i])
        if (differs >= 0) expect([differs, skipped.facts[differs]]).toEqual([differs, ticked.facts[differs]])
        expect(sha256Hex(skipped.facts.join("\n"))).toBe(sha256Hex(ticked.facts.join("\n")))
      }),
      { numRuns: 60 }
    )
  }, 120_000)
})
