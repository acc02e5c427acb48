/** A node and what its pods take of it, as the scheduler's rules look at it (`pkg/scheduler/framework/types.go`, NodeInfo, PodInfo). */
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject, PodObject, PodSpec, ResourceList } from "../../event/KubernetesObject.ts"
import { minus, NOTHING, nonZeroRequests, plus, podRequests, type Resources, resourcesOf } from "./Resources.ts"

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

/** A port that a pod takes on the node itself. */
export interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

/** What the rules read out of a pod, computed once. */
export interface PodInfo {
  readonly pod: PodObject
  readonly uid: string
  readonly priority: number
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

/** Regular containers, and init containers that stay (`pkg/scheduler/util/utils.go`, GetHostPorts). */
const hostPorts = (spec: PodSpec): ReadonlyArray<HostPort> => {
  const staying = (spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always")
  return [...staying, ...spec.containers].flatMap((container) =>
    ((container["ports"] ?? []) as ReadonlyArray<JsonObject>)
      .filter((port) => Number(port["hostPort"] ?? 0) > 0)
      .map((port) => ({
        ip: String(port["hostIP"] ?? "") || "0.0.0.0",
        protocol: String(port["protocol"] ?? "") || "TCP",
        port: Number(port["hostPort"])
      }))
  )
}

/** `spec.priority`; 0 when absent (component-helpers `scheduling/corev1`, PodPriority). */
export const podPriority = (pod: PodObject): number => Number(pod.spec["priority"] ?? 0)

export const podInfoOf = (pod: PodObject): PodInfo => ({
  pod,
  uid: pod.metadata.uid ?? "",
  priority: podPriority(pod),
  requests: podRequests(pod.spec),
  nonZero: nonZeroRequests(pod.spec),
  hostPorts: hostPorts(pod.spec)
})

/** A pod that has ended for good takes nothing any more (the scheduler's informer does not even list it). */
export const isTerminal = (pod: PodObject): boolean => pod.status.phase === "Succeeded" || pod.status.phase === "Failed"

export const nodeInfoOf = (node: NodeObject, pods: Iterable<PodInfo> = []): NodeInfo => {
  const all = new Map([...pods].map((pod) => [pod.uid, pod]))
  let [requested, nonZero] = [NOTHING, NOTHING]
  for (const pod of all.values()) [requested, nonZero] = [plus(requested, pod.requests), plus(nonZero, pod.nonZero)]
  return {
    node,
    name: node.metadata.name,
    allocatable: resourcesOf(node.status.allocatable),
    requested,
    nonZero,
    pods: all
  }
}

/** The node as it would be without some of its pods. */
export const withoutPods = (info: NodeInfo, gone: Iterable<PodInfo>): NodeInfo => {
  const pods = new Map(info.pods)
  let { requested, nonZero } = info
  for (const pod of gone) {
    if (!pods.delete(pod.uid)) continue
    requested = minus(requested, pod.requests)
    nonZero = minus(nonZero, pod.nonZero)
  }
  return { ...info, pods, requested, nonZero }
}
