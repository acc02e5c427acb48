/** The turns of a pod's containers to be stopped (`pkg/kubelet/kuberuntime/kuberuntime_termination_order.go`; K-245, K-260…K-262). */
import { type Instant, later, type Micros, type Pod, SECOND } from "@kubereel/core"
import type { Engine, Handle } from "../engine/Engine.ts"
import type { KubeletNode } from "./KubeletNode.ts"

interface Waiting {
  readonly since: Instant
  readonly left: Set<string>
  readonly timer: Handle
  readonly run: (waited: Micros) => void
}

export class TerminationOrdering {
  readonly #engine: Engine
  readonly #entity: string
  readonly #ended = new Set<string>()
  readonly #prerequisites: ReadonlyMap<string, ReadonlySet<string>>
  readonly #waiting = new Set<Waiting>()

  private constructor(engine: Engine, pod: Pod, prerequisites: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#engine = engine
    this.#entity = `termination/${pod.metadata.uid}`
    this.#prerequisites = prerequisites
  }

  /** `undefined` for a pod without sidecars: nobody waits for anybody. */
  static of(
    { decide, engine }: Pick<KubeletNode, "decide" | "engine">,
    pod: Pod,
    names: ReadonlyArray<string>
  ): TerminationOrdering | undefined {
    const prerequisites = decide.terminationPrerequisites(pod, new Set(names))
    return prerequisites === undefined ? undefined : new TerminationOrdering(engine, pod, prerequisites)
  }

  /** Runs when those that must end first have ended, or when the grace period has: with how long that took. */
  waitForTurn(name: string, graceSeconds: number, run: (waited: Micros) => void): void {
    const left = new Set([...(this.#prerequisites.get(name) ?? [])].filter((other) => !this.#ended.has(other)))
    if (graceSeconds <= 0 || left.size === 0) return run(0)
    const since = this.#engine.now
    const timer = this.#engine.schedule(this.#entity, later(since, graceSeconds * SECOND), () => this.#end(waiting))
    const waiting: Waiting = { since, left, timer, run }
    this.#waiting.add(waiting)
  }

  containerTerminated(name: string): void {
    this.#ended.add(name)
    for (const waiting of [...this.#waiting]) {
      waiting.left.delete(name)
      if (waiting.left.size === 0) this.#end(waiting)
    }
  }

  #end(waiting: Waiting): void {
    this.#engine.cancel(waiting.timer)
    this.#waiting.delete(waiting)
    waiting.run(this.#engine.now - waiting.since)
  }
}
