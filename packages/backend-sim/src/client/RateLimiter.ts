/** A client's own limit on its requests (`client-go/util/flowcontrol/throttle.go`): a bucket of tokens that refills steadily. */
import { type Instant, SECOND } from "@kubereel/core"

/** What the scheduler allows each of its clients (`pkg/scheduler/apis/config/v1/defaults.go`). */
const QPS = 50
const BURST = 100

export class RateLimiter {
  readonly #interval: number
  readonly #burst: number
  /** When the bucket would be full if nothing were asked any more. */
  #full = Number.NEGATIVE_INFINITY

  /** `qps` requests a second in the long run, `burst` at once. */
  constructor(qps = QPS, burst = BURST) {
    this.#interval = SECOND / qps
    this.#burst = burst
  }

  /** Takes a token: when the request may be sent. */
  reserve(now: Instant): Instant {
    this.#full = Math.max(this.#full, now) + this.#interval
    return Math.max(now, Math.ceil(this.#full - this.#burst * this.#interval)) as Instant
  }
}
