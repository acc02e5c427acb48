/**
 * What each node says to a pod of a class, and what it is worth, as far as no other node matters: remembered until something of
 * the node or its pods changes. Pods come by the thousand from one template and change one node each.
 */
import { scoreBalance } from "./balancedAllocation.ts"
import type { PodInfo } from "./NodeInfo.ts"
import { weighAffinity } from "./nodeAffinity.ts"
import { leastAllocated } from "./nodeResourcesFit.ts"
import type { Rejection } from "./Plugin.ts"
import { rejectionOf } from "./plugins.ts"
import { type CachedNode, grown } from "./Topology.ts"
import { countSoftTaints } from "./taintToleration.ts"

export class ClassView {
  #generation = new Int32Array(0)
  readonly #rejections: Array<Rejection | undefined> = []
  /** NodeResourcesFit's score, by slot, where there is no rejection. */
  room: Int32Array<ArrayBuffer> = new Int32Array(0)
  /** NodeResourcesBalancedAllocation's. */
  balance: Int32Array<ArrayBuffer> = new Int32Array(0)
  /** Soft taints that are not tolerated. */
  taints: Int32Array<ArrayBuffer> = new Int32Array(0)
  /** The weight of preferred node affinity. */
  affinity: Int32Array<ArrayBuffer> = new Int32Array(0)

  /** What stands against the pod on this node alone. */
  verdict(pod: PodInfo, node: CachedNode): Rejection | undefined {
    const { generation, slot } = node
    if (this.#generation[slot] !== generation) this.#look(pod, node)
    return this.#rejections[slot]
  }

  #look(pod: PodInfo, node: CachedNode): void {
    const { slot } = node
    if (slot >= this.#generation.length) this.#grow(slot + 1)
    this.#generation[slot] = node.generation
    const rejection = rejectionOf(pod, node)
    this.#rejections[slot] = rejection
    if (rejection !== undefined) return
    this.room[slot] = leastAllocated(pod, node)
    this.balance[slot] = scoreBalance(pod, node)
    this.taints[slot] = countSoftTaints(pod.pod, node.node)
    this.affinity[slot] = weighAffinity(pod.pod, node.node)
  }

  #grow(size: number): void {
    this.#generation = grown(this.#generation, size)
    this.room = grown(this.room, size)
    this.balance = grown(this.balance, size)
    this.taints = grown(this.taints, size)
    this.affinity = grown(this.affinity, size)
  }
}

/** As many classes as are remembered at a time; the one that has been there longest gives way. */
const MANY = 256

export class ClassViews {
  readonly #views = new Map<string, ClassView>()

  of({ class: { key } }: PodInfo): ClassView {
    const known = this.#views.get(key)
    if (known !== undefined) return known
    const made = new ClassView()
    if (this.#views.size >= MANY) this.#views.delete(this.#views.keys().next().value ?? "")
    this.#views.set(key, made)
    return made
  }
}
