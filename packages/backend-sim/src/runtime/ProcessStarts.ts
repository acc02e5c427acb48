/** How a program's clock begins: with its process, or once the calls have succeeded without which it does no work. */
import { type Instant, later, type Needs } from "@kubereel/core"
import { callAll } from "../network/exchange.ts"
import { type Process, WAITING } from "./Process.ts"
import type { ProcessEnds } from "./ProcessEnds.ts"
import type { RuntimeOptions } from "./RuntimeOptions.ts"
import { askingPod, type RuntimePod } from "./RuntimePod.ts"
import { memoryLimitOf, ownEnd } from "./usage.ts"

export class ProcessStarts {
  readonly #o: RuntimeOptions
  readonly #ends: ProcessEnds

  constructor(options: RuntimeOptions, ends: ProcessEnds) {
    this.#o = options
    this.#ends = ends
  }

  /** The process runs from `started` on. */
  start(pod: RuntimePod, process: Process): void {
    const { needs } = process.run
    if (needs === undefined) return this.#begin(pod, process, process.started)
    process.begun = WAITING
    this.#at(process, process.started, () => this.#attempt(pod, process, needs))
  }

  #attempt(pod: RuntimePod, process: Process, needs: Needs): void {
    const { engine, network } = this.#o
    const asker = { node: network.node, pod: askingPod(pod) }
    const trip = { elapsed: 0, waiting: [process.container.id], hops: [] }
    const { failed, takes } = callAll(network.cluster, asker, needs.calls, trip)
    this.#at(process, later(engine.now, takes), () => {
      if (failed === undefined) {
        this.#begin(pod, process, engine.now)
        // What answers now did not a moment ago.
        this.#o.onChange(pod.ref.uid)
      } else if (needs.every !== undefined)
        this.#at(process, later(engine.now, needs.every), () => this.#attempt(pod, process, needs))
      else if (process.exit === undefined)
        this.#ends.exitAt(pod, process, engine.now, { exitCode: needs.exitCode, oom: false })
    })
  }

  /** Who was told to end meanwhile does not end any other way. */
  #begin(pod: RuntimePod, process: Process, at: Instant): void {
    process.begun = at
    const end = ownEnd(process.run, memoryLimitOf(process.spec))
    if (end !== undefined && process.exit === undefined) this.#ends.exitAt(pod, process, later(at, end.after), end)
  }

  /** If the process still runs then. */
  #at(process: Process, at: Instant, run: () => void): void {
    const { engine, network } = this.#o
    engine.schedule(`${this.#o.entity}/${process.container.id}`, at, () => {
      if (process.container.state === "running" && network.node.powered) run()
    })
  }
}
