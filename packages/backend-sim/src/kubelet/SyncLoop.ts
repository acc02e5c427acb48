/** The kubelet's one loop (`pkg/kubelet/kubelet.go`, syncLoopIteration): while it is held up, what comes waits for it (K-292, K-348). */

export class SyncLoop {
  readonly #waiting: Array<() => void> = []
  readonly #onHold: () => void
  #holders = 0

  /** `onHold`: told when it is about to stand still. */
  constructor(onHold: () => void = () => {}) {
    this.#onHold = onHold
  }

  get held(): boolean {
    return this.#holders > 0
  }

  /** Handles something now, or once the loop goes on. */
  deliver(handle: () => void): void {
    if (this.#holders > 0) this.#waiting.push(handle)
    else handle()
  }

  /** Somebody keeps the loop until they call what they get. */
  hold(): () => void {
    this.#onHold()
    this.#holders++
    return () => {
      this.#holders--
      while (this.#holders === 0) {
        const handle = this.#waiting.shift()
        if (handle === undefined) return
        handle()
      }
    }
  }
}
