/**
 * The measure of the simulator: scenarios of which every part is simulated, beside what a real Kubernetes 1.36.3 did with them.
 *
 * A scenario is simulated with three seeds and compared with its three recordings: one of the nine pairs must show no difference
 * (two real runs of it, compared in the same way, show that much chance themselves). What is not simulated is counted and named.
 */
import { readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { compareHistories, type Difference, type History, historyOf, notSimulatedScenario } from "@kubereel/core"
import { Effect, Result } from "effect"
import { expect } from "vitest"
import { collect, openHistory } from "../src/input/openHistory.ts"
import { parseScenario } from "../src/scenario/loadScenario.ts"

const root = join(import.meta.dirname, "../../..")
const files = readdirSync(join(root, "scenarios")).filter((file) => file.endsWith(".yaml"))

const scenarioOf = (file: string) => {
  const parsed = parseScenario(readFileSync(join(root, "scenarios", file), "utf8"), file)
  if (Result.isFailure(parsed)) throw new Error(parsed.failure.message)
  return parsed.success
}

const scenarios = files.map((file) => ({
  name: basename(file, ".yaml"),
  missing: notSimulatedScenario(scenarioOf(file))
}))
const simulated = scenarios.filter(({ missing }) => missing.length === 0)

const history = (file: string, seed?: number) =>
  openHistory(join(root, file), seed === undefined ? {} : { seed }).pipe(
    Effect.flatMap(collect),
    Effect.map(historyOf),
    Effect.provide(NodeServices.layer)
  )

const words = ({ kind, left, leftAt, right, rightAt }: Difference): string =>
  `${kind} ${leftAt}/${rightAt}: ${left} | ${right}`

const nearest = (left: ReadonlyArray<History>, right: ReadonlyArray<History>): ReadonlyArray<Difference> =>
  left
    .flatMap((a) => right.map((b) => compareHistories(a, b).differences))
    .reduce((best, differences) => (differences.length < best.length ? differences : best))

describe("simulated beside recorded", () => {
  it.effect.each(simulated)("$name: no difference that two real runs could not have, too", ({ name }) =>
    Effect.gen(function* () {
      const real = yield* Effect.forEach([1, 2, 3], (run) => history(`recordings/${name}.${run}.jsonl.gz`))
      const simulations = yield* Effect.forEach([0, 1, 2], (seed) => history(`scenarios/${name}.yaml`, seed))
      assert.deepStrictEqual(nearest(simulations, real).map(words), [])
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
