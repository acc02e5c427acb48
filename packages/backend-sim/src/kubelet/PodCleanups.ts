/**
 * Looks for pods in the runtime that nobody wants (`pkg/kubelet/kubelet_pods.go`, HandlePodCleanups; K-024). They can only have lost
 * their object while no kubelet was there: what goes away later is told to its worker. So it looks until it has seen the list once.
 */
import { SECOND } from "@kubereel/core"
import type { RandomStream } from "../engine/Random.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { killOrphan } from "./OrphanKill.ts"

/** How often it looks (`housekeepingPeriod`). */
const HOUSEKEEPING = 2 * SECOND

export interface PodCleanupsOptions {
  readonly node: KubeletNode
  readonly entity: string
  readonly stream: (name: string) => RandomStream
  /** Has the API server said which pods it wants? */
  readonly ready: () => boolean
  /** Does it want that one, or does the kubelet work on it? */
  readonly wanted: (uid: string) => boolean
}

export class PodCleanups {
  readonly #o: PodCleanupsOptions
  readonly #orphans = new Set<string>()

  constructor(options: PodCleanupsOptions) {
    this.#o = options
  }

  start(): void {
    const { entity, node } = this.#o
    node.engine.after(entity, HOUSEKEEPING, () =>
      node.loop.deliver(() => (this.#o.ready() ? this.#clean(node) : this.start()))
    )
  }

  #clean(node: KubeletNode): void {
    const { stream, wanted } = this.#o
    for (const ref of node.runtime.pods) {
      const { uid } = ref
      if (wanted(uid) || this.#orphans.has(uid)) continue
      this.#orphans.add(uid)
      killOrphan(node, ref, stream(`orphan/${uid}`), () => {
        this.#orphans.delete(uid)
        node.runtime.remove(uid)
        node.pleg.forget(uid)
      })
    }
  }
}
