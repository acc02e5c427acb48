/**
 * What a kubelet knows of its runtime's health (`pkg/kubelet/runtime.go`; `kubelet.go`, updateRuntimeUp and syncLoop; K-345, K-348):
 * it asks every five seconds, and half a minute without an answer means that the runtime is down: the sync loop sleeps.
 * Only those looks are carried out at which there could be something to see.
 */
import {
  aggregateErrors,
  type Instant,
  later,
  MILLISECOND,
  type Micros,
  networkError,
  networkUnknown,
  runtimeDown,
  runtimeUnknown,
  SECOND
} from "@kubereel/core"
import type { Engine, Handle } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { SyncLoop } from "./SyncLoop.ts"

const UPDATE = 5 * SECOND

/** `maxWaitForContainerRuntime`. */
const THRESHOLD = 30 * SECOND

/** How long the sync loop sleeps: twice as long each time (`base` and `max`). */
const SLEEP = { first: 100 * MILLISECOND, most: 5 * SECOND }

export interface RuntimeStateOptions {
  readonly engine: Engine
  readonly entity: string
  readonly random: RandomStream
  readonly loop: SyncLoop
  /** Does the runtime answer? */
  readonly answers: () => boolean
  /** What the runtime says is wrong with its network. */
  readonly network: () => string | undefined
  readonly onChange: () => void
}

interface Sleep {
  readonly since: Instant
  readonly wake: () => void
}

export class RuntimeState {
  readonly #o: RuntimeStateOptions
  readonly #phase: Instant
  /** When the runtime answered last; `undefined`: this process has had no answer. */
  #answered: Instant | undefined
  #network: string | undefined
  #sleep: Sleep | undefined
  /** It did not answer: by then it counts as down. */
  #threshold: Handle | undefined
  #scheduled = false

  /** A process that starts asks at once. */
  constructor(options: RuntimeStateOptions) {
    const { engine, network, random } = options
    this.#o = options
    this.#phase = later(engine.now, -random.int(UPDATE))
    if (options.answers()) {
      this.#answered = engine.now
      this.#network = network()
    } else this.#fallAsleep()
    if (this.networkError !== undefined || this.#sleep !== undefined) this.look()
  }

  /** Why no pod can have a network (networkErrors). */
  get networkError(): string | undefined {
    if (this.#answered === undefined) return networkUnknown
    return this.#network === undefined ? undefined : networkError(this.#network)
  }

  /** What is wrong with the runtime itself, and with its network. */
  get causes(): ReadonlyArray<string | undefined> {
    const runtime = this.#answered === undefined ? runtimeUnknown : this.#sleep === undefined ? undefined : runtimeDown
    return [runtime, this.networkError]
  }

  /** Has the runtime ever answered this process? Only then does the rest of it start (initializeRuntimeDependentModules). */
  get answered(): boolean {
    return this.#answered !== undefined
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
    const { answers, engine, network, onChange } = this.#o
    this.#scheduled = false
    if (!answers()) {
      this.#unanswered()
      return this.look()
    }
    const before = aggregateErrors(this.causes)
    if (this.#threshold !== undefined) engine.cancel(this.#threshold)
    this.#threshold = undefined
    this.#answered = engine.now
    this.#network = network()
    this.#wakeUp()
    if (this.#network !== undefined) this.look()
    if (aggregateErrors(this.causes) !== before) onChange()
  }

  /** All looks before this one had good answers, carried out or not. */
  #unanswered(): void {
    if (this.#threshold !== undefined || this.#sleep !== undefined) return
    const { engine, entity, onChange } = this.#o
    this.#threshold = engine.after(entity, THRESHOLD - UPDATE, () => {
      this.#threshold = undefined
      this.#fallAsleep()
      onChange()
    })
  }

  #fallAsleep(): void {
    this.#sleep = { since: this.#o.engine.now, wake: this.#o.loop.hold() }
  }

  /** The loop notices when it has slept its time. */
  #wakeUp(): void {
    if (this.#sleep === undefined) return
    const { engine, entity } = this.#o
    const { since, wake } = this.#sleep
    this.#sleep = undefined
    let [at, nap]: [number, Micros] = [since, SLEEP.first]
    for (; at < engine.now; nap = Math.min(2 * nap, SLEEP.most)) at += nap
    engine.schedule(entity, at as Instant, wake)
  }
}
