/** Backlog first, then what is appended: how an event log is followed, whatever it is made of. */
import { type Effect, Stream } from "effect"
import type { Recorded } from "./EventLog.ts"

/**
 * Reads to the end, waits for one event more, and reads on from there. Nothing is subscribed to, so nothing can be lost or
 * doubled between reading and waiting: `reaches` answers at once where the event is there already.
 */
export const followed = <E, E2>(
  read: (from: number) => Stream.Stream<Recorded, E>,
  reaches: (seq: number) => Effect.Effect<void, E2>,
  from: number
): Stream.Stream<Recorded, E | E2> =>
  Stream.suspend(() => {
    let next = Math.max(1, from)
    const backlog = Stream.suspend(() => read(next)).pipe(
      Stream.mapArray((batch) => {
        next = Math.max(next, (batch.at(-1)?.seq ?? 0) + 1)
        return batch
      })
    )
    const pause = Stream.suspend(() => Stream.fromEffectDrain(reaches(next)))
    return Stream.forever(Stream.concat(backlog, pause))
  })
