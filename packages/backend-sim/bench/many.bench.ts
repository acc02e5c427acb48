/**
 * Very many small scenarios, as whoever looks for a defect simulates them: twelve shapes of some sixty steps in a virtual hour, each with
 * other seeds, one after the other in one process.
 * Baseline: the same facts of the same scenarios as JSON, written and read once.
 *
 * `npm run bench -- many` prints scenarios a second for each shape and for all of them.
 */
import { type ClusterEvent, later, type Scenario } from "@kubereel/core"
import { expect, test } from "vitest"
import { Cluster } from "../src/Cluster.ts"
import { scenario } from "../test/given.ts"
import { type Shape, shapes } from "./manyShapes.ts"

/** Seconds of processor time for which each shape is run. */
const MEASURED = 2

const made = ({ images, nodes, runs, steps }: Shape): Scenario =>
  scenario({
    ...{ runs, steps, until: "1h" },
    ...(images === undefined ? {} : { images }),
    nodes: Array.from({ length: nodes }, (_, i) => ({
      name: `n-${i + 1}`,
      cpu: 2,
      memory: "4Gi",
      pods: 110,
      profile: "rig"
    }))
  })

const history = (of: Scenario, seed: number): ReadonlyArray<ClusterEvent> => {
  const cluster = new Cluster(of, { seed })
  for (const { at, intention } of of.steps) {
    cluster.run(later(of.start, at), Number.POSITIVE_INFINITY)
    if (cluster.submit(intention) === undefined) throw new Error(`${intention._tag} is not simulated`)
  }
  cluster.run(later(of.start, of.until), Number.POSITIVE_INFINITY)
  return cluster.takeFacts()
}

const processor = (): number => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1e6
}

/** Seconds of processor time for one: the others of this machine do not count. */
const cost = (once: (turn: number) => void): number => {
  for (let warm = 0; warm < 5; warm++) once(warm)
  const began = processor()
  let turns = 0
  while (processor() - began < MEASURED) once(turns++)
  return (processor() - began) / turns
}

const told = (name: string, seconds: number, json: number, facts: number): void =>
  console.log(
    `${name.padEnd(42)} ${(1 / seconds).toFixed(0).padStart(5)} a second, ${(seconds * 1_000).toFixed(2).padStart(6)} ms; ` +
      `${facts} facts, ${(seconds / json).toFixed(1)} × JSON`
  )

test("scenarios of sixty steps in a virtual hour", () => {
  const costs = shapes.map((shape) => {
    const of = made(shape)
    const facts = history(of, 0)
    expect(of.steps.length).toBeGreaterThanOrEqual(60)
    const seconds = cost((turn) => history(of, turn))
    const json = cost(() => JSON.parse(JSON.stringify(facts)))
    told(shape.name, seconds, json, facts.length)
    return { seconds, json, facts: facts.length }
  })
  const sum = (of: "seconds" | "json" | "facts") => costs.reduce((total, cost) => total + cost[of], 0) / costs.length
  told("all", sum("seconds"), sum("json"), Math.round(sum("facts")))
})
