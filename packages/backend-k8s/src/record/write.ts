/** From the queue into the log: group by group, in order, nothing dropped. */
import {
  type Appended,
  appendAny,
  type ClusterEvent,
  type EventLog,
  type EventLogFailure,
  isJsonObject
} from "@kubereel/core"
import { Clock, Effect, Schedule } from "effect"

/** What has gone through, and how long the last group had waited. */
export interface Counts {
  /** Facts that were made of what was heard and found; always the sum of the other two when nothing is on its way. */
  received: number
  appended: number
  /** Facts that the log had already. */
  repeated: number
  /** Microseconds from the moment at which the oldest fact of the last group was seen until it was durable. */
  lag: number
}

export interface WriteOptions {
  readonly counts: Counts
  /** May the same append succeed later (a full disk)? Then it is tried again, and the watches wait. */
  readonly isPassing: (failure: EventLogFailure) => boolean
  readonly onFailure: (failure: EventLogFailure) => Effect.Effect<void>
  readonly onWritten: (events: ReadonlyArray<ClusterEvent>) => Effect.Effect<void>
}

/** How long to wait for a disk that is full. */
const AGAIN = "2 seconds"

const nameOf = (event: ClusterEvent): string => {
  const object = event._tag === "ObjectChanged" ? event.object : {}
  const metadata = isJsonObject(object.metadata) ? object.metadata : {}
  return `version ${String(metadata.resourceVersion)} of ${String(object.kind)} ${String(metadata.name)}`
}

/**
 * A server that went back in time unnoticed hands out a version twice. The contradiction is recorded, not dropped: with a
 * warning, in an era of its own.
 */
const contradiction = (event: ClusterEvent): ReadonlyArray<ClusterEvent> =>
  event._tag !== "ObjectChanged"
    ? [event]
    : [
        {
          _tag: "Warned",
          ...(event.observed === undefined ? {} : { observed: event.observed }),
          message: `${nameOf(event)} was seen before with other content: the server hands out versions again`
        },
        { ...event, era: (event.era ?? 0) + 1 }
      ]

const sum = (a: Appended, b: Appended): Appended => ({
  seqs: [...a.seqs, ...b.seqs],
  repeated: a.repeated + b.repeated
})

/** Appends the whole group. Every round raises an era that is finite in the log, so it comes to an end. */
const appendAll = (events: ReadonlyArray<ClusterEvent>): Effect.Effect<Appended, EventLogFailure, EventLog> =>
  Effect.catchTag(appendAny(events), "IdConflict", ({ index }) =>
    Effect.gen(function* () {
      const before = yield* appendAll(events.slice(0, index))
      const rest = [...contradiction(events[index] as ClusterEvent), ...events.slice(index + 1)]
      return sum(before, yield* appendAll(rest))
    })
  )

/** Writes one group, however long it takes. */
export const writeGroup = Effect.fnUntraced(function* (
  events: ReadonlyArray<ClusterEvent>,
  { counts, isPassing, onFailure, onWritten }: WriteOptions
) {
  const written = yield* appendAll(events).pipe(
    Effect.tapError(onFailure),
    Effect.retry({ while: isPassing, schedule: Schedule.spaced(AGAIN) })
  )
  counts.received += written.seqs.length - events.length
  counts.appended += written.seqs.length - written.repeated
  counts.repeated += written.repeated
  const oldest = events.find(({ observed }) => observed !== undefined)?.observed
  // A clock that went back meanwhile says nothing of how long it took.
  if (oldest !== undefined) counts.lag = Math.max(0, (yield* Clock.currentTimeMillis) * 1_000 - oldest)
  yield* onWritten(events)
})
