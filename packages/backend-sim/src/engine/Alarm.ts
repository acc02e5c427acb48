/** One thing that is due at one moment, which may be moved or called off until then. */
import type { Instant } from "@kubereel/core"
import type { Engine, Entity, Handle } from "./Engine.ts"

export class Alarm {
  readonly #engine: Engine
  readonly #entity: Entity
  readonly #run: () => void
  #at: Instant | undefined
  #handle: Handle = 0

  constructor(engine: Engine, entity: Entity, run: () => void) {
    this.#engine = engine
    this.#entity = entity
    this.#run = run
  }

  /** Runs at `at` and at no other moment that was set before; `undefined` calls it off. */
  set(at: Instant | undefined): void {
    if (at === this.#at) return
    if (this.#at !== undefined) this.#engine.cancel(this.#handle)
    this.#at = at
    if (at === undefined) return
    this.#handle = this.#engine.schedule(this.#entity, at, () => {
      this.#at = undefined
      this.#run()
    })
  }
}
