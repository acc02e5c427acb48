/** The nodes that will do for a pod, and what the others say (`pkg/scheduler/schedule_one.go`, findNodesThatPassFilters). */
import { type PodChanges, type PodInfo, withChanges } from "./NodeInfo.ts"
import type { CycleFilter, Rejection } from "./Plugin.ts"
import { cycleFiltersOf, rejectionOf } from "./plugins.ts"
import type { SchedulerCache } from "./SchedulerCache.ts"
import type { CachedNode } from "./Topology.ts"

const MIN_NODES = 100
const MIN_PERCENTAGE = 5

/** In a large cluster it is enough to find some (numFeasibleNodesToFind; C-235). */
export const nodesToFind = (nodes: number): number => {
  if (nodes < MIN_NODES) return nodes
  const percentage = Math.max(50 - Math.trunc(nodes / 125), MIN_PERCENTAGE)
  return Math.max(Math.trunc((nodes * percentage) / 100), MIN_NODES)
}

const firstOf = (
  filters: ReadonlyArray<CycleFilter>,
  node: CachedNode,
  changes?: PodChanges
): Rejection | undefined => {
  for (const filter of filters) {
    const rejection = filter(node, changes)
    if (rejection !== undefined) return rejection
  }
  return undefined
}

/** What every node says to one pod in one cycle. */
export class NodeFilter {
  readonly pod: PodInfo
  readonly cluster: SchedulerCache
  readonly #beyond: ReadonlyArray<CycleFilter>
  readonly #verdict: (node: CachedNode) => Rejection | undefined

  constructor(pod: PodInfo, cluster: SchedulerCache) {
    this.pod = pod
    this.cluster = cluster
    this.#beyond = cycleFiltersOf(pod, cluster)
    const view = cluster.views.of(pod)
    // A pod that names its node is not like the others of its class.
    const isNamed = (pod.pod.spec.nodeName ?? "") !== ""
    this.#verdict = isNamed ? (node) => rejectionOf(pod, node) : (node) => view.verdict(pod, node)
  }

  /** `undefined`: it will do. Pods for which the node is kept count as if they were there, and it must do without them too. */
  ask(node: CachedNode): Rejection | undefined {
    const kept = this.cluster.nominator.isEmpty ? [] : this.#keptFor(node)
    if (kept.length > 0) {
      const rejection = this.askAfter(node, kept)
      if (rejection !== undefined) return rejection
    }
    return this.#verdict(node) ?? (this.#beyond.length === 0 ? undefined : firstOf(this.#beyond, node))
  }

  /** As `ask`, of the node as it would be after changes, those for which it is kept included (RunFilterPluginsWithNominatedPods). */
  askChanged(node: CachedNode, changes: PodChanges): Rejection | undefined {
    const kept = this.#keptFor(node)
    if (kept.length > 0) {
      const rejection = this.askAfter(node, [...changes, ...kept])
      if (rejection !== undefined) return rejection
    }
    return this.askAfter(node, changes)
  }

  /** Of the node as it would be, nobody else considered. */
  askAfter(node: CachedNode, changes: PodChanges): Rejection | undefined {
    return rejectionOf(this.pod, withChanges(node, changes)) ?? firstOf(this.#beyond, node, changes)
  }

  /** Pods of no lower priority for which the node is kept (addGENominatedPods). */
  #keptFor({ name }: CachedNode): PodChanges {
    const { priority, uid } = this.pod
    return [...this.cluster.nominator.on(name)]
      .filter((other) => other.priority >= priority && other.uid !== uid)
      .map((other) => [other, 1] as const)
  }
}

export interface Found {
  readonly feasible: ReadonlyArray<CachedNode>
  /** How many nodes were asked. */
  readonly asked: number
}

/** Asks the nodes in turn from `start` on, until there are enough. */
export const findNodes = (filter: NodeFilter, nodes: ReadonlyArray<CachedNode>, start: number): Found => {
  const feasible: Array<CachedNode> = []
  const wanted = nodesToFind(nodes.length)
  let asked = 0
  for (; asked < nodes.length && feasible.length < wanted; asked++) {
    const node = nodes[(start + asked) % nodes.length]
    if (node !== undefined && filter.ask(node) === undefined) feasible.push(node)
  }
  return { feasible, asked }
}
