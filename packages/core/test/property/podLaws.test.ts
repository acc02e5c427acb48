import { describe, expect, it } from "vitest"
import { podLives } from "../../src/property/PodLaw.ts"
import { podLaws } from "../../src/property/podLaws.ts"
import { recording, scenarioNames } from "../view/recordings.ts"

const lives = scenarioNames.flatMap((scenario) =>
  [1, 2, 3].flatMap((run) =>
    podLives(recording(`${scenario}.${run}`)).map((life) => ({ life, name: `${scenario}.${run}` }))
  )
)

it("there are lives enough to try them on", () => {
  expect(lives.length).toBeGreaterThan(400)
  expect(new Set(podLaws.map(({ id }) => id)).size).toBe(podLaws.length)
})

describe.each(podLaws)("$id: $sentence", ({ counterexample, violatedAt }) => {
  it("in every life that a real cluster showed", () => {
    expect(lives.filter(({ life }) => violatedAt(life) !== undefined).map(({ name }) => name)).toEqual([])
  })

  it("and the check can fail", () => {
    expect(violatedAt(counterexample)).toBe(counterexample.versions.length - 1)
  })
})
