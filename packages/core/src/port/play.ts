/** Drives any backend through a scenario: one history, whoever makes it. */
import { Effect, Stream } from "effect"
import type { ClusterEvent, RecordingStarted, Warned } from "../event/ClusterEvent.ts"
import { formatDuration } from "../event/duration.ts"
import { type Instant, later, type Micros, toObserved } from "../event/Instant.ts"
import type { JsonObject } from "../event/Json.ts"
import {
  type Answer,
  type BackendFailure,
  ClusterBackend,
  type NotSupported,
  type TimeTravel
} from "./ClusterBackend.ts"
import type { Intention, Scenario, Step } from "./Scenario.ts"

/** The intention in a few words: `apply Pod/p`, `delete Pod/p`, `kill p/main`. */
export const describeIntention = (intention: Intention): string => {
  switch (intention._tag) {
    case "Apply":
      return `apply ${intention.objects.map((object) => `${object.kind}/${object.metadata.name ?? object.metadata.generateName ?? ""}`).join(", ")}`
    case "Delete": {
      const labels = Object.entries(intention.selector ?? {}).map(([label, value]) => `${label}=${value}`)
      return `delete ${intention.kind}/${intention.name ?? `${intention.pick} of ${labels.join(",")}`}`
    }
    case "Kill":
      return `kill ${intention.pod}/${intention.container} with signal ${intention.signal}`
    case "Patch":
      return `patch ${intention.kind}/${intention.name}${intention.subresource === undefined ? "" : `/${intention.subresource}`} with ${JSON.stringify(intention.patch)}`
    case "Scale":
      return `scale ${intention.kind}/${intention.name} to ${intention.replicas}`
    case "Evict":
      return `evict ${intention.pod}`
    case "Exec":
      return `exec in ${intention.pod}${intention.container === undefined ? "" : `/${intention.container}`}: ${intention.command.join(" ")}`
    case "Node": {
      const { _tag, add, name, ...does } = intention
      return add === undefined ? `node ${name} ${JSON.stringify(does)}` : `add node ${name}`
    }
    case "Drain":
      return `drain ${intention.node}`
    case "Watch": {
      const { kinds, lag, node, of } = intention
      const whose = node === undefined ? of : `${of} on ${node}`
      const what = lag === undefined ? "stands still" : `lags by ${formatDuration(lag)}`
      return `watch of ${whose} ${what}${kinds === undefined ? "" : ` for ${kinds.join(", ")}`}`
    }
    case "Fault":
      return `fault on ${intention.node}: ${intention.call} for ${intention.pod} ${intention.message}`.trimEnd()
  }
}

const headerOf = (scenario: Scenario, t0: Instant, more: JsonObject): RecordingStarted => ({
  _tag: "RecordingStarted",
  header: {
    scenario: scenario.name,
    t0: toObserved(t0),
    ...(scenario.kubernetes === undefined ? {} : { kubernetes: scenario.kubernetes }),
    ...(more as RecordingStarted["header"]),
    steps: scenario.steps.map((step) => ({ at: formatDuration(step.at), does: describeIntention(step.intention) }))
  }
})

const warned = (observed: Instant, message: string): Warned => ({ _tag: "Warned", observed, message })

/** What the reader must know of answers: what they warn of, and that they are refusals. */
export const toldOfStep = (step: Step, at: Instant, answers: ReadonlyArray<Answer>): ReadonlyArray<Warned> => {
  const which = `step at ${formatDuration(step.at)} (${describeIntention(step.intention)})`
  return answers.flatMap(({ body, status, warnings = [] }) => {
    const said = warnings.map((warning) => warned(at, `${which} was answered with a warning: ${warning}`))
    if (status < 400) return said
    const message = typeof body.message === "string" ? body.message : JSON.stringify(body)
    return [...said, warned(at, `${which} was refused with ${status}: ${message}`)]
  })
}

export interface PlayOptions {
  /** How long after the start the history ends; steps later than that are not played. */
  readonly until: Micros
  /** What else the recording's header should say. */
  readonly header?: JsonObject
}

/**
 * The history of a scenario on the backend of the context: a header, then the facts up to each step and those after the
 * last one until `until`.
 *
 * A step that the API server refuses, or warns of, is part of the history (`Warned`); one that the backend has no machinery for, too: it
 * is named and skipped, and the rest is played.
 */
export const play = (
  scenario: Scenario,
  options: PlayOptions
): Stream.Stream<ClusterEvent, TimeTravel | BackendFailure, ClusterBackend> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const backend = yield* ClusterBackend
      const t0 = yield* backend.now
      const submit = (step: Step): Effect.Effect<ReadonlyArray<ClusterEvent>, BackendFailure> =>
        backend.submit(step.intention).pipe(
          Effect.map((answers) => toldOfStep(step, later(t0, step.at), answers)),
          Effect.catchTag("NotSupported", (no: NotSupported) =>
            Effect.succeed([
              warned(later(t0, step.at), `not ${backend.clock === "virtual" ? "simulated" : "played"}: ${no.message}`)
            ])
          )
        )
      const played = scenario.steps.filter((step) => step.at <= options.until)
      const facts = Stream.fromIterable(played).pipe(
        Stream.flatMap((step) =>
          Stream.concat(backend.advance(later(t0, step.at)), Stream.fromIterableEffect(submit(step)))
        )
      )
      return Stream.make<[ClusterEvent]>(headerOf(scenario, t0, options.header ?? {})).pipe(
        Stream.concat(facts),
        Stream.concat(backend.advance(later(t0, options.until)))
      )
    })
  )
