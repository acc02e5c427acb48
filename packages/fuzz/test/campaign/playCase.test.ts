import { constant, not, pod, podIs, property, sometimes } from "@kubereel/core"
import { scenarioOfDocument } from "@kubereel/core/testing/scenario"
import { describe, expect, it } from "vitest"
import { digestOf, documentOf, minimalCase, oracleOf, playCase, THREW } from "../../src/index.ts"

const about = { source: "a test", each: pod }
const canary = property("canary", { ...about, says: "never true" }, () => constant(false))
const advice = property("advice", { ...about, says: "never true", severity: "advisory" }, () => constant(false))
const runs = sometimes("runs", { ...about, says: "a pod runs" }, podIs.phase("Running"))
const stuck = property("stuck", { ...about, says: "no pod runs" }, () => not(podIs.phase("Running")))
const draws = { seed: 1, size: "small" } as const
const scenario = (index: number) => scenarioOfDocument(documentOf(draws, index))
/** A case in which some pod runs. */
const index = Array.from({ length: 50 }, (_, at) => at).find(
  (at) => playCase(scenario(at), [stuck]).findings.length > 0
)
const running = index ?? -1

describe("a case", () => {
  it("that breaks a property says which, in which slice, with which event; advice and goals are broken by none", () => {
    const { events, findings, fired, reached } = playCase(scenario(running), [canary, advice, runs])
    expect(findings.map(({ property: id }) => id)).toEqual(["canary"])
    expect(findings[0]?.seq).toBeGreaterThan(0)
    expect(events).toBeGreaterThan(findings[0]?.seq ?? 0)
    expect(fired).toEqual(["canary", "advice"])
    expect(reached).toContain("runs")
  })

  it("in which a property throws is a finding with its words", () => {
    const thrower = property("thrower", { ...about, says: "…" }, () => ({
      _tag: "Atom",
      name: "throws",
      isStep: false,
      test: () => {
        throw new RangeError("no such thing")
      }
    }))
    expect(playCase(scenario(running), [thrower])).toMatchObject({
      findings: [{ property: THREW }],
      threw: "RangeError: no such thing"
    })
  })

  it("has one history, whoever plays it and how often", () => {
    expect(digestOf(scenario(4))).toBe(digestOf(scenario(4)))
    expect(digestOf(scenario(4))).not.toBe(digestOf(scenario(5)))
  })
})

it("a failure is made small: a pod that runs needs one step", { timeout: 60_000 }, () => {
  const shrunk = minimalCase(draws, running, oracleOf([stuck]), { runs: 400 })
  expect(shrunk?.property).toBe("stuck")
  const spec = shrunk?.document["spec"] as { readonly steps: ReadonlyArray<unknown> }
  expect(spec.steps).toHaveLength(1)
})
