/**
 * L71: a kubelet admits no pod for which there is no room. What it lets go may be told a little after what it admits in its place; pods
 * that are being resized are not counted by what they ask for, so nothing is said while there are some.
 */

import { isTerminalPhase } from "../../decide/kubelet/podPhase.ts"
import { isNode } from "../../decide/scheduler/NodeInfo.ts"
import { podRequests, type Resources, resourcesOf } from "../../decide/scheduler/Resources.ts"
import type { PodObject, PodSpec } from "../../event/KubernetesObject.ts"
import { isPod } from "../../event/KubernetesObject.ts"
import { because, leadsTo, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type NodeSeen, nodeWithPods } from "../slice/node.ts"

/** Versions of a pod that are seen again and again have one spec. */
const requests = new WeakMap<PodSpec, Resources>()
const requestsOf = (spec: PodSpec): Resources => {
  const known = requests.get(spec) ?? podRequests(spec)
  requests.set(spec, known)
  return known
}

/** Its kubelet took it: it is told to have begun, and has not ended. */
const isAdmitted = ({ status }: PodObject): boolean => status.startTime !== undefined && !isTerminalPhase(status.phase)

const admits = when("a pod is admitted", ({ change: { before, isDeleted, object } }: NodeSeen) => {
  if (isDeleted || !isPod(object) || !isAdmitted(object)) return false
  return before === undefined || !isPod(before) || !isAdmitted(before)
})

const isResizing = ({ status }: PodObject): boolean =>
  status.conditions?.some(({ type }) => type === "PodResizePending" || type === "PodResizeInProgress") ?? false

/** What is asked for more than there is. */
const missing = ({ node, pods }: NodeSeen): string | undefined => {
  if (!isNode(node) || node.status.allocatable === undefined) return undefined
  const there = pods.filter(isAdmitted)
  if (there.some(isResizing)) return undefined
  const allocatable = resourcesOf(node.status.allocatable)
  const sum = (of: (resources: Resources) => number) =>
    there.reduce((total, { spec }) => total + of(requestsOf(spec)), 0)
  const [cpu, memory, storage] = [
    sum(({ milliCPU }) => milliCPU),
    sum((one) => one.memory),
    sum(({ ephemeralStorage }) => ephemeralStorage)
  ]
  if (cpu > allocatable.milliCPU) return `${cpu}m of ${allocatable.milliCPU}m CPU`
  if (memory > allocatable.memory) return `${memory} of ${allocatable.memory} bytes of memory`
  if (storage > allocatable.ephemeralStorage && allocatable.ephemeralStorage > 0)
    return `${storage} of ${allocatable.ephemeralStorage} bytes of storage`
  return there.length > allocatable.allowedPodNumber && allocatable.allowedPodNumber > 0
    ? `${there.length} of ${allocatable.allowedPodNumber} pods`
    : undefined
}

const fits = when("what its pods ask for is there", (seen: NodeSeen) => {
  const found = missing(seen)
  return found === undefined || because(false, () => found)
})

export const admittedPodsFit = property(
  "L71",
  {
    name: "node/admitted-pods-fit",
    says: "The pods that a node has admitted ask for no more than it has",
    source: "pkg/kubelet/lifecycle/predicate.go, Admit",
    each: nodeWithPods,
    params: { slack: "10 s" }
  },
  ({ params }) => leadsTo(admits, fits).within(params.slack)
)
