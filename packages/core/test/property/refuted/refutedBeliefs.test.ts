import { describe, expect, it } from "@effect/vitest"
import { check } from "../../../src/property/Checker.ts"
import { laws } from "../../../src/property/laws.ts"
import { refutedBeliefs } from "../../../src/property/refutedBeliefs.ts"
import { lifeOf } from "../../../src/testing/lifeOf.ts"
import { recording, scenarioNames } from "../../view/recordings.ts"
import { beliefExamples } from "./beliefExamples.ts"
import { brokenBy } from "./brokenBy.ts"

it("there are twenty-one, each with its reason and the laws to use instead", () => {
  expect(refutedBeliefs.map(({ id }) => id)).toEqual(Array.from({ length: 21 }, (_, i) => `R${i + 1}`))
  expect(new Set(refutedBeliefs.map(({ name }) => name)).size).toBe(21)
  const known = new Set(laws.map(({ id }) => id))
  for (const { kind, refutation, says, source } of refutedBeliefs) {
    expect([kind, says, source, refutation?.why].every((text) => text !== undefined && text !== "")).toBe(true)
    expect(refutation?.insteadUse.length).toBeGreaterThan(0)
    expect(refutation?.insteadUse.filter((id) => !known.has(id))).toEqual([])
  }
})

describe.each(refutedBeliefs.map((belief) => ({ id: belief.id, says: belief.says, belief })))(
  "$id: $says",
  ({ belief, id }) => {
    it("is broken by a short history, with its last event, and not before", () => {
      const history = lifeOf(...(beliefExamples[id] ?? []))
      const [whole, before] = [history, history.slice(0, -1)].map((part) => check([belief], part)[0]?.violations)
      expect({ whole: whole?.map(({ seq }) => seq), before }).toEqual({ whole: [history.length], before: [] })
    })
  }
)

it("what real clusters showed breaks them in just these scenarios", { timeout: 120_000 }, () => {
  const found = new Map<string, Set<string>>()
  for (const scenario of scenarioNames) {
    for (const run of [1, 2, 3]) {
      for (const { property, violations } of check(refutedBeliefs, recording(`${scenario}.${run}`))) {
        if (violations.length > 0) found.set(property.id, (found.get(property.id) ?? new Set()).add(scenario))
      }
    }
  }
  const told = Object.entries(brokenBy).map(([id, names]) => [
    id,
    names === "*" ? scenarioNames : names.split(/\s+/).filter((name) => name !== "")
  ])
  expect(Object.fromEntries([...found].map(([id, names]) => [id, [...names]]))).toEqual(Object.fromEntries(told))
})
