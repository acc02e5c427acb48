/** Appending what one source tells twice, in two ways: it is recorded, not dropped and not refused. */
import { Effect } from "effect"
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { isJsonObject } from "../event/Json.ts"
import { type Appended, appendAny, type EventLog, type EventLogFailure } from "./EventLog.ts"

const nameOf = (event: ClusterEvent): string => {
  const object = event._tag === "ObjectChanged" ? event.object : {}
  const metadata = isJsonObject(object.metadata) ? object.metadata : {}
  return `version ${String(metadata.resourceVersion)} of ${String(object.kind)} ${String(metadata.name)}`
}

/** With a warning, in an era of its own. */
const contradiction = (event: ClusterEvent, why: string): ReadonlyArray<ClusterEvent> =>
  event._tag !== "ObjectChanged"
    ? [event]
    : [
        {
          _tag: "Warned",
          ...(event.observed === undefined ? {} : { observed: event.observed }),
          message: `${nameOf(event)} was seen before with other content: ${why}`
        },
        { ...event, era: (event.era ?? 0) + 1 }
      ]

const sum = (a: Appended, b: Appended): Appended => ({
  seqs: [...a.seqs, ...b.seqs],
  repeated: a.repeated + b.repeated
})

/**
 * Appends the whole group. A version that the log has with other content is a contradiction: `why` says what may be behind it.
 * Every round raises an era that is finite in the log, so it comes to an end.
 */
export const appendContradicting = (
  events: ReadonlyArray<ClusterEvent>,
  why: string
): Effect.Effect<Appended, EventLogFailure, EventLog> =>
  Effect.catchTag(appendAny(events), "IdConflict", ({ index }) =>
    Effect.gen(function* () {
      const before = yield* appendContradicting(events.slice(0, index), why)
      const rest = [...contradiction(events[index] as ClusterEvent, why), ...events.slice(index + 1)]
      return sum(before, yield* appendContradicting(rest, why))
    })
  )
