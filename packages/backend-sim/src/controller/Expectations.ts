/** What a controller has asked for and not seen yet: until then it counts on it (`pkg/controller/controller_utils.go`, ControllerExpectations; C-264). */
import { type Instant, later, SECOND } from "@kubereel/core"

const TIMEOUT = 300 * SECOND

interface Expected {
  creations: number
  /** The pods by `namespace/name`. */
  readonly deletions: Set<string>
  readonly since: Instant
}

export class Expectations {
  readonly #byKey = new Map<string, Expected>()

  /** Is everything seen, or has it taken too long? */
  satisfied(key: string, now: Instant): boolean {
    const expected = this.#byKey.get(key)
    if (expected === undefined) return true
    return (expected.creations <= 0 && expected.deletions.size === 0) || later(expected.since, TIMEOUT) < now
  }

  expectCreations(key: string, creations: number, now: Instant): void {
    this.#byKey.set(key, { creations, deletions: new Set(), since: now })
  }

  expectDeletions(key: string, pods: ReadonlyArray<string>, now: Instant): void {
    this.#byKey.set(key, { creations: 0, deletions: new Set(pods), since: now })
  }

  creationObserved(key: string): void {
    const expected = this.#byKey.get(key)
    if (expected !== undefined) expected.creations--
  }

  deletionObserved(key: string, pod: string): void {
    this.#byKey.get(key)?.deletions.delete(pod)
  }

  delete(key: string): void {
    this.#byKey.delete(key)
  }
}
