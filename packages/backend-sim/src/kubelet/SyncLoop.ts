/** The kubelet's one loop (`pkg/kubelet/kubelet.go`, syncLoopIteration): while it is held up, what comes waits for it (K-292). */

export class SyncLoop {
  readonly #waiting: Array<() => void> = []
  #held = false

  /** Handles something now, or once the loop goes on. */
  deliver(handle: () => void): void {
    if (this.#held) this.#waiting.push(handle)
    else handle()
  }

  /** One handler keeps the loop until it calls what it gets. */
  hold(): () => void {
    this.#held = true
    return () => {
      this.#held = false
      while (!this.#held) {
        const handle = this.#waiting.shift()
        if (handle === undefined) return
        handle()
      }
    }
  }
}
