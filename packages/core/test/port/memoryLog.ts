/** A log that holds what a test gives it. */
import { Effect, Layer, Stream } from "effect"
import type { ClusterEvent } from "../../src/event/ClusterEvent.ts"
import { EventLog } from "../../src/port/EventLog.ts"

export const memoryLog = (events: ReadonlyArray<ClusterEvent>): Layer.Layer<EventLog> =>
  Layer.succeed(
    EventLog,
    EventLog.of({
      append: () => Effect.die("this log is only read"),
      read: (from = 1) => Stream.fromIterable(events.map((event, i) => ({ seq: i + 1, event })).slice(from - 1)),
      head: Effect.succeed({ seq: events.length, hash: "" }),
      follow: () => Stream.die("this log does not grow"),
      stateAt: () => Effect.die("this log is only read"),
      event: (seq) => Effect.succeed(events[seq - 1])
    })
  )
