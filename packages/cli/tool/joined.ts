/**
 * Judges joined nodes: plays shipped scenarios on a real control plane without kubelets (`rig.sh up NAME -`), and says how alike that is to
 * what the scenario did on a real cluster, beside what the simulator scores.
 *
 *   node --conditions=source packages/cli/tool/joined.ts KUBECONFIG [GLOB…]
 */
import { inspect } from "node:util"
import { globMatches, outlineOf, type Scenario, score } from "@kubereel/core"
import { Effect } from "effect"
import { loadScenario } from "../src/scenario/loadScenario.ts"
import { measure, recordedOutlines, scenarioNames } from "./fidelity/measure.ts"
import { fileOf, playJoined, run } from "./joined/playJoined.ts"

/** So many do not disturb each other on two cores. */
const SIDE_BY_SIDE = 10

const [kubeconfig = "", ...globs] = process.argv.slice(2)
const cluster = { kubeconfig, context: "rig" }

interface Row {
  readonly name: string
  readonly states?: number
  readonly events?: number
  readonly parity?: boolean
  readonly simStates?: number
  readonly simEvents?: number
  readonly problem?: string
}

/** What is done to a node, or taken of it in earnest, would disturb others. */
const isAlone = ({ nodes, steps }: Scenario): boolean => {
  const text = JSON.stringify(steps)
  const kinds = steps.map(({ intention }) => intention._tag)
  return (
    kinds.some((kind) => kind === "Node" || kind === "Fault" || kind === "Drain") ||
    /"(cpu|memory)":|"kind":"(PriorityClass|RuntimeClass|StorageClass|PersistentVolume|Node)"|topologySpread|odAntiAffinity/.test(
      text
    ) ||
    nodes.some(({ staticPods }) => staticPods.length > 0)
  )
}

/** What images are there is the node's, of all pods together. */
const disagrees = ({ images, name }: Scenario, others: ReadonlyArray<Scenario>): boolean =>
  images.some((image) =>
    others.some(
      (other) =>
        other.name !== name &&
        other.images.some(
          (one) =>
            globMatches(one.image, image.image) && inspect({ ...one, image: "" }) !== inspect({ ...image, image: "" })
        )
    )
  )

/** Those that may be played at once: on the same nodes, and none disturbs the others. */
const groupsOf = (scenarios: ReadonlyArray<Scenario>): ReadonlyArray<ReadonlyArray<Scenario>> => {
  const groups = new Map<string, Array<Scenario>>()
  for (const scenario of scenarios) {
    const key =
      isAlone(scenario) || disagrees(scenario, scenarios) ? scenario.name : inspect(scenario.nodes, { depth: null })
    groups.set(key, [...(groups.get(key) ?? []), scenario])
  }
  return [...groups.values()].map((group) => group.toSorted((a, b) => b.until - a.until))
}

const mean = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1)

const judged = Effect.fnUntraced(function* (name: string, played: Parameters<typeof outlineOf>[0] | string) {
  if (typeof played === "string") return { name, problem: played } satisfies Row
  const { events, parity, states } = score(outlineOf(played), yield* recordedOutlines(name))
  const { scores } = yield* measure(name)
  const row: Row = {
    ...{ name, states, events, parity },
    simStates: mean(scores.map((one) => one.states)),
    simEvents: mean(scores.map((one) => one.events))
  }
  return row
})

const shown = (value: number | undefined): string => (value ?? 0).toFixed(3)

const lineOf = ({ events, name, parity, problem, simEvents, simStates, states }: Row): string =>
  problem === undefined
    ? `| ${name} | ${shown(states)} | ${shown(events)} | ${parity === true ? "yes" : "no"} | ${shown(simStates)} | ${shown(simEvents)} |`
    : `| ${name} | not played: ${problem.replaceAll("\n", "; ")} |`

const print = (line: string): void => void process.stdout.write(`${line}\n`)

const all = Effect.gen(function* () {
  const names = scenarioNames.filter((name) => globs.length === 0 || globs.some((glob) => globMatches(glob, name)))
  const scenarios = yield* Effect.forEach(names, (name) => loadScenario(fileOf(name)))
  const rows: Array<Row> = []
  print("| scenario | states | Events | parity | simulated: states | Events |\n|---|---|---|---|---|---|")
  for (const group of groupsOf(scenarios)) {
    const played = yield* playJoined(
      group.map(({ name }) => name),
      cluster,
      { beside: SIDE_BY_SIDE, seed: 0 }
    )
    for (const [name, events] of played) {
      const row = yield* judged(name, events)
      rows.push(row)
      print(lineOf(row))
    }
  }
  const good = rows.filter(({ problem }) => problem === undefined)
  const column = (of: (row: Row) => number | undefined) => shown(mean(good.map((row) => of(row) ?? 0)))
  print(
    `\n${good.length} of ${rows.length} played; ${good.filter(({ parity }) => parity === true).length} at parity; joined nodes: states ${column((row) => row.states)}, Events ${column((row) => row.events)}; simulated: states ${column((row) => row.simStates)}, Events ${column((row) => row.simEvents)}`
  )
})

await run(all)
process.exit(0)
