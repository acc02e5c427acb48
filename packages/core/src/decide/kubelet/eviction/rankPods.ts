/** Who goes first when a node runs short (`pkg/kubelet/eviction/helpers.go`, rankMemoryPressure, rankPIDPressure, rankDiskPressureFunc; section 6.6). */
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { podPriority } from "../../scheduler/NodeInfo.ts"
import { podRequests } from "../../scheduler/Resources.ts"
import { diskUsage, type PodStats, type StatsFunc } from "./Stats.ts"
import { resourceOf, type Signal } from "./Threshold.ts"

/** What the pod uses beyond what it asked for. */
type Excess = (pod: PodObject, stats: PodStats) => number

const memoryExcess: Excess = (pod, stats) => stats.memory - podRequests(pod.spec).memory
const diskExcess: Excess = (pod, stats) => diskUsage(pod, stats) - podRequests(pod.spec).ephemeralStorage

interface Ranked {
  readonly pod: PodObject
  readonly known: boolean
  readonly exceeds: boolean
  readonly priority: number
  readonly excess: number
}

const before = (yes: boolean, no: boolean): number => Number(no) - Number(yes)

/** Pods of which nothing is known come first, then those above their request, low priority, most above it. */
const compare = (a: Ranked, b: Ranked): number => {
  const known = a.known && b.known
  return (
    (known ? before(a.exceeds, b.exceeds) : before(!a.known, !b.known)) ||
    a.priority - b.priority ||
    (known ? b.excess - a.excess : before(!a.known, !b.known))
  )
}

const byProcesses = (pods: ReadonlyArray<PodObject>, stats: StatsFunc): ReadonlyArray<PodObject> =>
  [...pods].sort((a, b) => podPriority(a) - podPriority(b) || (stats(b)?.processes ?? 0) - (stats(a)?.processes ?? 0))

/** The first is evicted. Pods that are equal stay in the order in which they are given. */
export const rankPods = (
  signal: Signal,
  pods: ReadonlyArray<PodObject>,
  stats: StatsFunc
): ReadonlyArray<PodObject> => {
  const resource = resourceOf(signal)
  if (resource === "pids") return byProcesses(pods, stats)
  const excessOf = resource === "memory" ? memoryExcess : diskExcess
  const ranked = pods.map((pod): Ranked => {
    const own = stats(pod)
    const excess = own === undefined ? 0 : excessOf(pod, own)
    return { pod, known: own !== undefined, exceeds: excess > 0, priority: podPriority(pod), excess }
  })
  return ranked.sort(compare).map(({ pod }) => pod)
}
