/**
 * How long a failed pull is not tried again (`pkg/kubelet/images/image_manager.go`, pullImage; client-go
 * `util/flowcontrol/backoff.go`; K-124). Counted from the last failure, without jitter; a key is one image of one pod.
 */
import { type Instant, type Micros, SECOND } from "../../../event/Instant.ts"

/** `pkg/kubelet/kubelet.go`, imageBackOffPeriod and MaxImageBackOff. */
const INITIAL: Micros = 10 * SECOND
const MAXIMUM: Micros = 300 * SECOND

export interface ImageBackOff {
  readonly backOff: Micros
  readonly lastFailure: Instant
}

/** T-06: twice the maximum after its last failure it begins anew. */
const expired = ({ lastFailure }: ImageBackOff, now: Instant): boolean => now - lastFailure > 2 * MAXIMUM

export const isInImageBackOff = (entry: ImageBackOff | undefined, now: Instant): boolean =>
  entry !== undefined && !expired(entry, now) && now - entry.lastFailure < entry.backOff

/** After one more failure. */
export const nextImageBackOff = (entry: ImageBackOff | undefined, now: Instant): ImageBackOff => ({
  backOff: entry === undefined || expired(entry, now) ? INITIAL : Math.min(entry.backOff * 2, MAXIMUM),
  lastFailure: now
})
