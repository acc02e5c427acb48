/** How long a DaemonSet waits before it deletes the next failed pod of a node (`client-go/util/flowcontrol/backoff.go`; C-295). */
import { type Instant, later, type Micros, SECOND } from "@kubereel/core"

const FIRST = SECOND
const MOST = 900 * SECOND

interface Entry {
  readonly backOff: Micros
  readonly updated: Instant
}

export class FailedPodsBackOff {
  readonly #entries = new Map<string, Entry>()

  /** 0: now, and the next one later; else how long it has to wait still. */
  next(key: string, now: Instant): Micros {
    const entry = this.#entries.get(key)
    const hasExpired = entry === undefined || later(entry.updated, 2 * MOST) < now
    // IsInBackOffSinceUpdate: since the last deletion.
    if (!hasExpired && later(entry.updated, entry.backOff) > now) return entry.backOff
    this.#entries.set(key, { backOff: hasExpired ? FIRST : Math.min(2 * entry.backOff, MOST), updated: now })
    return 0
  }
}
