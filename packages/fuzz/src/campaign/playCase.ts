/** One generated scenario, simulated and checked. */

import { SimBackend } from "@kubereel/backend-sim"
import {
  Checker,
  type CheckerOptions,
  type ClusterEvent,
  canonical,
  type Json,
  type Outcome,
  type Property,
  play,
  type Scenario,
  sha256Hex
} from "@kubereel/core"
import { Effect, Stream } from "effect"
import { DisturbanceMatrix } from "../coverage/DisturbanceMatrix.ts"

/** What the simulator is made with besides the scenario: a published bug, for tests of what notices it. */
export type SimulatorOptions = Parameters<typeof SimBackend.layer>[1]

/** Every event of the scenario's history, as `kubereel run` tells it. Throws what the simulator throws. */
export const simulate = (scenario: Scenario, see: (event: ClusterEvent) => void, options?: SimulatorOptions): void => {
  const history = play(scenario, { until: scenario.until })
  const seen = Stream.runForEach(history, (event) => Effect.sync(() => see(event)))
  Effect.runSync(Effect.provide(seen, SimBackend.layer(scenario, options)))
}

/** A property that a scenario breaks, and where. */
export interface Finding {
  readonly property: string
  readonly slice: string
  readonly seq: number
}

/** What one scenario came to. */
export interface CaseResult {
  readonly events: number
  readonly findings: ReadonlyArray<Finding>
  /** Ids of properties whose trigger was true. */
  readonly fired: ReadonlyArray<string>
  /** What was reached: goals, and cells of the matrix of disturbances and pods' states. */
  readonly reached: ReadonlyArray<string>
  readonly refused: number
  /** What the simulator or a property threw, in its words. */
  readonly threw: string | undefined
}

/** The id under which something that was thrown is told. */
export const THREW = "simulator-throws"

const isRefusal = (event: ClusterEvent): boolean =>
  event._tag === "Warned" && event.message.includes("was refused with")

const findingsOf = (outcomes: ReadonlyArray<Outcome>): ReadonlyArray<Finding> =>
  outcomes.flatMap(({ property, violations }) => {
    const [first] = violations
    // An advisory law only advises; a goal is reached, not broken.
    if (first === undefined || property.kind === "goal" || property.severity === "advisory") return []
    return [{ property: property.id, slice: first.slice, seq: first.seq }]
  })

export const playCase = (
  scenario: Scenario,
  properties: ReadonlyArray<Property>,
  options?: SimulatorOptions & CheckerOptions
): CaseResult => {
  let [events, refused] = [0, 0]
  try {
    const checker = new Checker(properties, options)
    const matrix = new DisturbanceMatrix(scenario, scenario.start)
    simulate(
      scenario,
      (event) => {
        events += 1
        if (isRefusal(event)) refused += 1
        checker.see(event)
        matrix.see(event)
      },
      options
    )
    const outcomes = checker.outcomes("open")
    const goals = outcomes.filter(({ property, violations }) => property.kind === "goal" && violations.length > 0)
    return {
      events,
      findings: findingsOf(outcomes),
      fired: outcomes
        .filter(({ fired, property }) => property.kind !== "goal" && fired > 0)
        .map(({ property }) => property.id),
      reached: [...goals.map(({ property }) => property.id), ...matrix.cells],
      refused,
      threw: undefined
    }
  } catch (error) {
    const threw = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return { events, findings: [{ property: THREW, slice: "", seq: events }], fired: [], reached: [], refused, threw }
  }
}

/** Names the whole history, byte for byte: the same scenario has the same one, on every machine. */
export const digestOf = (scenario: Scenario): string => {
  const texts: Array<string> = []
  simulate(scenario, (event) => texts.push(canonical(event as unknown as Json)))
  return sha256Hex(texts.join("\n"))
}
