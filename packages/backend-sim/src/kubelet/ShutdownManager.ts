/**
 * Holds up the shutdown of its machine until the node's pods have ended, group by group (`pkg/kubelet/nodeshutdown/nodeshutdown_manager.go`,
 * `nodeshutdown_manager_linux.go`; K-295, K-296). What logind and the kubelet's lock are in Kubernetes is the `Machine` here.
 */
import {
  groupByPriority,
  MILLISECOND,
  nodeIsShuttingDown,
  type PodObject,
  type PodShutdownGroup,
  SECOND,
  type ShutdownGracePeriodByPodPriority,
  shutdownCancellation,
  shutdownDetected,
  shutdownGracePeriod,
  shutdownReason,
  terminatedByShutdown
} from "@kubereel/core"
import type { KubeletNode } from "./KubeletNode.ts"
import { killPodNow } from "./killPodNow.ts"
import { recordNodeEvent } from "./nodeEvents.ts"
import type { PodWorker } from "./PodWorker.ts"

/** How often it looks whether a group's volumes are unmounted (podAttachAndMountRetryInterval). */
const UNMOUNT_POLL = 300 * MILLISECOND

export interface ShutdownManagerOptions {
  readonly node: () => KubeletNode
  readonly entity: string
  /** Of the node. */
  readonly name: string
  /** The lowest priority first; empty: shutdowns do not concern it. */
  readonly periods: ReadonlyArray<ShutdownGracePeriodByPodPriority>
  readonly activePods: () => ReadonlyArray<PodObject>
  readonly worker: (uid: string) => PodWorker | undefined
  /** The node's status is looked at now, not at its next tick. */
  readonly syncNodeStatus: () => void
  /** The node's next tick has something to look at. */
  readonly nodeChanged: () => void
}

export class ShutdownManager {
  readonly #o: ShutdownManagerOptions
  /** What was announced and waits for its turn: a shutdown with what lets it happen, or that it is called off (`undefined`). */
  readonly #announced: Array<(() => void) | undefined> = []
  #busy = false
  #shuttingDown = false

  constructor(options: ShutdownManagerOptions) {
    this.#o = options
  }

  /** Why the node is not ready (ShutdownStatus). */
  get status(): string | undefined {
    return this.#shuttingDown ? nodeIsShuttingDown : undefined
  }

  /** Does it hold a lock that a shutdown waits for? It is taken once the runtime has answered. */
  get inhibits(): boolean {
    return this.#o.periods.length > 0 && this.#o.node().runtimeState.answered
  }

  /** The machine is about to go down; `release` lets it. */
  prepare(release: () => void): void {
    this.#hear(release)
  }

  /** It does not go down after all. Pods that are told to end go on ending. */
  cancel(): void {
    this.#hear(undefined)
  }

  #hear(announced: (() => void) | undefined): void {
    this.#announced.push(announced)
    if (!this.#busy) this.#next()
  }

  /** One announcement after the other (the loop of managerImpl.start). */
  #next(): void {
    this.#busy = this.#announced.length > 0
    if (!this.#busy) return
    const release = this.#announced.shift()
    this.#shuttingDown = release !== undefined
    this.#record(this.#shuttingDown ? shutdownDetected : shutdownCancellation)
    if (release === undefined) {
      this.#o.nodeChanged()
      return this.#next()
    }
    this.#o.syncNodeStatus()
    this.#killPods(groupByPriority(this.#o.periods, this.#o.activePods()), () => {
      release()
      this.#next()
    })
  }

  /** One group after the other; nobody waits for a group without pods. */
  #killPods([group, ...others]: ReadonlyArray<PodShutdownGroup>, done: () => void): void {
    if (group === undefined) return done()
    const next = () => this.#killPods(others, done)
    if (group.pods.length === 0) next()
    else this.#killGroup(group, next)
  }

  /** Until its pods are gone and their volumes unmounted, or its time is over. */
  #killGroup(group: PodShutdownGroup, next: () => void): void {
    const { entity, node: getNode } = this.#o
    const { engine } = getNode()
    let over = false
    const goOn = () => {
      over = true
      next()
    }
    const limit = engine.after(entity, group.shutdownGracePeriodSeconds * SECOND, goOn)
    const alive = new Set(group.pods)
    for (const pod of group.pods)
      this.#kill(group, pod, () => {
        alive.delete(pod)
        if (alive.size > 0 || over) return
        this.#waitForUnmount(group, () => {
          if (engine.cancel(limit)) goOn()
        })
      })
  }

  #kill(group: PodShutdownGroup, pod: PodObject, done: () => void): void {
    const worker = this.#o.worker(pod.metadata.uid ?? "")
    if (worker === undefined) return done()
    const grace = shutdownGracePeriod(group, pod)
    killPodNow(this.#o.node(), { pod, worker, grace, status: terminatedByShutdown }, done)
  }

  /** WaitForAllPodsUnmount. */
  #waitForUnmount(group: PodShutdownGroup, done: () => void): void {
    const { engine, volumes } = this.#o.node()
    if (group.pods.every(({ metadata }) => volumes.areUnmounted(metadata.uid ?? ""))) return done()
    engine.after(this.#o.entity, UNMOUNT_POLL, () => this.#waitForUnmount(group, done))
  }

  #record(message: string): void {
    recordNodeEvent(this.#o.node(), this.#o.name, { type: "Normal", reason: shutdownReason, message })
  }
}
