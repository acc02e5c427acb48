/** The calls of a kubelet's process that a runtime serves: they end with it, what runs goes on. */
import type { Micros } from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import { type Quantiles, quantile } from "../profile/quantiles.ts"

export class RuntimeCalls {
  readonly #engine: Engine
  readonly #entity: string
  /** The process whose calls are served. */
  #client = {}

  constructor(engine: Engine, entity: string) {
    this.#engine = engine
    this.#entity = entity
  }

  /** That process is gone: nobody waits for its calls any more. */
  disconnect(): void {
    this.#client = {}
  }

  /** A step of a call, which the end of its caller cancels. */
  call(delay: Micros, run: () => void): void {
    const client = this.#client
    this.#engine.after(this.#entity, delay, () => {
      if (client === this.#client) run()
    })
  }

  /** The same, after a time that is chance. */
  after(random: RandomStream, quantiles: Quantiles, run: () => void): void {
    this.call(quantile(quantiles, random.next()), run)
  }
}
