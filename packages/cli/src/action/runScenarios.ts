/** What `kubereel run` does. */
import { type ClusterEvent, formatDuration, renderTimeline, type Scenario, timeline, violations } from "@kubereel/core"
import { Effect, Schedule, Stream } from "effect"
import { Complaint, exitCodes, Verdict } from "../exitCode.ts"
import type { PlayOnInput } from "../input/playOn.ts"
import { type ScenarioRun, type SimulateOptions, simulate } from "../input/simulate.ts"
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
  /** The context of a kubeconfig: the scenarios are played there instead of being simulated. */
  readonly on?: string
  readonly kubeconfig?: string
  readonly keep: boolean
  readonly programImage?: string
  readonly joined: boolean
  readonly nodeDriver?: string
  readonly redact: boolean
  readonly json: boolean
}

/** What is said of one kind of run only. */
const misplaced = ({
  joined,
  keep,
  kubeconfig,
  nodeDriver,
  on,
  programImage,
  redact,
  seed,
  start
}: RunInput): string | undefined => {
  const given = (flags: { readonly [flag: string]: boolean }) => Object.keys(flags).find((flag) => flags[flag])
  const simulated = given({ "--seed": seed !== undefined, "--start": start !== undefined })
  const played = given({
    "--kubeconfig": kubeconfig !== undefined,
    "--keep": keep,
    "--program-image": programImage !== undefined,
    "--joined": joined,
    "--node-driver": nodeDriver !== undefined,
    "--no-redact": !redact
  })
  if (joined && programImage !== undefined)
    return "--program-image: joined nodes play the programs themselves; leave it out"
  if (on !== undefined)
    return simulated === undefined
      ? undefined
      : `${simulated}: a real cluster has its own clock and chance; leave it out`
  return played === undefined ? undefined : `${played}: is for a real cluster; say which one with --on CONTEXT`
}

const options = Effect.fn("options")(function* (input: RunInput) {
  const { seed, start, until } = input
  const problem = misplaced(input)
  if (problem !== undefined) return yield* new Complaint({ code: exitCodes.usage, problem })
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

/** A simulation and a real cluster differ in who makes the history, and in nothing else. */
const begin = Effect.fnUntraced(function* (
  file: string,
  chosen: SimulateOptions,
  { on, until: _, ...input }: RunInput
) {
  if (on === undefined) return (yield* simulate(file, chosen)) as ScenarioRun
  const { playOn } = yield* Effect.promise(() => import("../input/playOn.ts"))
  const played: PlayOnInput = { ...input, on, ...(chosen.until === undefined ? {} : { until: chosen.until }) }
  return (yield* playOn(file, played)) as ScenarioRun
})

const open = Effect.fn("open")(function* (file: string, chosen: SimulateOptions, input: RunInput) {
  const { recording, sort } = yield* sniff(file)
  // A manifest, or text of no known kind: the reader of scenarios says what is wrong with it.
  if (sort === "scenario" || (recording?.syntax === "yaml" && (sort === "a list of objects" || sort === "unknown")))
    return yield* begin(file, chosen, input)
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

/** How to have the same history again. A real cluster has none twice. */
const again = ({ origin }: ScenarioRun, before = ""): string =>
  "seed" in origin ? `${before}replay with --seed ${origin.seed}` : ""

/** The events, with a line that says how far they are: a real cluster takes its time. */
const withProgress = Effect.fnUntraced(function* (file: string, { events, origin, until }: ScenarioRun) {
  const { tick } = yield* Speech.progress
  let count = 0
  const began = performance.now()
  const show = () => {
    const passed = formatDuration(Math.floor((performance.now() - began) / 1_000) * 1_000_000)
    const time = "context" in origin ? `${passed} of ${formatDuration(until)}, ` : ""
    tick(() => `${file}: ${time}${count} events`)
  }
  if ("context" in origin) yield* Effect.forkScoped(Effect.repeat(Effect.sync(show), Schedule.spaced("250 millis")))
  return Stream.mapArray(events, (batch) => {
    count += batch.length
    show()
    return batch
  })
})

/** The answer of a run that wrote a reel: the reel's name and head identify the history. */
const keep = Effect.fn("keep")(function* (file: string, run: ScenarioRun, out: string) {
  const { writeReel } = yield* Effect.promise(() => import("../output/writeReel.ts"))
  const { scenario, until } = run
  const judge = new Judge(scenario)
  const counted = Stream.mapArray(yield* withProgress(file, run), (batch) => {
    judge.hear(batch)
    return batch
  })
  const { appended, head } = yield* writeReel(out, speaking(counted))
  yield* Speech.note(`${out}: ${appended} events of ${formatDuration(until)}${again(run, "; ")}`)
  return { reel: out, events: appended, head, violations: judge.violations }
}, Effect.scoped)

/** The answer of a run that is only looked at. */
const view = Effect.fn("view")(function* (file: string, run: ScenarioRun, json: boolean) {
  const { scenario } = run
  const events = yield* withProgress(file, run)
  const seen: ReadonlyArray<ClusterEvent> = yield* Stream.runCollect(json ? events : speaking(events))
  const lines = timeline(seen)
  const judge = new Judge(scenario)
  judge.hear(seen)
  if (!json) {
    yield* print(renderTimeline(lines, look()))
    if (again(run) !== "") yield* Speech.note(again(run))
  }
  return {
    events: seen.length,
    warnings: seen.flatMap((event) => messageOf(event) ?? []),
    timeline: lines,
    violations: judge.violations
  }
}, Effect.scoped)

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
    const run = yield* open(file, chosen, input)
    const { origin, scenario, until } = run
    if (!json && scenarios.length > 1) yield* print(`${runs.length === 0 ? "" : "\n"}${scenario.name}`)
    const answer = out === undefined ? yield* view(file, run, json) : yield* keep(file, run, out)
    found += answer.violations.length
    for (const violation of answer.violations) yield* Speech.note(`${file}: violated: ${violation}`)
    runs.push({ scenario: scenario.name, file, ...origin, until: formatDuration(until), ...answer })
  }
  if (json) yield* print(JSON.stringify({ schemaVersion: 1, runs }, undefined, 2))
  if (found > 0) return yield* new Verdict({ code: exitCodes.found })
})
