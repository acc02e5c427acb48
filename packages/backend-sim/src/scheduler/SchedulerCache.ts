/** What the scheduler knows of nodes and of pods on them, those included that are about to be bound (`pkg/scheduler/backend/cache`). */
import {
  minus,
  type NodeInfo,
  type NodeObject,
  nodeInfoOf,
  orderNodes,
  type PodInfo,
  plus,
  type Resources,
  resourcesOf
} from "@kubereel/core"

/** The cache's own node: as `NodeInfo`, kept up to date in place, because a cycle must not cost as much as there are pods. */
interface CachedNode {
  node: NodeObject
  readonly name: string
  allocatable: Resources
  requested: Resources
  nonZero: Resources
  readonly pods: Map<string, PodInfo>
}

export class SchedulerCache {
  readonly #nodes = new Map<string, CachedNode>()
  /** Pods of nodes that are not known (yet), by node. */
  readonly #strays = new Map<string, Map<string, PodInfo>>()
  readonly #nodeOf = new Map<string, string>()
  #ordered: ReadonlyArray<NodeInfo> | undefined

  /** All nodes in the order in which the rules look at them. */
  get nodes(): ReadonlyArray<NodeInfo> {
    this.#ordered ??= orderNodes(this.#nodes.values())
    return this.#ordered
  }

  getNode(name: string): NodeObject | undefined {
    return this.#nodes.get(name)?.node
  }

  putNode(node: NodeObject): void {
    const { name } = node.metadata
    this.#ordered = undefined
    const known = this.#nodes.get(name)
    if (known !== undefined) {
      known.node = node
      known.allocatable = resourcesOf(node.status.allocatable)
      return
    }
    const { allocatable, requested, nonZero, pods } = nodeInfoOf(node, this.#strays.get(name)?.values())
    this.#strays.delete(name)
    this.#nodes.set(name, { node, name, allocatable, requested, nonZero, pods: new Map(pods) })
  }

  removeNode(name: string): void {
    const known = this.#nodes.get(name)
    if (known === undefined) return
    this.#ordered = undefined
    this.#nodes.delete(name)
    if (known.pods.size > 0) this.#strays.set(name, known.pods)
  }

  /** Also a pod that was there in an earlier version, or that was assumed to be about to come. */
  putPod(pod: PodInfo, nodeName: string): void {
    this.removePod(pod.uid)
    this.#nodeOf.set(pod.uid, nodeName)
    const node = this.#nodes.get(nodeName)
    if (node === undefined) {
      const strays = this.#strays.get(nodeName) ?? new Map<string, PodInfo>()
      this.#strays.set(nodeName, strays.set(pod.uid, pod))
      return
    }
    node.pods.set(pod.uid, pod)
    node.requested = plus(node.requested, pod.requests)
    node.nonZero = plus(node.nonZero, pod.nonZero)
  }

  removePod(uid: string): void {
    const nodeName = this.#nodeOf.get(uid)
    if (nodeName === undefined) return
    this.#nodeOf.delete(uid)
    this.#strays.get(nodeName)?.delete(uid)
    const node = this.#nodes.get(nodeName)
    const pod = node?.pods.get(uid)
    if (node === undefined || pod === undefined) return
    node.pods.delete(uid)
    node.requested = minus(node.requested, pod.requests)
    node.nonZero = minus(node.nonZero, pod.nonZero)
  }
}
