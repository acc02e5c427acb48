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

const isShort = ({ wanted, used, capacity }: Demand): boolean => wanted > 0 && wanted > capacity - used

const fits = (pod: PodInfo, node: NodeInfo): boolean =>
  node.pods.size + 1 <= node.allocatable.allowedPodNumber && !demands(pod.requests, node).some(isShort)

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

/** The mean of what would be left of CPU and of memory, in whole percent, rounded down at every step. */
const leastAllocated = (pod: PodInfo, { allocatable, nonZero }: NodeInfo): number => {
  const shares = [
    [allocatable.milliCPU, nonZero.milliCPU + pod.nonZero.milliCPU],
    [allocatable.memory, nonZero.memory + pod.nonZero.memory]
  ].flatMap(([capacity = 0, requested = 0]) => {
    if (capacity === 0) return []
    return [requested > capacity ? 0 : Math.floor(((capacity - requested) * MAX_NODE_SCORE) / capacity)]
  })
  return shares.length === 0 ? 0 : Math.floor(shares.reduce((sum, share) => sum + share, 0) / shares.length)
}

export const nodeResourcesFit: FilterPlugin & ScorePlugin = {
  name: "NodeResourcesFit",
  weight: 1,
  filter: (pod, node) => {
    const crowded = node.pods.size + 1 > node.allocatable.allowedPodNumber
    const short = demands(pod.requests, node).filter(isShort)
    if (!crowded && short.length === 0) return undefined
    return {
      plugin: "NodeResourcesFit",
      reasons: [...(crowded ? ["Too many pods"] : []), ...short.map(({ resource }) => `Insufficient ${resource}`)],
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
  score: (pod, nodes) => nodes.map((node) => leastAllocated(pod, node))
}
