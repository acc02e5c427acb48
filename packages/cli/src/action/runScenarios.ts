/** What `kubereel run` does. */
import { type ClusterEvent, formatDuration, renderTimeline, type Scenario, timeline, violations } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { Complaint, exitCodes, Verdict } from "../exitCode.ts"
import { type SimulateOptions, type Simulation, simulate } from "../input/simulate.ts"
import { sniff } from "../input/sniff.ts"
import { messageOf, speaking } from "../output/messages.ts"
import * as Speech from "../output/Speech.ts"
import { print } from "../output/stdout.ts"
import { look } from "../output/terminal.ts"
import { duration, moment } from "./arguments.ts"

export interface RunInput {
  readonly scenarios: ReadonlyArray<string>
  readonly out?: string
  readonly seed?: number
  readonly until?: string
  readonly start?: string
  readonly json: boolean
}

const options = Effect.fn("options")(function* ({ seed, start, until }: RunInput) {
  if (seed !== undefined && seed < 0) {
    return yield* new Complaint({ code: exitCodes.usage, problem: `--seed: ${seed} is negative; a seed is 0 or more` })
  }
  const answer: SimulateOptions = {
    ...(seed === undefined ? {} : { seed }),
    ...(until === undefined ? {} : { until: yield* duration("--until", until) }),
    ...(start === undefined ? {} : { start: yield* moment("--start", start) })
  }
  return answer
})

const open = Effect.fn("open")(function* (file: string, chosen: SimulateOptions) {
  const { recording, sort } = yield* sniff(file)
  // A manifest, or text of no known kind: the reader of scenarios says what is wrong with it.
  if (sort === "scenario" || (recording?.syntax === "yaml" && (sort === "a list of objects" || sort === "unknown")))
    return yield* simulate(file, chosen)
  const instead = sort === "reel" ? "show" : "import"
  return yield* new Complaint({
    code: exitCodes.badData,
    problem: `${file}: is no scenario but ${sort === "reel" ? "a reel" : sort === "unknown" ? "something else" : sort}; see \`kubereel ${instead} --help\``
  })
})

/** Holds what was seen against the checks of its scenario; without checks it keeps nothing. */
class Judge {
  readonly #scenario: Scenario
  readonly #seen: Array<ClusterEvent> = []

  constructor(scenario: Scenario) {
    this.#scenario = scenario
  }

  hear(batch: ReadonlyArray<ClusterEvent>): void {
    if (this.#scenario.checks.length > 0)
      for (const event of batch) if (event._tag === "ObjectChanged") this.#seen.push(event)
  }

  get violations(): ReadonlyArray<string> {
    return violations(this.#seen, this.#scenario.checks, this.#scenario.namespace)
  }
}

/** The answer of a run that wrote a reel: the reel's name and head identify the history. */
const keep = Effect.fn("keep")(function* (file: string, { events, scenario, until }: Simulation, out: string) {
  const { writeReel } = yield* Effect.promise(() => import("../output/writeReel.ts"))
  const { tick } = yield* Speech.progress
  let count = 0
  const judge = new Judge(scenario)
  const counted = Stream.mapArray(events, (batch) => {
    count += batch.length
    judge.hear(batch)
    tick(() => `${file}: ${count} events`)
    return batch
  })
  const { appended, head } = yield* writeReel(out, speaking(counted))
  yield* Speech.note(`${out}: ${appended} events of ${formatDuration(until)}; replay with --seed ${scenario.seed}`)
  return { reel: out, events: appended, head, violations: judge.violations }
}, Effect.scoped)

/** The answer of a run that is only looked at. */
const view = Effect.fn("view")(function* ({ events, scenario }: Simulation, json: boolean) {
  const seen: ReadonlyArray<ClusterEvent> = yield* Stream.runCollect(json ? events : speaking(events))
  const lines = timeline(seen)
  const judge = new Judge(scenario)
  judge.hear(seen)
  if (!json) {
    yield* print(renderTimeline(lines, look()))
    yield* Speech.note(`replay with --seed ${scenario.seed}`)
  }
  return {
    events: seen.length,
    warnings: seen.flatMap((event) => messageOf(event) ?? []),
    timeline: lines,
    violations: judge.violations
  }
})

/** Runs each in turn; nothing is printed as JSON before all have run. */
export const runScenarios = Effect.fn("runScenarios")(function* (input: RunInput) {
  const { json, out, scenarios } = input
  if (out !== undefined && scenarios.length > 1) {
    return yield* new Complaint({
      code: exitCodes.usage,
      problem: `--out: a reel holds one run, and ${scenarios.length} scenarios were named`
    })
  }
  const chosen = yield* options(input)
  const runs: Array<object> = []
  let found = 0
  for (const file of scenarios) {
    const simulation = yield* open(file, chosen)
    const { scenario, until } = simulation
    if (!json && scenarios.length > 1) yield* print(`${runs.length === 0 ? "" : "\n"}${scenario.name}`)
    const answer = out === undefined ? yield* view(simulation, json) : yield* keep(file, simulation, out)
    found += answer.violations.length
    for (const violation of answer.violations) yield* Speech.note(`${file}: violated: ${violation}`)
    runs.push({ scenario: scenario.name, file, seed: scenario.seed, until: formatDuration(until), ...answer })
  }
  if (json) yield* print(JSON.stringify({ schemaVersion: 1, runs }, undefined, 2))
  if (found > 0) return yield* new Verdict({ code: exitCodes.found })
})
