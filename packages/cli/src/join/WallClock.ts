/** Drives joined nodes by the wall's clock: what is due runs when it is due, what comes from the network is put in between. */
import type { JoinedNodes } from "@kubereel/backend-sim"
import type { Instant } from "@kubereel/core"

/** How many things happen before the network is looked at again. */
const BUDGET = 2_000

/** A timer waits no longer, in milliseconds. */
const LONGEST = 60_000

export class WallClock {
  readonly #nodes: Pick<JoinedNodes, "run" | "soonest">
  readonly #onDefect: (cause: unknown) => void
  #last: Instant
  #timer: NodeJS.Timeout | undefined
  #settling: NodeJS.Immediate | undefined
  #stopped = false

  /** `onDefect`: what runs has thrown, and nothing runs any more. */
  constructor(nodes: Pick<JoinedNodes, "run" | "soonest">, start: Instant, onDefect: (cause: unknown) => void) {
    this.#nodes = nodes
    this.#last = start
    this.#onDefect = onDefect
    this.#settleSoon()
  }

  /** Something comes from outside, now. */
  enter(run: () => void): void {
    if (this.#stopped) return
    this.#guarded(() => {
      // What is due before must have happened before.
      while (!this.#nodes.run(this.#now(), BUDGET));
      run()
    })
    this.#settleSoon()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    clearImmediate(this.#settling)
  }

  /** A clock that is set back stands still until it is there again. */
  #now(): Instant {
    this.#last = Math.max(this.#last, Date.now() * 1_000) as Instant
    return this.#last
  }

  /** Once for all that comes at the same time. */
  #settleSoon(): void {
    if (this.#stopped) return
    this.#settling ??= setImmediate(() => this.#guarded(() => this.#settle()))
  }

  #settle(): void {
    this.#settling = undefined
    clearTimeout(this.#timer)
    const done = this.#nodes.run(this.#now(), BUDGET)
    const { soonest } = this.#nodes
    if (!done) return this.#settleSoon()
    if (soonest === undefined) return
    const wait = Math.max(1, Math.ceil(soonest / 1_000 - Date.now()))
    this.#timer = setTimeout(() => this.#guarded(() => this.#settle()), Math.min(wait, LONGEST))
  }

  #guarded(run: () => void): void {
    try {
      run()
    } catch (cause) {
      this.stop()
      this.#onDefect(cause)
    }
  }
}
