/**
 * The worked examples: what each promises is true of the real runs, and of the simulated ones.
 *
 * `checks` of a scenario state the promise. They are asked of its three recordings always, and of simulations with two seeds
 * where every part of the scenario is simulated; the others are counted and named.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { type Check, type Scenario, violations } from "@kubereel/core"
import { Effect, Result } from "effect"
import { expect } from "vitest"
import { collect, openHistory } from "../src/input/openHistory.ts"
import { parseScenario } from "../src/scenario/loadScenario.ts"
import { notSimulatedIn, scenarioNames } from "../tool/fidelity/measure.ts"
import { extensions, leftOut, shownBy } from "./workedExamples.ts"

const root = join(import.meta.dirname, "../../..")

const scenarioOf = (name: string): Scenario =>
  Result.getOrThrow(parseScenario(readFileSync(join(root, "scenarios", `${name}.yaml`), "utf8"), `${name}.yaml`))

const sourcesOf = ({ source }: Scenario): ReadonlyArray<string> => source?.split(", ") ?? []

const scenarios = scenarioNames.map((name) => ({ name, scenario: scenarioOf(name) }))
const checked = scenarios.filter(({ scenario }) => scenario.checks.length > 0)
const simulated = checked.filter(({ name }) => notSimulatedIn(name).length === 0)

/** A recording is of a namespace of the scenario's name; a simulation of the scenario's own. */
const violated = (
  file: string,
  {
    checks,
    namespace,
    seed
  }: { readonly checks: ReadonlyArray<Check>; readonly namespace: string; readonly seed?: number }
): Effect.Effect<ReadonlyArray<string>, unknown> =>
  openHistory(join(root, file), seed === undefined ? {} : { seed }).pipe(
    Effect.flatMap(collect),
    Effect.map((events) => violations(events, checks, namespace)),
    Effect.provide(NodeServices.layer)
  )

describe("the checks of a scenario", () => {
  it.effect.each(checked)("$name: are true of its three real runs", ({ name, scenario: { checks } }) =>
    Effect.gen(function* () {
      for (const run of [1, 2, 3]) {
        const problems = yield* violated(`recordings/${name}.${run}.jsonl.gz`, { checks, namespace: name })
        assert.deepStrictEqual(problems, [], `run ${run}`)
      }
    })
  )

  it.effect.each(simulated)("$name: are true of its simulations", ({ name, scenario: { checks, namespace } }) =>
    Effect.gen(function* () {
      for (const seed of [0, 1]) {
        const problems = yield* violated(`scenarios/${name}.yaml`, { checks, namespace, seed })
        assert.deepStrictEqual(problems, [], `seed ${seed}`)
      }
    })
  )

  it("are asked of simulations wherever every part is simulated; the others are named", () => {
    const others = checked.filter((one) => !simulated.includes(one))
    console.log(`${simulated.length} of ${checked.length} scenarios with checks are simulated in full; only recorded:`)
    for (const { name } of others) console.log(`  ${name}: ${notSimulatedIn(name).join("; ")}`)
    expect(simulated.length).toBeGreaterThanOrEqual(70)
  })
})

describe("the worked examples", () => {
  it("W-01 to W-68: each is shown by scenarios or left out for a reason, none is both", () => {
    const all = Array.from({ length: 68 }, (_, i) => `W-${String(i + 1).padStart(2, "0")}`)
    expect([...shownBy, ...leftOut].map(([example]) => example).toSorted()).toEqual(all)
  })

  it.each([...shownBy, ...extensions])("%s is shown by %j, which say so and have checks", (example, names) => {
    const naming = scenarios.filter(({ scenario }) => sourcesOf(scenario).includes(example)).map(({ name }) => name)
    expect(naming).toEqual(names)
    expect(checked.map(({ name }) => name)).toEqual(expect.arrayContaining([...names]))
  })

  it("every scenario that names an example or an extension has checks", () => {
    const without = scenarios.filter(({ scenario }) => sourcesOf(scenario).length > 0 && scenario.checks.length === 0)
    expect(without.map(({ name }) => name)).toEqual([])
  })
})
