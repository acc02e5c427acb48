/** A watch that is late: what an API server with an old watch cache, or a connection that hangs, does to who watches. */
import { type Instant, later, type Micros } from "@kubereel/core"

export interface Staleness {
  /** Of what happens before then; infinity: for ever. */
  readonly until: Instant
  /** How much later it is heard; `undefined`: not before `until`. */
  readonly lag: Micros | undefined
}

/** When that is heard which happens now and would be heard at `at`; infinity: never. */
export const heardAt = (stale: Staleness | undefined, now: Instant, at: Instant): Instant => {
  if (stale === undefined || now >= stale.until) return at
  return stale.lag === undefined ? (Math.max(at, stale.until) as Instant) : later(at, stale.lag)
}
