/** Which containers of a pod have a process: of this a simulator tells at once, and a cluster not at all. */
import type { Change } from "./World.ts"

const none: ReadonlySet<string> = new Set()

export class Processes {
  readonly #running = new Map<string, Set<string>>()

  see({ fact, isDeleted, life }: Change): void {
    if (isDeleted) this.#running.delete(life)
    if (fact?._tag === "ProcessExited") this.#running.get(life)?.delete(fact.container)
    if (fact?._tag !== "ProcessStarted") return
    const known = this.#running.get(life)
    if (known === undefined) this.#running.set(life, new Set([fact.container]))
    else known.add(fact.container)
  }

  /** The names of the containers that run, of the pod with that uid. */
  of(life: string): ReadonlySet<string> {
    return this.#running.get(life) ?? none
  }
}
