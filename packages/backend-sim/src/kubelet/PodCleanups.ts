/**
 * Looks for pods in the runtime that nobody works on (`pkg/kubelet/kubelet_pods.go`, HandlePodCleanups; K-024). They can only have lost
 * their object while no kubelet was there, or be refused by one that has just started: what goes away later is told to its worker. So it
 * looks until it has seen the list once.
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
  /** Does the kubelet work on it, or is it about to? */
  readonly wanted: (uid: string) => boolean
  /** Does the API server have it all the same? */
  readonly known: (uid: string) => boolean
  /** It has looked. */
  readonly onSynced: () => void
}

export class PodCleanups {
  readonly #o: PodCleanupsOptions
  readonly #orphans = new Set<string>()
  #synced: boolean

  /** `synced`: of a kubelet that is long up. */
  constructor(options: PodCleanupsOptions, synced: boolean) {
    this.#o = options
    this.#synced = synced
  }

  /** May a container run of a pod that has no worker (CouldHaveRunningContainers)? */
  couldRun(uid: string): boolean {
    return this.#orphans.has(uid) || !this.#synced
  }

  /** Is it being ended as nobody's? */
  ends(uid: string): boolean {
    return this.#orphans.has(uid)
  }

  start(): void {
    const { entity, node } = this.#o
    node.engine.after(entity, HOUSEKEEPING, () =>
      node.loop.deliver(() => (this.#o.ready() ? this.#clean(node) : this.start()))
    )
  }

  #clean(node: KubeletNode): void {
    const { known, onSynced, stream, wanted } = this.#o
    this.#synced = true
    for (const ref of node.runtime.pods) {
      const { uid } = ref
      if (wanted(uid) || this.#orphans.has(uid)) continue
      this.#orphans.add(uid)
      killOrphan(node, ref, stream(`orphan/${uid}`), () => {
        this.#orphans.delete(uid)
        if (known(uid)) return
        node.runtime.remove(uid)
        node.pleg.forget(uid)
      })
    }
    onSynced()
  }
}
