/** A scenario file as the history that the simulator makes of it. */
import { SimBackend } from "@kubereel/backend-sim"
import {
  type ClusterEvent,
  formatDuration,
  type Instant,
  latestRelease,
  type Micros,
  play,
  releaseOf,
  type Scenario
} from "@kubereel/core"
import { Effect, Stream } from "effect"
import { loadProfiles } from "../scenario/loadProfiles.ts"
import { loadScenario } from "../scenario/loadScenario.ts"
import { version } from "../version.ts"

export interface SimulateOptions {
  /** Each instead of the scenario's own. */
  readonly seed?: number
  readonly until?: Micros
  readonly start?: Instant
}

/** A scenario with the history that somebody makes of it while it is read. */
export interface ScenarioRun {
  readonly scenario: Scenario
  readonly until: Micros
  readonly events: Stream.Stream<ClusterEvent, unknown>
  /** Simulated with that seed, or played on the cluster of that context. */
  readonly origin: { readonly seed: number } | { readonly context: string }
}

/** What the header of a simulated recording says beside `t0` and the steps: it must not be taken for a real one. */
const header = (scenario: Scenario, until: Micros) => ({
  kubernetes: (releaseOf(scenario.kubernetes ?? "") ?? latestRelease).version,
  simulator: `kubereel ${version}`,
  seed: scenario.seed,
  until: formatDuration(until)
})

/** Loads the scenario; nothing runs before the events are read. */
export const simulate = Effect.fn("simulate")(function* (file: string, options: SimulateOptions) {
  const loaded = yield* loadScenario(file)
  const scenario: Scenario = {
    ...loaded,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.start === undefined ? {} : { start: options.start })
  }
  const profiles = yield* loadProfiles(file, scenario)
  const until = options.until ?? scenario.until
  const events = play(scenario, { until, header: header(scenario, until) }).pipe(
    Stream.provide(SimBackend.layer(scenario, { profiles }))
  )
  return { scenario, until, events, origin: { seed: scenario.seed } } satisfies ScenarioRun
})
