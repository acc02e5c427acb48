import { type ClusterEvent, later, type Scenario, SECOND, sha256Hex } from "@kubereel/core"
import { anyScenarioDocument, scenarioOfDocument } from "@kubereel/core/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Cluster } from "../../src/Cluster.ts"
import { podManifest, scenario } from "../given.ts"
import { probedPods } from "./prober/randomProbes.ts"

/** Every fact of the scenario's simulation, until some resyncs are due after its last step. */
const trace = (given: Scenario, seed: number, everyResync: boolean): ReadonlyArray<string> => {
  const cluster = new Cluster(given, { seed, everyResync })
  const facts: Array<ClusterEvent> = []
  for (const { at, intention } of given.steps) {
    cluster.run(later(given.start, at), Number.POSITIVE_INFINITY)
    cluster.submit(intention)
  }
  cluster.run(later(given.start, Math.max(given.until, 400 * SECOND)), Number.POSITIVE_INFINITY)
  facts.push(...cluster.takeFacts())
  return facts.map((fact) => JSON.stringify(fact))
}

const expectSameTrace = (given: Scenario, seed: number): void => {
  const [skipped, carriedOut] = [trace(given, seed, false), trace(given, seed, true)]
  const differs = carriedOut.findIndex((fact, i) => fact !== skipped[i])
  if (differs >= 0) expect([differs, skipped[differs]]).toEqual([differs, carriedOut[differs]])
  expect(sha256Hex(skipped.join("\n"))).toBe(sha256Hex(carriedOut.join("\n")))
}

/** The steps come later than the first resyncs. */
const slowly = (given: Scenario): Scenario => ({
  ...given,
  steps: given.steps.map((step) => ({ ...step, at: 4 * step.at }))
})

describe("resyncs that are skipped", () => {
  it("K-018: leave the same trace as those of pods with probes that are carried out", () => {
    fc.assert(
      fc.property(probedPods, fc.integer({ min: 0, max: 1_000 }), (given, seed) =>
        expectSameTrace(slowly(given), seed)
      ),
      { numRuns: 40 }
    )
  }, 240_000)

  it("K-018: leave the same trace in whatever circumstances", () => {
    fc.assert(
      fc.property(anyScenarioDocument, fc.integer({ min: 0, max: 1_000 }), (document, seed) =>
        expectSameTrace(slowly(scenarioOfDocument(document)), seed)
      ),
      { numRuns: 150 }
    )
  }, 240_000)

  it("K-018: cost nothing while nothing happens", () => {
    const given = scenario({ steps: [], until: "1h" })
    const things = (hours: number): number => {
      const cluster = new Cluster(given)
      cluster.submit({ _tag: "Apply", objects: [podManifest("p", ["main"])] })
      cluster.run(later(given.start, 300 * SECOND), Number.POSITIVE_INFINITY)
      let ran = 0
      while (!cluster.run(later(given.start, hours * 3_600 * SECOND), 1)) ran++
      return ran
    }
    const [one, three] = [things(1), things(3)]
    // Per hour: twelve reports of the node, and its events that expire.
    expect(three - one).toBeLessThan(2 * 60)
  })
})
