/** The beliefs that core has as formulas are broken by the smallest scenario of each. */
import { check, refutedBeliefs } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { simulate } from "../given.ts"
import { smallest } from "./smallest.ts"

const told = refutedBeliefs.filter(({ id }) => smallest[id] !== undefined)

it("each but the one about watches has a scenario", () => {
  expect(refutedBeliefs.filter((belief) => !told.includes(belief)).map(({ id }) => id)).toEqual(["R14"])
})

describe.each(told.map((belief) => ({ id: belief.id, says: belief.says, belief })))("$id: $says", ({ belief, id }) => {
  it("is broken by a healthy cluster", () => {
    const [outcome] = check([belief], simulate(smallest[id] as Parameters<typeof simulate>[0]), "quiescent")
    expect(outcome?.verdict).toBe("violated")
  })
})
