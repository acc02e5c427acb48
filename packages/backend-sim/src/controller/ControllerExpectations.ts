/** How many pods a controller has asked for and not seen yet, or asked to go (`pkg/controller/controller_utils.go`, ControllerExpectations; C-264). */
import { type Instant, later, SECOND } from "@kubereel/core"

const TIMEOUT = 300 * SECOND

interface Expected {
  creations: number
  deletions: number
  readonly since: Instant
}

/** Counts only: that a pod is marked and that it goes are two observations, so there may be more than were expected. */
export class ControllerExpectations {
  readonly #byKey = new Map<string, Expected>()

  /** Is everything seen, or has it taken too long? */
  satisfied(key: string, now: Instant): boolean {
    const expected = this.#byKey.get(key)
    if (expected === undefined) return true
    return (expected.creations <= 0 && expected.deletions <= 0) || later(expected.since, TIMEOUT) < now
  }

  expectCreations(key: string, creations: number, now: Instant): void {
    this.#byKey.set(key, { creations, deletions: 0, since: now })
  }

  expectDeletions(key: string, deletions: number, now: Instant): void {
    this.#byKey.set(key, { creations: 0, deletions, since: now })
  }

  /** Both at once (SetExpectations). */
  expect(key: string, creations: number, deletions: number, now: Instant): void {
    this.#byKey.set(key, { creations, deletions, since: now })
  }

  creationObserved(key: string): void {
    const expected = this.#byKey.get(key)
    if (expected !== undefined) expected.creations--
  }

  deletionObserved(key: string): void {
    const expected = this.#byKey.get(key)
    if (expected !== undefined) expected.deletions--
  }

  delete(key: string): void {
    this.#byKey.delete(key)
  }
}
