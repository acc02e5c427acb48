/** What turns intentions into facts: the simulator, a real cluster, a recording. */
import { Context, type Effect, Schema, type Stream } from "effect"
import type { Status } from "../decide/apiserver/status.ts"
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { Instant } from "../event/Instant.ts"
import type { JsonObject } from "../event/Json.ts"
import type { Intention } from "./Scenario.ts"

/** The backend cannot do that at all (a recording takes no orders; a field it has no machinery for). */
export class NotSupported extends Schema.TaggedError<NotSupported>()("NotSupported", {
  what: Schema.String,
  why: Schema.String
}) {
  override get message() {
    return `${this.what}: ${this.why}`
  }
}

/** Time does not run backwards. */
export class TimeTravel extends Schema.TaggedError<TimeTravel>()("TimeTravel", { now: Instant, to: Instant }) {
  override get message() {
    return `the clock stands at ${this.now} and cannot go back to ${this.to}`
  }
}

/** The backend itself failed. */
export class BackendFailure extends Schema.TaggedError<BackendFailure>()("BackendFailure", {
  cause: Schema.Defect()
}) {}

/** As whom the steps of a scenario write: their `fieldManager`. */
export const FIELD_MANAGER = "kubereel"

/** What the API server answered: its HTTP status, and the object or the Status. */
export interface Answer {
  readonly status: number
  readonly body: JsonObject
  /** What it said beside it (`Warning` headers), in its order; absent if nothing. */
  readonly warnings?: ReadonlyArray<string>
}

/** The answer to a request that is refused. */
export const refusedWith = (status: Status): Answer => ({ status: status.code, body: status })

/**
 * A cluster that can be asked and watched.
 *
 * Facts are pulled: `advance` lets the backend's clock run to a moment and yields what was seen until then, in order, each
 * once. What `submit` caused is seen by the next `advance`.
 */
export class ClusterBackend extends Context.Service<
  ClusterBackend,
  {
    /** Which clock `now` and the facts' `observed` are on. */
    readonly clock: "virtual" | "wall" | "recorded"
    readonly now: Effect.Effect<Instant>
    /** Asks for one thing, now. One answer for each object that it names; a refusal is an answer too. */
    readonly submit: (intention: Intention) => Effect.Effect<ReadonlyArray<Answer>, NotSupported | BackendFailure>
    readonly advance: (to: Instant) => Stream.Stream<ClusterEvent, TimeTravel | BackendFailure>
  }
>()("@kubereel/core/port/ClusterBackend") {}
