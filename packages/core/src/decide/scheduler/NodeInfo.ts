/** A node and what its pods take of it, as the scheduler's rules look at it (`pkg/scheduler/framework/types.go`, NodeInfo, PodInfo). */
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject, PodObject, ResourceList } from "../../event/KubernetesObject.ts"
import { type HostPort, loneClass, type PodClass, type PodClasses } from "./PodClass.ts"
import { accumulate, minus, mutable, plus, type Resources, resourcesOf } from "./Resources.ts"

export interface Taint extends JsonObject {
  readonly key: string
  readonly value?: string
  readonly effect: string
}

export interface NodeObject extends KubernetesObject {
  readonly kind: "Node"
  readonly spec: JsonObject & { readonly unschedulable?: boolean; readonly taints?: ReadonlyArray<Taint> }
  readonly status: JsonObject & { readonly allocatable?: ResourceList }
}

export const isNode = (object: KubernetesObject): object is NodeObject => object.kind === "Node"

/** What the rules read out of a pod, computed once. */
export interface PodInfo {
  readonly pod: PodObject
  readonly uid: string
  readonly priority: number
  /** What the pod has in common with others of its template. */
  readonly class: PodClass
  readonly requests: Resources
  readonly nonZero: Resources
  readonly hostPorts: ReadonlyArray<HostPort>
}

export interface NodeInfo {
  readonly node: NodeObject
  readonly name: string
  readonly allocatable: Resources
  readonly requested: Resources
  readonly nonZero: Resources
  /** By UID. Pods in a terminal phase are not among them: they have given back what they took. */
  readonly pods: ReadonlyMap<string, PodInfo>
}

/** `spec.priority`; 0 when absent (component-helpers `scheduling/corev1`, PodPriority). */
export const podPriority = (pod: PodObject): number => Number(pod.spec["priority"] ?? 0)

/** `classes`: those of the cache that the pod is for. */
export const podInfoIn = (classes: PodClasses, pod: PodObject): PodInfo => infoOf(pod, classes.of(pod))

const infoOf = (pod: PodObject, its: PodClass): PodInfo => {
  const { hostPorts, nonZero, requests } = its
  return { pod, uid: pod.metadata.uid ?? "", priority: podPriority(pod), class: its, requests, nonZero, hostPorts }
}

/** Of a pod that is looked at once. */
export const newPodInfo = (pod: PodObject): PodInfo => infoOf(pod, loneClass(pod))

/** Of versions of pods: a kubelet asks for all pods of its node whenever one comes. */
const known = new WeakMap<PodObject, PodInfo>()

/** Of a pod that is looked at alone. */
export const podInfoOf = (pod: PodObject): PodInfo => {
  let info = known.get(pod)
  if (info === undefined) {
    info = newPodInfo(pod)
    known.set(pod, info)
  }
  return info
}

/** A pod that has ended for good takes nothing any more (the scheduler's informer does not even list it). */
export const isTerminal = (pod: PodObject): boolean => pod.status.phase === "Succeeded" || pod.status.phase === "Failed"

export const nodeInfoOf = (node: NodeObject, pods: Iterable<PodInfo> = []): NodeInfo => {
  const all = new Map<string, PodInfo>()
  for (const pod of pods) all.set(pod.uid, pod)
  const [requested, nonZero] = [mutable(), mutable()]
  for (const pod of all.values()) {
    accumulate(requested, pod.requests, 1)
    accumulate(nonZero, pod.nonZero, 1)
  }
  return {
    node,
    name: node.metadata.name,
    allocatable: resourcesOf(node.status.allocatable),
    requested,
    nonZero,
    pods: all
  }
}

/** Pods that a node would have more (+1) or fewer (-1). */
export type PodChanges = ReadonlyArray<readonly [PodInfo, 1 | -1]>

/** The node as it would be after the changes. */
export const withChanges = <Node extends NodeInfo>(info: Node, changes: PodChanges): Node => {
  const pods = new Map(info.pods)
  let { requested, nonZero } = info
  for (const [pod, sign] of changes) {
    if (sign === 1) pods.set(pod.uid, pod)
    else pods.delete(pod.uid)
    const add = sign === 1 ? plus : minus
    requested = add(requested, pod.requests)
    nonZero = add(nonZero, pod.nonZero)
  }
  return { ...info, pods, requested, nonZero }
}
