/** A node has room, and the emptier one is better (`pkg/scheduler/framework/plugins/noderesources/fit.go`, `least_allocated.go`). */
import { type NodeInfo, type NodeObject, nodeInfoOf, type PodInfo } from "./NodeInfo.ts"
import { type FilterPlugin, MAX_NODE_SCORE, type ScorePlugin } from "./Plugin.ts"
import { type Resources, resourcesOf } from "./Resources.ts"

interface Demand {
  readonly resource: string
  readonly wanted: number
  readonly used: number
  readonly capacity: number
}

const demands = (wanted: Resources, { requested, allocatable }: NodeInfo): ReadonlyArray<Demand> => [
  { resource: "cpu", wanted: wanted.milliCPU, used: requested.milliCPU, capacity: allocatable.milliCPU },
  { resource: "memory", wanted: wanted.memory, used: requested.memory, capacity: allocatable.memory },
  {
    resource: "ephemeral-storage",
    wanted: wanted.ephemeralStorage,
    used: requested.ephemeralStorage,
    capacity: allocatable.ephemeralStorage
  },
  ...Object.keys(wanted.scalar)
    .sort()
    .map((resource) => ({
      resource,
      wanted: wanted.scalar[resource] ?? 0,
      used: requested.scalar[resource] ?? 0,
      capacity: allocatable.scalar[resource] ?? 0
    }))
]

const isShortOf = (wanted: number, used: number, capacity: number): boolean => wanted > 0 && wanted > capacity - used

const isShort = ({ wanted, used, capacity }: Demand): boolean => isShortOf(wanted, used, capacity)

const isCrowded = (node: NodeInfo, pods = node.pods.size): boolean => pods + 1 > node.allocatable.allowedPodNumber

/** The answer without its reasons: nearly every question ends here, so it makes no objects. `pods`: how many the node has. */
export const fits = ({ requests }: PodInfo, node: NodeInfo, pods = node.pods.size): boolean => {
  const { allocatable, requested } = node
  if (isCrowded(node, pods)) return false
  if (isShortOf(requests.milliCPU, requested.milliCPU, allocatable.milliCPU)) return false
  if (isShortOf(requests.memory, requested.memory, allocatable.memory)) return false
  if (isShortOf(requests.ephemeralStorage, requested.ephemeralStorage, allocatable.ephemeralStorage)) return false
  for (const name in requests.scalar) {
    if (isShortOf(requests.scalar[name] ?? 0, requested.scalar[name] ?? 0, allocatable.scalar[name] ?? 0)) return false
  }
  return true
}

/** Something that the node has not enough of, in the numbers of `noderesources.InsufficientResource`. */
export interface InsufficientResource {
  readonly resource: string
  readonly requested: number
  readonly used: number
  readonly capacity: number
}

/** Everything that is short, the number of pods first (`noderesources.Fits`). */
export const insufficientResources = (pod: PodInfo, node: NodeInfo): ReadonlyArray<InsufficientResource> => {
  if (fits(pod, node)) return []
  const crowded = {
    resource: "pods",
    requested: 1,
    used: node.pods.size,
    capacity: node.allocatable.allowedPodNumber
  }
  const short = demands(pod.requests, node).filter(isShort)
  return [
    ...(isCrowded(node) ? [crowded] : []),
    ...short.map(({ resource, wanted, used, capacity }) => ({ resource, requested: wanted, used, capacity }))
  ]
}

/** Has anything grown that the pod asks for? (haveAnyRequestedResourcesIncreased) */
const hasGrown = (wanted: Resources, before: NodeObject, after: NodeObject): boolean => {
  const [old, now] = [resourcesOf(before.status.allocatable), resourcesOf(after.status.allocatable)]
  return (
    now.allowedPodNumber > old.allowedPodNumber ||
    (wanted.milliCPU > 0 && now.milliCPU > old.milliCPU) ||
    (wanted.memory > 0 && now.memory > old.memory) ||
    (wanted.ephemeralStorage > 0 && now.ephemeralStorage > old.ephemeralStorage) ||
    Object.entries(wanted.scalar).some(
      ([name, amount]) => amount > 0 && (now.scalar[name] ?? 0) > (old.scalar[name] ?? 0)
    )
  )
}

/** Of something that is asked for. */
const asksForLess = (asked: Resources, old: Resources, now: Resources): boolean =>
  (asked.milliCPU > 0 && now.milliCPU < old.milliCPU) ||
  (asked.memory > 0 && now.memory < old.memory) ||
  (asked.ephemeralStorage > 0 && now.ephemeralStorage < old.ephemeralStorage) ||
  Object.keys(asked.scalar).some((name) => (now.scalar[name] ?? 0) < (old.scalar[name] ?? 0))

/** Does a pod that asks for less now, or the waiting pod itself, free something that is asked for? (isSchedulableAfterPodScaleDown) */
export const scaledDownHint = (
  { requests, uid }: PodInfo,
  { before, pod }: { readonly before: PodInfo; readonly pod: PodInfo }
): boolean => {
  const less = (asked: Resources): boolean => asksForLess(asked, before.requests, pod.requests)
  return pod.uid === uid ? less(before.requests) : (pod.pod.spec.nodeName ?? "") !== "" && less(requests)
}

/** What would be left of a capacity, in whole percent, rounded down. */
const left = (requested: number, capacity: number): number =>
  capacity === 0 || requested > capacity ? 0 : Math.floor(((capacity - requested) * MAX_NODE_SCORE) / capacity)

/** The mean of what would be left of CPU and of memory; a capacity of nothing does not count. */
export const leastAllocated = (pod: PodInfo, { allocatable, nonZero }: NodeInfo): number => {
  const counted = (allocatable.milliCPU > 0 ? 1 : 0) + (allocatable.memory > 0 ? 1 : 0)
  if (counted === 0) return 0
  const cpu = left(nonZero.milliCPU + pod.nonZero.milliCPU, allocatable.milliCPU)
  const memory = left(nonZero.memory + pod.nonZero.memory, allocatable.memory)
  return Math.floor((cpu + memory) / counted)
}

export const nodeResourcesFit: FilterPlugin & ScorePlugin = {
  name: "NodeResourcesFit",
  weight: 1,
  filter: (pod, node) => {
    if (fits(pod, node)) return undefined
    const short = demands(pod.requests, node).filter(isShort)
    return {
      plugin: "NodeResourcesFit",
      reasons: [
        ...(isCrowded(node) ? ["Too many pods"] : []),
        ...short.map(({ resource }) => `Insufficient ${resource}`)
      ],
      resolvable: !short.some(({ wanted, capacity }) => wanted > capacity)
    }
  },
  hint: (pod, change) => {
    switch (change._tag) {
      case "AssignedPodDeleted":
        return true
      case "NodeAdded":
        return fits(pod, nodeInfoOf(change.node))
      case "NodeUpdated":
        return fits(pod, nodeInfoOf(change.node)) && hasGrown(pod.requests, change.before, change.node)
      case "TolerationAdded":
        return false
    }
  },
  prepare: ({ view }) => ({ score: ({ slot }) => view.room[slot] ?? 0 })
}
