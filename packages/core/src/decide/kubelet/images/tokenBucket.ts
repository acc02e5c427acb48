/** A rate limit that refuses instead of waiting (client-go `util/flowcontrol/throttle.go`, TryAccept; K-123). */
import { type Instant, SECOND } from "../../../event/Instant.ts"

export interface TokenBucket {
  readonly tokens: number
  readonly at: Instant
}

export interface BucketLimits {
  /** A second; 0: no limit. */
  readonly qps: number
  readonly burst: number
}

/** `undefined`: refused. A bucket begins full. */
export const tryAccept = (
  bucket: TokenBucket | undefined,
  now: Instant,
  { burst, qps }: BucketLimits
): TokenBucket | undefined => {
  if (qps === 0) return { tokens: burst, at: now }
  const filled = bucket === undefined ? burst : Math.min(burst, bucket.tokens + ((now - bucket.at) / SECOND) * qps)
  return filled < 1 ? undefined : { tokens: filled - 1, at: now }
}
