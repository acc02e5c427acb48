/** Failures that show only when a scenario is played. */
import { Cluster } from "@kubereel/backend-sim"
import { isPod, type KubernetesObject, later } from "@kubereel/core"
import { anyChaosDocument, chaosDocument, scenarioOfDocument, seedOf } from "@kubereel/core/testing/scenario"
import { describe, expect, it } from "vitest"
import { type Oracle, shortProgram, shrinkFailure } from "../../src/index.ts"

/** A belief that is wrong: nothing restarts more than twice. */
const thirdRestart: Oracle = (scenario) => {
  const cluster = new Cluster(scenario, { seed: scenario.seed })
  for (const { at, intention } of scenario.steps) {
    cluster.run(later(scenario.start, at), Number.POSITIVE_INFINITY)
    cluster.submit(intention)
  }
  cluster.run(later(scenario.start, scenario.until), Number.POSITIVE_INFINITY)
  const restarts = cluster.takeFacts().flatMap((fact) => {
    const object = fact._tag === "ObjectChanged" ? (fact.object as unknown as KubernetesObject) : undefined
    if (object === undefined || !isPod(object)) return []
    return (object.status.containerStatuses ?? []).map(({ restartCount }) => restartCount)
  })
  return Math.max(0, ...restarts) > 2 ? "container/restarts-at-most-twice" : undefined
}

describe("a failure that only playing shows", () => {
  it("is found in few scenarios and shrunk to one pod that crashes or fails its probe, and nothing that is done to it", () => {
    for (const seed of [1, 2]) {
      let index = 0
      while (thirdRestart(scenarioOfDocument(chaosDocument(seed, index, "small")), {}) === undefined) index++
      expect(index).toBeLessThan(200)
      const shrunk = shrinkFailure(anyChaosDocument("small"), seedOf(seed, index), thirdRestart, { rest: 0 })
      expect(shrunk?.property).toBe("container/restarts-at-most-twice")
      expect(shortProgram(shrunk?.document ?? {})).toMatch(
        /^pod web (?:\([^;]*\) )?\{ app: [^;]* \}, until [ \dmins]+$/
      )
    }
  }, 120_000)
})
