/** Measures the simulator: each shipped scenario with several seeds beside its recordings, and these beside one another. */
import { readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import {
  compareHistories,
  type Difference,
  type History,
  historyOf,
  isJsonObject,
  isSimulatedKind,
  notSimulatedScenario,
  type Outline,
  outlineOf,
  type Scenario,
  type Score,
  score,
  spreadOf
} from "@kubereel/core"
import { Effect, Result } from "effect"
import { collect, openHistory } from "../../src/input/openHistory.ts"
import { parseScenario } from "../../src/scenario/loadScenario.ts"

const root = join(import.meta.dirname, "../../../..")

/** What is measured with when nothing else is said. */
export const seeds: ReadonlyArray<number> = [0, 1, 2]

export interface Measured {
  readonly name: string
  /** Kinds of objects that the scenario makes and no controller of the simulator acts upon. */
  readonly foreignKinds: ReadonlyArray<string>
  readonly notSimulated: ReadonlyArray<string>
  /** One for each of the seeds. */
  readonly scores: ReadonlyArray<Score>
  /** Each real run judged by the others. */
  readonly realScores: ReadonlyArray<Score>
  /** What `diff` says of the seed and the real run that are nearest. */
  readonly differences: ReadonlyArray<Difference>
  /** And of the two real runs that are farthest apart. */
  readonly realDifferences: number
}

interface Read {
  readonly history: History
  readonly outline: Outline
}

export const scenarioNames: ReadonlyArray<string> = readdirSync(join(root, "scenarios"))
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => basename(file, ".yaml"))
  .toSorted()

const scenarioOf = (name: string): Scenario =>
  Result.getOrThrow(parseScenario(readFileSync(join(root, "scenarios", `${name}.yaml`), "utf8"), `${name}.yaml`))

/** What `run` warns of. */
export const notSimulatedIn = (name: string): ReadonlyArray<string> => notSimulatedScenario(scenarioOf(name))

/** Does it make objects from which controllers make others? Several of them at work on the same objects race by milliseconds. */
export const hasControllers = (name: string): boolean =>
  scenarioOf(name).steps.some(
    ({ intention }) =>
      intention._tag === "Apply" &&
      intention.objects.some((object) => isJsonObject(object["spec"]) && isJsonObject(object["spec"]["template"]))
  )

/** Is a node lost? When that shows depends on when it was heard of last, and when somebody looks. */
export const losesNodes = (name: string): boolean =>
  scenarioOf(name).steps.some(
    ({ intention }) =>
      intention._tag === "Node" &&
      (intention.kubelet === "stop" || intention.power === "off" || intention.network?.startsWith("cut") === true)
  )

const read = (file: string, seed?: number): Effect.Effect<Read, unknown> =>
  openHistory(join(root, file), seed === undefined ? {} : { seed }).pipe(
    Effect.flatMap(collect),
    Effect.map((events) => ({ history: historyOf(events), outline: outlineOf(events) })),
    Effect.provide(NodeServices.layer)
  )

const simulations = (name: string, with_: ReadonlyArray<number>) =>
  Effect.forEach(with_, (seed) => read(`scenarios/${name}.yaml`, seed))
const recordings = (name: string) => Effect.forEach([1, 2, 3], (run) => read(`recordings/${name}.${run}.jsonl.gz`))

const foreignKinds = ({ steps }: Scenario): ReadonlyArray<string> => {
  const kinds = steps.flatMap(({ intention }) =>
    intention._tag === "Apply" ? intention.objects.map(({ kind }) => kind) : []
  )
  return [...new Set(kinds.filter((kind) => !isSimulatedKind(kind)))].toSorted()
}

const outlines = (reads: ReadonlyArray<Read>): ReadonlyArray<Outline> => reads.map(({ outline }) => outline)

/** What the scenario did on a real cluster, three times. */
export const recordedOutlines = (name: string) => Effect.map(recordings(name), outlines)

export const measure = Effect.fn("measure")(function* (name: string, with_: ReadonlyArray<number> = seeds) {
  const scenario = scenarioOf(name)
  const real = yield* recordings(name)
  const simulated = yield* simulations(name, with_)
  const differ = (a: Read, b: Read) => compareHistories(a.history, b.history, { until: scenario.until }).differences
  const spread = spreadOf(outlines(real))
  const answer: Measured = {
    name,
    foreignKinds: foreignKinds(scenario),
    notSimulated: notSimulatedScenario(scenario),
    scores: simulated.map(({ outline }) => score(outline, outlines(real), spread)),
    realScores: real.map(({ outline }, i) => score(outline, outlines(real.toSpliced(i, 1)))),
    differences: simulated
      .flatMap((a) => real.map((b) => differ(a, b)))
      .reduce((best, one) => (one.length < best.length ? one : best)),
    realDifferences: Math.max(...real.flatMap((a, i) => real.slice(i + 1).map((b) => differ(a, b).length)))
  }
  return answer
})

export const measureAll: Effect.Effect<ReadonlyArray<Measured>, unknown> = Effect.forEach(scenarioNames, (name) =>
  measure(name)
)

/** Whether one of these seeds gives a history at parity. */
export const isAtParity = Effect.fn("isAtParity")(function* (name: string, with_: ReadonlyArray<number>) {
  const real = outlines(yield* recordings(name))
  const spread = spreadOf(real)
  const simulated = yield* simulations(name, with_)
  return simulated.some(({ outline }) => score(outline, real, spread).parity)
})
