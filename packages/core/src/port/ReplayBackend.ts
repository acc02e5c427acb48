/** A reel being replayed: the `ClusterBackend` whose facts have happened already. */
import { Effect, Layer, Stream } from "effect"
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { type Instant, parseInstant } from "../event/Instant.ts"
import { BackendFailure, ClusterBackend, NotSupported, TimeTravel } from "./ClusterBackend.ts"
import { type DamagedLog, EventLog, type EventLogFailure, type Recorded } from "./EventLog.ts"

/** When the event moves the recorded clock: a header by its `t0`, anything else by when it was seen. */
const momentOf = (event: ClusterEvent): Instant | undefined =>
  event._tag === "RecordingStarted" && typeof event.header.t0 === "string"
    ? parseInstant(event.header.t0)
    : event.observed

const failure = (cause: DamagedLog | EventLogFailure) => new BackendFailure({ cause })

/** The first moment that the log knows; 1970 for a log without times. */
const beginning = (log: EventLog["Service"]) =>
  log.read().pipe(
    Stream.map(({ event }) => momentOf(event)),
    Stream.filter((at) => at !== undefined),
    Stream.runHead,
    Effect.map((head) => (head._tag === "Some" ? head.value : (0 as Instant)))
  )

/**
 * Replays the log of the context. The order is the log's, whatever the stamps say: an event is due when no event before it
 * (itself included) was seen later than the clock, and one without a time goes with the event before it.
 */
export const layer: Layer.Layer<ClusterBackend, BackendFailure, EventLog> = Layer.effect(
  ClusterBackend,
  Effect.gen(function* () {
    const log = yield* EventLog
    let now = yield* Effect.mapError(beginning(log), failure)
    let next = 1
    let reached = now

    const due = (to: Instant) =>
      Stream.suspend(() =>
        log.read(next).pipe(
          Stream.mapError(failure),
          Stream.mapAccum(
            () => reached,
            (before: Instant, recorded: Recorded) => {
              const at = momentOf(recorded.event)
              const after = at === undefined || at < before ? before : at
              return [after, [{ ...recorded, after }]] as const
            }
          ),
          Stream.takeWhile(({ after }) => after <= to),
          // One by one, so that a reader who stops early finds the rest at the next `advance`.
          Stream.mapEffect(({ after, event, seq }) =>
            Effect.sync(() => {
              next = seq + 1
              reached = after
              return event
            })
          )
        )
      )

    return ClusterBackend.of({
      clock: "recorded",
      now: Effect.sync(() => now),
      submit: (intention) =>
        Effect.fail(new NotSupported({ what: intention._tag.toLowerCase(), why: "a recording takes no orders" })),
      advance: (to) =>
        Stream.suspend(
          (): Stream.Stream<ClusterEvent, TimeTravel | BackendFailure> =>
            to < now
              ? Stream.fail(new TimeTravel({ now, to }))
              : Stream.concat(
                  due(to),
                  Stream.fromEffectDrain(
                    Effect.sync(() => {
                      now = to
                    })
                  )
                )
        )
    })
  })
)
