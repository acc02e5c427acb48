/** How many sandboxes each pod has had, as far as it was seen. */
import { isPod, type PodObject } from "../../event/KubernetesObject.ts"
import type { Change } from "./World.ts"

const hasSandbox = (pod: PodObject): boolean | undefined => {
  const condition = pod.status.conditions?.find(({ type }) => type === "PodReadyToStartContainers")
  return condition === undefined ? undefined : condition.status === "True"
}

export class Sandboxes {
  readonly #numbers = new Map<string, number>()

  /**
   * A simulator tells of each one. Of a real pod it is seen that its network is gone (`PodReadyToStartContainers` turns False)
   * while nothing ends it: the next one is another.
   */
  see({ before, fact, isDeleted, life, object }: Change): void {
    if (isDeleted) {
      this.#numbers.delete(life)
      return
    }
    if (fact?._tag === "SandboxCreated") this.#numbers.set(life, fact.attempt + 1)
    if (fact !== undefined || !isPod(object) || before === undefined || !isPod(before)) return
    const isEnding = object.metadata.deletionTimestamp !== undefined
    if (isEnding || hasSandbox(before) !== true || hasSandbox(object) !== false) return
    if (object.status.phase === "Succeeded" || object.status.phase === "Failed") return
    const known = this.#numbers.get(life)
    if (known === undefined) this.#numbers.set(life, 2)
  }

  /** 1 as long as it has no other than its first. */
  of(life: string): number {
    return this.#numbers.get(life) ?? 1
  }
}
