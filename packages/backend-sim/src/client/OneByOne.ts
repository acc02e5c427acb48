/** Who plays the steps is one client: it sends its next request when the last one is answered, and the cluster lives on meanwhile. */
import { type Instant, later } from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import { stream } from "../engine/Random.ts"
import { type Quantiles, quantile } from "../profile/quantiles.ts"

export class OneByOne {
  readonly #engine: Engine
  readonly #request: Quantiles
  readonly #random: ReturnType<typeof stream>
  /** When the last request is answered. */
  #answered: Instant

  /** `request`: from a request to its answer. */
  constructor(engine: Engine, seed: number, request: Quantiles) {
    this.#engine = engine
    this.#request = request
    this.#random = stream(seed, "client")
    this.#answered = engine.now
  }

  /** Carries the request out at once, or as soon as the last one is answered: the clock is that far then. */
  ask<Answered>(request: () => Answered): Answered {
    const engine = this.#engine
    if (engine.now < this.#answered) engine.runUntil(this.#answered)
    const answer = request()
    this.#answered = later(engine.now, quantile(this.#request, this.#random.next()))
    return answer
  }
}
