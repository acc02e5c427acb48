/** Pods that are spread over domains (`pkg/scheduler/framework/plugins/podtopologyspread`). */
import { jsonEqual } from "../../event/Json.ts"
import type { Labels } from "../client/labelSelector.ts"
import type { Selection } from "./Census.ts"
import type { NodeObject, PodChanges, PodInfo } from "./NodeInfo.ts"
import { type CycleFilter, MAX_NODE_SCORE, type Rejection, type ScorePlugin, type ScoreRequest } from "./Plugin.ts"
import type { SchedulerCache } from "./SchedulerCache.ts"
import {
  type Constraint,
  constraintsOf,
  hasAllKeys,
  isSystemDefaulted,
  maskOf,
  selectsLabels
} from "./spreadConstraints.ts"
import { type CachedNode, type DomainCounts, EVERY_NODE, NOWHERE, type NodeMask, type Topology } from "./Topology.ts"

const REASON = "node(s) didn't match pod topology spread constraints"
const SKEWED: Rejection = { plugin: "PodTopologySpread", reasons: [REASON], resolvable: true }
const NO_LABEL: Rejection = {
  plugin: "PodTopologySpread",
  reasons: [`${REASON} (missing required label)`],
  resolvable: false
}

const HOSTNAME = "kubernetes.io/hostname"

/** The pods of the namespace that count: those being deleted do not, and an empty selector counts none (countPodsMatchSelector). */
const podsOf = (cluster: SchedulerCache, { selector, key }: Constraint, namespace: string): Selection =>
  cluster.census.select(`spread ${namespace} ${key}`, (pod) =>
    selector.isEmpty ? false : !pod.terminating && pod.namespace === namespace && selectsLabels(selector, pod.labels)
  )

interface Checked {
  readonly constraint: Constraint
  readonly domains: DomainCounts
  readonly least: number
  /** The least of the domains but one of those that have the least themselves. */
  readonly leastOfOthers: number
  readonly self: 0 | 1
  /** There are fewer domains than the constraint wants: then it counts as if there were an empty one. */
  readonly isShort: boolean
}

/**
 * What the changes on a node make of the pods that match there, whether they count or not: a pod that is taken away or put
 * back counts also when it is being deleted (updateWithPod).
 */
const difference = (
  { constraint: { selector }, domains }: Checked,
  slot: number,
  changes: PodChanges,
  namespace: string
): number =>
  domains.includes(slot)
    ? changes.reduce(
        (sum, [{ class: of }, sign]) =>
          sum + (of.namespace === namespace && selectsLabels(selector, of.labels) ? sign : 0),
        0
      )
    : 0

const isSkewed = (checked: Checked, slot: number, changes: PodChanges | undefined, namespace: string): boolean => {
  const { constraint, domains, isShort, least, leastOfOthers, self } = checked
  const count = domains.at(slot)
  const more = changes === undefined ? 0 : difference(checked, slot, changes, namespace)
  const smallest = more === 0 ? least : Math.min(count === least ? leastOfOthers : least, count + more)
  const global = isShort ? 0 : smallest
  return count + more + self - global > constraint.maxSkew
}

/** PreFilter; `undefined` for a pod without constraints that must hold (Skip). */
export const filterPodTopologySpread = (pod: PodInfo, cluster: SchedulerCache): CycleFilter | undefined => {
  const { namespace } = pod.class
  const constraints = constraintsOf(pod, cluster, "DoNotSchedule")
  if (constraints.length === 0) return undefined
  const all = constraints.map((constraint): Checked => {
    const pods = podsOf(cluster, constraint, namespace)
    const domains = cluster.census.count(pods, constraint.topologyKey, maskOf(pod, constraint, constraints))
    const { least, domains: those, next } = domains.least
    const self = selectsLabels(constraint.selector, pod.class.labels) ? 1 : 0
    const isShort = domains.domains < constraint.minDomains
    return { constraint, domains, least, leastOfOthers: those > 1 ? least : next, self, isShort }
  })
  return ({ slot }, changes) => {
    for (const checked of all) {
      if (checked.domains.topology.domainOf[slot] === NOWHERE) return NO_LABEL
      if (isSkewed(checked, slot, changes, namespace)) return SKEWED
    }
    return undefined
  }
}

interface Weighed {
  readonly constraint: Constraint
  readonly pods: Selection
  /** Absent for host names: there a node's own pods are counted. */
  readonly domains: DomainCounts | undefined
  readonly weight: number
  readonly topologyOf: Int32Array<ArrayBuffer>
}

/** How many domains the nodes that will do are in; those without the label are one more. */
const domainsAmong = ({ domainOf, size }: Topology, nodes: ReadonlyArray<CachedNode>): number => {
  const seen = new Uint8Array(size + 1)
  let domains = 0
  // All have been met: no node can add another.
  for (let index = 0; index < nodes.length && domains <= size; index++) {
    const domain = (domainOf[nodes[index]?.slot ?? 0] ?? NOWHERE) + 1
    if (seen[domain] === 0) domains++
    seen[domain] = 1
  }
  return domains
}

const weigh = ({ cluster, pod }: ScoreRequest, scored: ReadonlyArray<CachedNode>, requireAll: boolean) => {
  const constraints = constraintsOf(pod, cluster, "ScheduleAnyway")
  return (constraint: Constraint): Weighed => {
    const { topologyKey } = constraint
    const pods = podsOf(cluster, constraint, pod.class.namespace)
    const isHost = topologyKey === HOSTNAME
    const mask: NodeMask = isHost ? EVERY_NODE : maskOf(pod, constraint, requireAll ? constraints : [])
    const topology = cluster.census.topology(topologyKey)
    const size = isHost ? scored.length : domainsAmong(topology, scored)
    return {
      constraint,
      pods,
      domains: isHost ? undefined : cluster.census.count(pods, topologyKey, mask),
      weight: Math.log(size + 2),
      topologyOf: topology.domainOf
    }
  }
}

/** Half away from zero, as Go's math.Round does; there are no negative scores. */
const round = (score: number): number => Math.floor(score + 0.5)

const scoreOf = (weighed: ReadonlyArray<Weighed>, slot: number): number => {
  let score = 0
  for (const { constraint, domains, pods, topologyOf, weight } of weighed) {
    if (topologyOf[slot] === NOWHERE) continue
    const count = domains === undefined ? (pods.perNode[slot] ?? 0) : domains.at(slot)
    score += count * weight + (constraint.maxSkew - 1)
  }
  return round(score)
}

const IGNORED = -1

/** The fewest pods are the best: from 100; a node without all the labels gets 0. */
const normalize = (scores: Float64Array, count: number): void => {
  let [least, most] = [Number.POSITIVE_INFINITY, 0]
  for (let index = 0; index < count; index++) {
    const score = scores[index] ?? 0
    if (score === IGNORED) continue
    if (score < least) least = score
    if (score > most) most = score
  }
  for (let index = 0; index < count; index++) {
    const score = scores[index] ?? 0
    if (score === IGNORED) scores[index] = 0
    else scores[index] = most === 0 ? MAX_NODE_SCORE : Math.trunc((MAX_NODE_SCORE * (most + least - score)) / most)
  }
}

export const podTopologySpread: ScorePlugin = {
  name: "PodTopologySpread",
  weight: 2,
  prepare: (request) => {
    const { cluster, nodes, pod } = request
    const constraints = constraintsOf(pod, cluster, "ScheduleAnyway")
    if (constraints.length === 0) return undefined
    const requireAll = !isSystemDefaulted(pod)
    const isScored = ({ node }: CachedNode): boolean => !requireAll || hasAllKeys(node, constraints)
    const scored = requireAll ? nodes.filter(isScored) : nodes
    const weighed = constraints.map(weigh(request, scored, requireAll))
    return {
      score: requireAll
        ? (node) => (isScored(node) ? scoreOf(weighed, node.slot) : IGNORED)
        : ({ slot }) => scoreOf(weighed, slot),
      normalize
    }
  }
}

const isInvolved = (other: PodInfo, pod: PodInfo): boolean =>
  other.uid === pod.uid ||
  (((other.pod.spec.nodeName ?? "") !== "" || (other.pod.status.nominatedNodeName ?? "") !== "") &&
    other.class.namespace === pod.class.namespace)

/** isSchedulableAfterPodChange: `before` is absent for a pod that came, `after` for one that went. */
export const spreadHintOfPod = (
  pod: PodInfo,
  before: PodInfo | undefined,
  after: PodInfo | undefined,
  cluster: SchedulerCache
): boolean => {
  if (before !== undefined && !isInvolved(before, pod)) return false
  if (after !== undefined && !isInvolved(after, pod)) return false
  const constraints = constraintsOf(pod, cluster, "DoNotSchedule")
  const matches = (constraint: Constraint, other: PodInfo): boolean =>
    selectsLabels(constraint.selector, other.class.labels)
  if (before !== undefined && after !== undefined) {
    const tolerates = !jsonEqual(before.pod.spec.tolerations ?? [], after.pod.spec.tolerations ?? [])
    if (after.uid === pod.uid && tolerates && constraints.some(({ honorsTaints }) => honorsTaints)) return true
    return constraints.some((constraint) => matches(constraint, before) !== matches(constraint, after))
  }
  const other = after ?? before
  return other !== undefined && constraints.some((constraint) => matches(constraint, other))
}

/** isSchedulableAfterNodeChange: `before` is absent for a node that came, `after` for one that went. */
export const spreadHintOfNode = (
  pod: PodInfo,
  before: NodeObject | undefined,
  after: NodeObject | undefined,
  cluster: SchedulerCache
): boolean => {
  const constraints = constraintsOf(pod, cluster, "DoNotSchedule")
  const had = before !== undefined && hasAllKeys(before, constraints)
  const has = after !== undefined && hasAllKeys(after, constraints)
  if (before === undefined || after === undefined) return had || has
  if (had !== has) return true
  const [old, now]: [Labels, Labels] = [before.metadata.labels ?? {}, after.metadata.labels ?? {}]
  return (
    has &&
    (constraints.some(({ topologyKey }) => old[topologyKey] !== now[topologyKey]) ||
      !jsonEqual(before.spec.taints ?? [], after.spec.taints ?? []))
  )
}
