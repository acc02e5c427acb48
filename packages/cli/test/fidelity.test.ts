/**
 * The measure of the simulator: each shipped scenario beside what a real Kubernetes 1.36.3 did with it.
 *
 * A scenario is simulated with three seeds and compared with its three recordings. Where every part of it is simulated, one of
 * the nine pairs must show no difference (two real runs of it, compared in the same way, show that much chance themselves). Where
 * controllers race more seeds are asked, and where `docs/fidelity.md` does not say that they are exact all the same, or nodes are
 * lost, there may be differences, but no more than between the two real runs that are farthest apart.
 * What `docs/fidelity.md` says is at parity stays there. What is not simulated is counted and named.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import type { Difference } from "@kubereel/core"
import { Effect } from "effect"
import { expect } from "vitest"
import { verdictsIn } from "../tool/fidelity/document.ts"
import {
  hasControllers,
  isAtParity,
  losesNodes,
  measure,
  notSimulatedIn,
  scenarioNames,
  seeds
} from "../tool/fidelity/measure.ts"

const page = readFileSync(join(import.meta.dirname, "../../../docs/fidelity.md"), "utf8")
const verdicts = verdictsIn(page)
const scenarios = scenarioNames.map((name) => ({ name, missing: notSimulatedIn(name) }))
const simulated = scenarios.filter(({ missing }) => missing.length === 0)
const atParity = [...verdicts].flatMap(([name, verdict]) => (verdict === "short" ? [] : [name]))

const words = ({ kind, left, leftAt, right, rightAt }: Difference): string =>
  `${kind} ${leftAt}/${rightAt}: ${left} | ${right}`

/** Asked when the usual ones do not do: whether a rule was lost or only a lucky draw. */
const moreSeeds = [3, 4, 5, 6, 7, 8, 9]

describe("simulated beside recorded", () => {
  it.effect.each(simulated)("$name: no difference that two real runs could not have, too", ({ name }) =>
    Effect.gen(function* () {
      const { differences, realDifferences } = yield* measure(name)
      const chance = losesNodes(name) || (hasControllers(name) && verdicts.get(name) !== "exact")
      if (chance) return assert.isAtMost(differences.length, realDifferences, differences.map(words).join("\n"))
      const again = hasControllers(name) && differences.length > 0
      const left = again ? (yield* measure(name, moreSeeds)).differences : differences
      assert.deepStrictEqual(left.map(words), [])
    })
  )

  it("says how many scenarios that is, and what is missing for the others", () => {
    const missing = new Map<string, number>()
    for (const { missing: parts } of scenarios) {
      const named = parts.map((part) =>
        part
          .replace("not simulated: ", "")
          .replace(/\[\d+\]|\d+s: |\(.*/g, "")
          .trim()
      )
      for (const part of new Set(named)) missing.set(part, (missing.get(part) ?? 0) + 1)
    }
    const ranked = [...missing].sort(([, a], [, b]) => b - a)
    console.log(`${simulated.length} of ${scenarios.length} scenarios are simulated in full; missing most often:`)
    for (const [part, count] of ranked.slice(0, 12)) console.log(`  ${String(count).padStart(3)} × ${part}`)
    expect(simulated.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["run-forever", "crash-loop", "delete-shortened"])
    )
    expect(simulated.length).toBeGreaterThanOrEqual(22)
  })
})

describe("docs/fidelity.md (npm run fidelity)", () => {
  it("has a verdict for every scenario, and for no other", () => {
    expect([...verdicts.keys()].toSorted()).toEqual(scenarioNames)
    expect(atParity.length).toBeGreaterThanOrEqual(22)
  })

  it.effect.each(atParity)("%s is still at parity", (name) =>
    Effect.gen(function* () {
      const still = (yield* isAtParity(name, seeds)) || (yield* isAtParity(name, moreSeeds))
      assert.isTrue(still, "no seed is as near to a real run as real runs are to one another, and one was")
    })
  )
})
