/** Pods that others made room for, by the node that is kept for them (`pkg/scheduler/backend/queue/nominator.go`). */
import type { PodInfo } from "./NodeInfo.ts"

export class Nominator {
  readonly #byNode = new Map<string, Map<string, PodInfo>>()
  readonly #nodeOf = new Map<string, string>()

  put(pod: PodInfo, node: string): void {
    this.delete(pod.uid)
    this.#nodeOf.set(pod.uid, node)
    const pods = this.#byNode.get(node) ?? new Map<string, PodInfo>()
    this.#byNode.set(node, pods.set(pod.uid, pod))
  }

  delete(uid: string): void {
    const node = this.#nodeOf.get(uid)
    if (node === undefined) return
    this.#nodeOf.delete(uid)
    const pods = this.#byNode.get(node)
    pods?.delete(uid)
    if (pods?.size === 0) this.#byNode.delete(node)
  }

  nodeOf(uid: string): string | undefined {
    return this.#nodeOf.get(uid)
  }

  get isEmpty(): boolean {
    return this.#nodeOf.size === 0
  }

  on(node: string): Iterable<PodInfo> {
    return this.#byNode.get(node)?.values() ?? []
  }
}
