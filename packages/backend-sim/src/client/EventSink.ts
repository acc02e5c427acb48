/** Where a recorder's Events go, and the simulated server's end of that (`client-go/tools/record/event.go`, EventSink). */
import { type Answer, type Json, type KubernetesObject, toTime } from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"
import { createBy, updateBy } from "../apiserver/writes.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"

/** Hears the answer, at once where the server is simulated; `status` 0: nobody answered. */
export type Answered = (answer: Answer) => void

export interface EventSink {
  /** POST, or PATCH of one that was recorded before: without what the server gives it. */
  write(event: KubernetesObject, then: Answered): void
}

export interface StoreEventsOptions {
  readonly engine: Engine
  readonly random: RandomStream
  readonly store: Store
  /** What it is called in the managed fields. */
  readonly manager: string
}

export class StoreEvents implements EventSink {
  readonly #o: StoreEventsOptions

  constructor(options: StoreEventsOptions) {
    this.#o = options
  }

  write(event: KubernetesObject, then: Answered): void {
    const { engine, manager, random, store } = this.#o
    const { annotations, name, namespace = "" } = event.metadata
    const now = engine.trueTime(engine.now)
    const stored = store.get("Event", namespace, name)
    if (stored !== undefined) {
      const { count, lastTimestamp, message } = event as KubernetesObject & { readonly [field: string]: Json }
      const again = { ...stored, count, lastTimestamp, message } as KubernetesObject
      return then({ status: 200, body: updateBy(store, stored, again, { manager, now }) })
    }
    const identity = { uid: random.uuid(), resourceVersion: store.nextVersion(), creationTimestamp: toTime(now) }
    const metadata = { name, namespace, ...identity, ...(annotations === undefined ? {} : { annotations }) }
    then({ status: 201, body: createBy(store, { ...event, metadata }, { manager, now }) })
  }
}
