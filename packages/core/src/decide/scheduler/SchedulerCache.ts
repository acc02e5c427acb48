/**
 * What the scheduler knows of nodes and of pods on them, those included that are about to be bound (`pkg/scheduler/backend/cache`),
 * with the tables that make a decision cheap: it is kept up to date in place, because a cycle must not cost as much as there are
 * pods.
 */

import { jsonEqual } from "../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../event/KubernetesObject.ts"
import { Census } from "./Census.ts"
import { ClassViews } from "./ClassView.ts"
import { ImageStates } from "./ImageStates.ts"
import { type NodeInfo, type NodeObject, nodeInfoOf, type PodInfo, podInfoIn } from "./NodeInfo.ts"
import { Nominator } from "./Nominator.ts"
import { orderNodes } from "./orderNodes.ts"
import { PodClasses } from "./PodClass.ts"
import { accumulate, type MutableResources, mutable, resourcesOf } from "./Resources.ts"
import type { CachedNode, Nodes } from "./Topology.ts"

/** Objects of other kinds, as the scheduler's informers have them. */
export interface ObjectLookup {
  readonly get: (kind: string, namespace: string, name: string) => KubernetesObject | undefined
  readonly list: (kind: string) => ReadonlyArray<KubernetesObject>
}

export const NO_OBJECTS: ObjectLookup = { get: () => undefined, list: () => [] }

interface Node extends CachedNode {
  node: NodeObject
  allocatable: NodeInfo["allocatable"]
  readonly requested: MutableResources
  readonly nonZero: MutableResources
  readonly pods: Map<string, PodInfo>
  generation: number
}

/** What affinity, spread and the masks of nodes read of a node. */
const isSamePlace = (a: NodeObject, b: NodeObject): boolean =>
  (a.metadata.labels === b.metadata.labels || jsonEqual(a.metadata.labels ?? {}, b.metadata.labels ?? {})) &&
  jsonEqual(a.spec.taints ?? [], b.spec.taints ?? [])

const isSoftTainted = ({ spec }: NodeObject): 0 | 1 =>
  spec.taints?.some(({ effect }) => effect === "PreferNoSchedule") === true ? 1 : 0

export class SchedulerCache implements Nodes {
  readonly #nodes = new Map<string, Node>()
  /** Pods of nodes that are not known (yet), by node. */
  readonly #strays = new Map<string, Map<string, PodInfo>>()
  readonly #nodeOf = new Map<string, string>()
  readonly #free: Array<number> = []
  readonly #classes = new PodClasses()
  #ordered: ReadonlyArray<CachedNode> | undefined
  #generation = 0
  readonly objects: ObjectLookup
  readonly census: Census = new Census(this)
  readonly images: ImageStates = new ImageStates()
  readonly nominator: Nominator = new Nominator()
  readonly views: ClassViews = new ClassViews()
  /** How many nodes have a taint that only puts pods off. */
  softTainted = 0
  slots = 0
  version = 0
  /** Changes when the objects do that say which pods belong together: Services, ReplicaSets, StatefulSets, Namespaces. */
  objectsVersion = 0

  constructor(objects: ObjectLookup = NO_OBJECTS) {
    this.objects = objects
  }

  /** A cache of these nodes with their pods, for one decision. */
  static of(nodes: Iterable<NodeInfo>, objects: ObjectLookup = NO_OBJECTS): SchedulerCache {
    const cache = new SchedulerCache(objects)
    for (const { node, name, pods } of nodes) {
      cache.putNode(node)
      for (const pod of pods.values()) cache.putPod(pod, name)
    }
    return cache
  }

  /** All nodes in the order in which the rules look at them. */
  get nodes(): ReadonlyArray<CachedNode> {
    this.#ordered ??= orderNodes(this.#nodes.values())
    return this.#ordered
  }

  get all(): Iterable<CachedNode> {
    return this.#nodes.values()
  }

  infoOf(pod: PodObject): PodInfo {
    return podInfoIn(this.#classes, pod)
  }

  getNode(name: string): CachedNode | undefined {
    return this.#nodes.get(name)
  }

  putNode(node: NodeObject): void {
    const { name } = node.metadata
    const known = this.#nodes.get(name)
    if (known === undefined) return this.#addNode(node, name)
    if (!isSamePlace(known.node, node)) this.#nodesChanged()
    this.softTainted += isSoftTainted(node) - isSoftTainted(known.node)
    this.images.remove(known.node, known.slot)
    this.images.put(node, known.slot)
    known.node = node
    known.allocatable = resourcesOf(node.status.allocatable)
    known.generation = ++this.#generation
  }

  removeNode(name: string): void {
    const known = this.#nodes.get(name)
    if (known === undefined) return
    for (const pod of known.pods.values()) this.census.add(pod.class, known.slot, -1)
    this.images.remove(known.node, known.slot)
    this.softTainted -= isSoftTainted(known.node)
    this.#nodes.delete(name)
    this.#free.push(known.slot)
    this.#nodesChanged()
    if (known.pods.size > 0) this.#strays.set(name, known.pods)
  }

  /** Also a pod that was there in an earlier version, or that was assumed to be about to come. */
  putPod(pod: PodInfo, nodeName: string): void {
    if (this.#nodeOf.get(pod.uid) === nodeName && this.#refresh(pod)) return
    this.removePod(pod.uid)
    this.#nodeOf.set(pod.uid, nodeName)
    const node = this.#nodes.get(nodeName)
    if (node !== undefined) return this.#place(node, pod, 1)
    const strays = this.#strays.get(nodeName) ?? new Map<string, PodInfo>()
    this.#strays.set(nodeName, strays.set(pod.uid, pod))
  }

  removePod(uid: string): void {
    const nodeName = this.#nodeOf.get(uid)
    if (nodeName === undefined) return
    this.#nodeOf.delete(uid)
    this.#strays.get(nodeName)?.delete(uid)
    const node = this.#nodes.get(nodeName)
    const pod = node?.pods.get(uid)
    if (node !== undefined && pod !== undefined) this.#place(node, pod, -1)
  }

  /** The pod as it is on its node, or as it is assumed to be. */
  getPod(uid: string): PodInfo | undefined {
    return this.#nodes.get(this.#nodeOf.get(uid) ?? "")?.pods.get(uid)
  }

  /** One of the objects changed that say which pods belong together. */
  objectChanged(kind: string): void {
    this.objectsVersion++
    if (kind === "Namespace") this.census.forget()
  }

  /** Another version of a pod that takes no more and no less than before: for the rules the node stays as it is. */
  #refresh(pod: PodInfo): boolean {
    const pods = this.#nodes.get(this.#nodeOf.get(pod.uid) ?? "")?.pods
    if (pods?.get(pod.uid)?.class.key !== pod.class.key) return false
    pods.set(pod.uid, pod)
    return true
  }

  #addNode(node: NodeObject, name: string): void {
    const slot = this.#free.pop() ?? this.slots++
    const { allocatable } = nodeInfoOf(node)
    const made: Node = {
      node,
      name,
      slot,
      allocatable,
      requested: mutable(),
      nonZero: mutable(),
      pods: new Map(),
      generation: ++this.#generation
    }
    this.#nodes.set(name, made)
    this.softTainted += isSoftTainted(node)
    this.images.put(node, slot)
    this.#nodesChanged()
    const strays = this.#strays.get(name)
    this.#strays.delete(name)
    for (const pod of strays?.values() ?? []) this.#place(made, pod, 1)
  }

  #place(node: Node, pod: PodInfo, sign: 1 | -1): void {
    if (sign === 1) node.pods.set(pod.uid, pod)
    else node.pods.delete(pod.uid)
    accumulate(node.requested, pod.requests, sign)
    accumulate(node.nonZero, pod.nonZero, sign)
    node.generation = ++this.#generation
    this.census.add(pod.class, node.slot, sign)
  }

  #nodesChanged(): void {
    this.#ordered = undefined
    this.version++
  }
}
