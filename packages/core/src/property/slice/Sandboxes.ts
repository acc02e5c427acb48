/** How many sandboxes each pod has had, as far as it was seen. */
import { isPod, type PodObject } from "../../event/KubernetesObject.ts"
import type { Change } from "./World.ts"

const hasSandbox = (pod: PodObject): boolean | undefined => {
  const condition = pod.status.conditions?.find(({ type }) => type === "PodReadyToStartContainers")
  return condition === undefined ? undefined : condition.status === "True"
}

export class Sandboxes {
  readonly #numbers = new Map<string, number>()
  /** Of those that are not the first: the pod as it was when they began. */
  readonly #began = new Map<string, PodObject>()

  /**
   * A simulator tells of each one. Of a real pod it is seen that its network is gone (`PodReadyToStartContainers` turns False)
   * while nothing ends it: the next one is another.
   */
  see({ before, fact, isDeleted, life, object }: Change): void {
    if (isDeleted) {
      this.#numbers.delete(life)
      this.#began.delete(life)
      return
    }
    if (fact?._tag === "SandboxCreated" && isPod(object)) {
      this.#numbers.set(life, fact.attempt + 1)
      if (fact.attempt > 0) this.#began.set(life, object)
    }
    if (fact !== undefined || !isPod(object) || before === undefined || !isPod(before)) return
    const isEnding = object.metadata.deletionTimestamp !== undefined
    if (isEnding || hasSandbox(before) !== true || hasSandbox(object) !== false) return
    if (object.status.phase === "Succeeded" || object.status.phase === "Failed") return
    if (this.of(life) === 1) this.#numbers.set(life, 2)
    this.#began.set(life, object)
  }

  /** 1 as long as it has no other than its first. */
  of(life: string): number {
    return this.#numbers.get(life) ?? 1
  }

  /** The pod as it was when its sandbox was made; `undefined`: it has its first one. */
  beganWith(life: string): PodObject | undefined {
    return this.#began.get(life)
  }
}
