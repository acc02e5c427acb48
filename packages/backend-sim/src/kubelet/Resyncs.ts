/**
 * When a pod's worker looks at its pod again (`pkg/kubelet/pod_workers.go`, completeWork; K-018…K-020).
 *
 * A pod at which the last sync found nothing to do is steady: until somebody tells its worker of something new, another sync could show
 * nothing. Such resyncs are known by their times alone. Who brings news first lets the worker catch up (`settle`), which is then where
 * they would have brought it. Their chances are numbered apart, so that none of them moves another draw of the pod.
 */
import { type Instant, later, retryDelay, type SyncOutcome } from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import type { KubeletNode } from "./KubeletNode.ts"

/** The number of the first draw of a steady pod: no stream comes so far by itself. */
const STEADY_DRAWS = 2 ** 48

export interface ResyncsOptions {
  readonly node: KubeletNode
  readonly uid: string
  readonly random: RandomStream
  readonly run: () => void
}

export class Resyncs {
  readonly #o: ResyncsOptions
  #steady = false
  /** There was news since the sync began whose end is waited for. */
  #news = false
  #draws = 0
  /** When the next of those is due that are not carried out. */
  #due: Instant | undefined

  constructor(options: ResyncsOptions) {
    this.#o = options
  }

  /** Nothing has happened since a sync that found nothing to do. */
  get steady(): boolean {
    return this.#steady
  }

  /** A sync begins, with what is known now. */
  begin(): void {
    this.#news = false
  }

  /** A sync has ended. `steady`: it found nothing to do, and another one would find the same. */
  after(outcome: SyncOutcome, steady: boolean): void {
    const { node, uid } = this.#o
    const at = this.#next(outcome, node.engine.now)
    this.#steady = steady && !this.#news
    node.queue.remove(uid)
    if (this.#steady && !node.everyResync) this.#due = at
    else this.#at(at)
  }

  /** There is news: answers with when the last resync was that was skipped, if there was one. */
  settle(): Instant | undefined {
    const { node, uid } = this.#o
    let last: Instant | undefined
    if (this.#due !== undefined) {
      while (node.queue.passed(uid, this.#due)) {
        last = this.#due
        this.#due = this.#next({ _tag: "Success" }, last)
      }
      this.#at(this.#due)
    }
    this.#due = undefined
    this.#steady = false
    this.#news = true
    return last
  }

  #next(outcome: SyncOutcome, now: Instant): Instant {
    const { node, random } = this.#o
    const draw = this.#steady ? random.at(STEADY_DRAWS + this.#draws++) : random.next()
    return node.queue.tickAfter(later(now, retryDelay(outcome, now, draw)))
  }

  #at(at: Instant): void {
    const { node, run, uid } = this.#o
    node.queue.enqueue(uid, at, () => node.loop.deliver(run))
  }
}
