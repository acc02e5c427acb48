/** The nodes of a zone that wait for their taint, and how many a second get it (`pkg/controller/nodelifecycle/scheduler/rate_limited_queue.go`; C-325, C-327). */
import { EVICTION_QPS, type Instant, later, SECOND, type TokenBucket, tryAccept } from "@kubereel/core"

export class NoExecuteTainter {
  /** In the order in which they were added. */
  readonly #queue = new Set<string>()
  /** Those that were added and not taken back, whether they have had their turn or not: they are not added again. */
  readonly #known = new Set<string>()
  #qps = EVICTION_QPS
  #bucket: TokenBucket | undefined

  /** Nothing happens to one that is known. */
  add(node: string): void {
    if (this.#known.has(node)) return
    this.#known.add(node)
    this.#queue.add(node)
  }

  remove(node: string): void {
    this.#known.delete(node)
    this.#queue.delete(node)
  }

  /** It had its turn. */
  done(node: string): void {
    this.#queue.delete(node)
  }

  /** Whose turn it is; a node that is told of here has used up what is allowed. */
  next(now: Instant): string | undefined {
    const [head] = this.#queue
    return head !== undefined && this.#accept(now) ? head : undefined
  }

  /** From when on somebody could have its turn; `undefined`: not as things are. */
  readyAt(now: Instant): Instant | undefined {
    if (this.#queue.size === 0 || this.#qps <= 0) return undefined
    const missing = this.#bucket === undefined ? 0 : 1 - this.#bucket.tokens
    return this.#bucket === undefined
      ? now
      : (Math.max(later(this.#bucket.at, Math.ceil((missing / this.#qps) * SECOND)), now) as Instant)
  }

  /** SwapLimiter: who has to wait now does so after it, too. 0: nobody gets a turn. */
  limit(qps: number, now: Instant): void {
    if (qps === this.#qps) return
    const waits = !this.#accept(now)
    this.#qps = qps
    this.#bucket = waits ? { tokens: 0, at: now } : undefined
  }

  #accept(now: Instant): boolean {
    const accepted = this.#qps <= 0 ? undefined : tryAccept(this.#bucket, now, { qps: this.#qps, burst: 1 })
    if (accepted !== undefined) this.#bucket = accepted
    return accepted !== undefined
  }
}
