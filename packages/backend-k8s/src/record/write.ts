/** From the queue into the log: group by group, in order, nothing dropped. */
import { appendContradicting, type ClusterEvent, type EventLogFailure } from "@kubereel/core"
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

/** Writes one group, however long it takes. */
export const writeGroup = Effect.fnUntraced(function* (
  events: ReadonlyArray<ClusterEvent>,
  { counts, isPassing, onFailure, onWritten }: WriteOptions
) {
  const written = yield* appendContradicting(events, "the server hands out versions again").pipe(
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
