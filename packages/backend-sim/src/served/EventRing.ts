/** What happened to the objects of one kind lately, so that a watch can begin in the past (`k8s.io/apiserver/pkg/storage/cacher/watch_cache.go`). */
import type { KubernetesObject } from "@kubereel/core"
import type { Change } from "../apiserver/Store.ts"

export interface Happened {
  readonly version: number
  readonly change: Change
  readonly object: KubernetesObject
  /** The version before, if it was there. */
  readonly previous: KubernetesObject | undefined
}

const keyOf = ({ metadata: { name, namespace = "" } }: KubernetesObject): string => `${namespace}/${name}`

export class EventRing {
  readonly #capacity: number
  /** The newest last. */
  #events: Array<Happened> = []
  #forgotten: number

  /** `from`: nothing before this version is known. At least the last `capacity` events are. */
  constructor(from: number, capacity: number) {
    this.#forgotten = from
    this.#capacity = capacity
  }

  /** Up to which version everything is forgotten. */
  get forgotten(): number {
    return this.#forgotten
  }

  add(happened: Happened): void {
    this.#events.push(happened)
    // Twice as many are kept for a while: to move all of them for each one would take longer than all else.
    if (this.#events.length < 2 * this.#capacity) return
    const gone = this.#events.splice(0, this.#events.length - this.#capacity)
    this.#forgotten = gone.at(-1)?.version ?? this.#forgotten
  }

  /** Everything after that version, the oldest first; `undefined` if some of it is forgotten. */
  after(version: number): ReadonlyArray<Happened> | undefined {
    if (version < this.#forgotten) return undefined
    return this.#events.slice(this.#firstAfter(version))
  }

  /** All objects as they were at that version, in no order; `undefined` if that is forgotten. `now`: those of now. */
  at(version: number, now: ReadonlyArray<KubernetesObject>): ReadonlyArray<KubernetesObject> | undefined {
    if (version < this.#forgotten) return undefined
    const first = this.#firstAfter(version)
    if (first === this.#events.length) return now
    const objects = new Map(now.map((object) => [keyOf(object), object]))
    for (let i = this.#events.length - 1; i >= first; i--) {
      const { object, previous } = this.#events[i] as Happened
      if (previous === undefined) objects.delete(keyOf(object))
      else objects.set(keyOf(object), previous)
    }
    return [...objects.values()]
  }

  /** Where the events after that version begin. */
  #firstAfter(version: number): number {
    let [low, high] = [0, this.#events.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#events[middle] as Happened).version > version) high = middle
      else low = middle + 1
    }
    return low
  }
}
