/** A stream of events into the log, group by group. */
import { type Duration, Effect, Stream } from "effect"
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { appendContradicting } from "./appendContradicting.ts"
import { appendAny, type EventLog, type EventLogFailure, type IdConflict } from "./EventLog.ts"

/** How many events one commit takes, and how long the first of them may wait. */
export interface GroupCommit {
  /** Default 500; between 100 and 1,000 a durable commit costs little per event. */
  readonly events?: number
  /** For a source that is live. Default: as long as it takes to fill the group, or until the source ends. */
  readonly within?: Duration.Input
  /** What may be behind a version that is told in two ways: it is recorded then. Default: `IdConflict`. */
  readonly contradictions?: string
}

/** Appends what a stream yields, group by group; each group is atomic. Answers with how much there was. */
export const appendStream = <E, R>(
  events: Stream.Stream<ClusterEvent, E, R>,
  { contradictions, events: size = 500, within }: GroupCommit = {}
): Effect.Effect<
  { readonly appended: number; readonly repeated: number },
  E | IdConflict | EventLogFailure,
  R | EventLog
> =>
  Effect.suspend(() => {
    const groups: Stream.Stream<ReadonlyArray<ClusterEvent>, E, R> = within === undefined
      ? Stream.grouped(events, size)
      : Stream.groupedWithin(events, size, within)
    return Stream.runFoldEffect(
      groups,
      () => ({ appended: 0, repeated: 0 }),
      (sum, group) =>
        Effect.map(
          contradictions === undefined ? appendAny(group) : appendContradicting(group, contradictions),
          ({ repeated, seqs }) => ({
            appended: sum.appended + seqs.length - repeated,
            repeated: sum.repeated + repeated
          })
        )
    )
  })
