/** The moment from which people count in a history. */
import type { ClusterEvent } from "./ClusterEvent.ts"
import { type Instant, parseInstant } from "./Instant.ts"

/** What an event says of the start: `t0` of the header, else when it was seen. The first event that says something counts. */
export const startOf = (event: ClusterEvent): Instant | undefined => {
  const t0 = event._tag === "RecordingStarted" ? event.header["t0"] : undefined
  return (typeof t0 === "string" ? parseInstant(t0) : undefined) ?? event.observed
}
