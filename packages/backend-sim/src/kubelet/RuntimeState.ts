/**
 * What a kubelet knows of its runtime's health (`pkg/kubelet/runtime.go`; `kubelet.go`, updateRuntimeUp): it asks every five seconds.
 * Only those looks are carried out at which there could be something to see.
 */
import { type Instant, later, networkError, SECOND } from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"

const UPDATE = 5 * SECOND

export interface RuntimeStateOptions {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
  /** What the runtime says is wrong with its network. */
  readonly network: () => string | undefined
  readonly onChange: () => void
}

export class RuntimeState {
  readonly #o: RuntimeStateOptions
  readonly #phase: Instant
  #network: string | undefined
  #scheduled = false

  /** A process that starts asks at once. */
  constructor(options: RuntimeStateOptions) {
    this.#o = options
    this.#phase = later(options.engine.now, -options.random.int(UPDATE))
    this.#network = options.network()
    if (this.#network !== undefined) this.look()
  }

  /** Why no pod can have a network (networkErrors). */
  get networkError(): string | undefined {
    return this.#network === undefined ? undefined : networkError(this.#network)
  }

  /** Something is the matter with the runtime: the next look will see it. */
  look(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    const { engine, entity } = this.#o
    const at = later(this.#phase, (Math.floor((engine.now - this.#phase) / UPDATE) + 1) * UPDATE)
    engine.schedule(entity, at, () => this.#update())
  }

  #update(): void {
    this.#scheduled = false
    const before = this.#network
    this.#network = this.#o.network()
    if (this.#network !== undefined) this.look()
    if (this.#network !== before) this.#o.onChange()
  }
}
