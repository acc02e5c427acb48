/** Slices of nodes: one life of a node, with what runs on it. */
import type { KubernetesObject, PodObject } from "../../event/KubernetesObject.ts"
import { isPod } from "../../event/KubernetesObject.ts"
import type { Seen, SliceKind, Touched } from "./Slice.ts"
import type { Change, World } from "./World.ts"

/** A node at one moment. */
export class NodeSeen implements Seen {
  readonly node: KubernetesObject
  readonly change: Change
  readonly world: World
  readonly isDeleted: boolean
  /** The moment before; of that one none is known. The node is as it was where a pod or the lease changed. */
  readonly before: NodeSeen | undefined
  readonly podUid = undefined

  constructor(node: KubernetesObject, before: KubernetesObject | undefined, change: Change, world: World) {
    this.node = node
    this.change = change
    this.world = world
    this.isDeleted = change.isDeleted && change.object === node
    this.before = before === undefined ? undefined : new NodeSeen(before, undefined, change, world)
  }

  get nodeName(): string {
    return this.node.metadata.name
  }
  /** Those that are bound to it. */
  get pods(): ReadonlyArray<PodObject> {
    return this.world.podsOn(this.nodeName)
  }
}

const LEASES = "kube-node-lease"

/** The node that a change of something else concerns. */
const concerned = (related: "pods" | "lease", { fact, object }: Change, world: World): KubernetesObject | undefined => {
  if (related === "lease") {
    const isLease = object.kind === "Lease" && object.metadata.namespace === LEASES
    return isLease ? world.named("Node", "", object.metadata.name) : undefined
  }
  if (fact !== undefined || !isPod(object) || object.spec.nodeName === undefined) return undefined
  return world.named("Node", "", object.spec.nodeName)
}

const nodeWith = (
  name: string,
  sees: ReadonlyArray<string>,
  related: "pods" | "lease" | undefined
): SliceKind<NodeSeen> => ({
  name,
  sees: ["nodes", ...sees],
  touch: (change, world): ReadonlyArray<Touched<NodeSeen>> => {
    const { before, isDeleted, joins, life, object } = change
    if (object.kind === "Node") {
      const view = new NodeSeen(object, before, change, world)
      return [{ key: life, view, begins: joins === "begins", ends: isDeleted }]
    }
    const other = related === undefined ? undefined : concerned(related, change, world)
    if (other === undefined) return []
    const view = new NodeSeen(other, other, change, world)
    return [{ key: other.metadata.uid ?? `Node /${other.metadata.name}`, view, begins: false, ends: false }]
  }
})

/** Each node. */
export const node: SliceKind<NodeSeen> = nodeWith("node", [], undefined)
/** Each node, also told when a pod that is bound to it changes. */
export const nodeWithPods: SliceKind<NodeSeen> = nodeWith("node with pods", ["pods"], "pods")
/** Each node, also told when its kubelet renews its lease. */
export const nodeWithLease: SliceKind<NodeSeen> = nodeWith("node with lease", ["leases.coordination.k8s.io"], "lease")
