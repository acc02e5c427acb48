/** A moment of the past as if it were now: all times are moved, so that clients with a clock of their own count the right ages. */
import {
  type Answer,
  type Instant,
  type KubernetesObject,
  type Micros,
  refusedWith,
  type Scope,
  type ServedCluster,
  type ServedList,
  type ServedListener,
  type ServedResource,
  type ServedWatch,
  type ServedWrite,
  type Status,
  toObserved
} from "@kubereel/core"
import { readOnly } from "../http/refusals.ts"
import type { Wall } from "./Pace.ts"
import { shiftTimes } from "./shiftTimes.ts"

export class Shifted implements ServedCluster {
  readonly #of: ServedCluster
  readonly #wall: Wall

  constructor(of: ServedCluster, wall: Wall) {
    this.#of = of
    this.#wall = wall
  }

  readonly now = (): Instant => this.#wall() as Instant

  get version(): string {
    return this.#of.version
  }

  get pods(): ServedCluster["pods"] {
    return this.#of.pods
  }

  readonly resources = (): ReadonlyArray<ServedResource> => this.#of.resources()

  readonly warnings = (of: Scope | undefined): ReadonlyArray<string> => [
    ...this.#of.warnings(of),
    `all times are shifted so that ${toObserved(this.#of.now())} is now`
  ]

  readonly unknown = (of: Scope): Status | undefined => this.#of.unknown?.(of)

  readonly list = async (of: Scope, at?: string): Promise<ServedList | Status> => {
    const listed = await this.#of.list(of, at)
    return "items" in listed
      ? { ...(listed as ServedList), items: (listed as ServedList).items.map((object) => this.#shift(object)) }
      : listed
  }

  readonly get = async (of: Scope, name: string): Promise<KubernetesObject | undefined> => {
    const object = await this.#of.get(of, name)
    return object && this.#shift(object)
  }

  /** What is written is of the true time. */
  readonly tryWrite = (write: ServedWrite): Promise<Answer> =>
    this.#of.tryWrite?.(write) ?? Promise.resolve(refusedWith(readOnly))

  readonly resourceVersion = (of: Scope): Promise<string> => this.#of.resourceVersion(of)

  readonly watch = (of: Scope, from: string, listener: ServedListener): Promise<ServedWatch | Status> =>
    this.#of.watch(of, from, {
      ...listener,
      changed: ({ object, previous, type }) =>
        listener.changed({
          type,
          object: this.#shift(object),
          ...(previous === undefined ? {} : { previous: this.#shift(previous) })
        })
    })

  #shift(object: KubernetesObject): KubernetesObject {
    const by: Micros = this.#wall() - this.#of.now()
    return shiftTimes(object, by)
  }
}
