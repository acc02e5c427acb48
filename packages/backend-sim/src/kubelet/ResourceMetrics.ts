/**
 * What a node's kubelet answers on `/metrics/resource` (`pkg/kubelet/metrics/collectors/resource_metrics.go`): what each running
 * container had used when it was last measured. Nobody measures here: it is worked out of what the processes have done since.
 */
import { type Instant, later, type Micros, SECOND } from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { Process } from "../runtime/Process.ts"
import type { Runtime } from "../runtime/Runtime.ts"

/** cAdvisor's housekeeping, containerd's `stats_collect_period`. */
const MEASURED_EVERY: Micros = 10 * SECOND
/** How long it is remembered whether somebody answered: longer than anybody asks back. */
const REMEMBERED: Micros = 120 * SECOND

/** One measurement; times are those of the node's clock. */
export interface ContainerPoint {
  readonly name: string
  readonly startedAt: Instant
  readonly timestamp: Instant
  readonly process: Readonly<Process>
}

export class ResourceMetrics {
  readonly #engine: Engine
  readonly #runtime: Runtime
  readonly #phase: Instant
  /** Does anybody answer, and since when? The newest last. */
  #answers: ReadonlyArray<{ readonly since: Instant; readonly is: boolean }> = []

  constructor(engine: Engine, random: RandomStream, runtime: Runtime) {
    this.#engine = engine
    this.#runtime = runtime
    this.#phase = later(engine.now, -Math.floor(random.next() * MEASURED_EVERY))
  }

  /** Whether a kubelet runs that can be reached, from now on. */
  answers(is: boolean): void {
    const { now } = this.#engine
    if (this.#answers.at(-1)?.is === is) return
    const kept = this.#answers.findLastIndex(({ since }) => since < now - REMEMBERED)
    this.#answers = [...this.#answers.slice(Math.max(kept, 0)), { since: now, is }]
  }

  /** What a scrape so long ago was told of that pod; `undefined`: nobody answered. */
  ago(uid: string, ago: Micros): ReadonlyArray<ContainerPoint> | undefined {
    const at = later(this.#engine.now, -ago)
    const answered = this.#answers.findLast(({ since }) => since <= at)
    if (answered?.is !== true) return undefined
    const timestamp = later(this.#phase, Math.floor((at - this.#phase) / MEASURED_EVERY) * MEASURED_EVERY)
    return this.#runtime.processes(uid).flatMap((process) => {
      const { finishedAt, name, startedAt } = process.container
      if (startedAt === undefined || startedAt >= timestamp || (finishedAt ?? at) < at) return []
      return [{ name, startedAt, timestamp, process }]
    })
  }
}
