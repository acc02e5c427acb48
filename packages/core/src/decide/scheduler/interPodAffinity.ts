/**
 * Pods that want to be near others, or far from them (`pkg/scheduler/framework/plugins/interpodaffinity`). The tables of
 * PreFilter and PreScore are not made for each pod: the census keeps them.
 */
import type { Labels } from "../client/labelSelector.ts"
import {
  type AffinityTerm,
  type Labelled,
  matchesAllTerms,
  matchesTerm,
  type NamespaceLabels
} from "./affinityTerms.ts"
import type { Selection } from "./Census.ts"
import type { PodChanges, PodInfo } from "./NodeInfo.ts"
import { type CycleFilter, MAX_NODE_SCORE, type Rejection, type ScorePlugin } from "./Plugin.ts"
import type { PodClass } from "./PodClass.ts"
import type { SchedulerCache } from "./SchedulerCache.ts"
import type { DomainCounts } from "./Topology.ts"

/** What a pod's required affinity to a pod that comes is worth to that one (defaultHardPodAffinityWeight). */
const HARD_POD_AFFINITY_WEIGHT = 1

const rejection = (reason: string, resolvable: boolean): Rejection => ({
  plugin: "InterPodAffinity",
  reasons: [reason],
  resolvable
})
const AFFINITY = rejection("node(s) didn't match pod affinity rules", false)
const ANTI_AFFINITY = rejection("node(s) didn't match pod anti-affinity rules", true)
const EXISTING = rejection("node(s) didn't satisfy existing pods anti-affinity rules", true)

export const namespaceLabels =
  ({ objects }: SchedulerCache): NamespaceLabels =>
  (namespace) =>
    (objects.get("Namespace", "", namespace)?.metadata.labels as Labels | undefined) ?? {}

/** Pods that one rule asks for, counted by the topology of a term. */
interface Counted {
  readonly pods: Selection
  readonly domains: DomainCounts
}

/** What the changes of a node make of the number of such pods in its domain. */
const changed = (pods: Selection, changes: PodChanges | undefined): number =>
  changes?.reduce((sum, [pod, sign]) => sum + (pods.matches(pod.class) ? sign : 0), 0) ?? 0

const has = ({ domains, pods }: Counted, slot: number, changes: PodChanges | undefined): boolean =>
  domains.topology.domainOf[slot] !== -1 && domains.at(slot) + changed(pods, changes) > 0

const select = (cluster: SchedulerCache, term: AffinityTerm): Selection => {
  const labelsOf = namespaceLabels(cluster)
  return cluster.census.select(`term ${term.key}`, (pod) => matchesTerm(term, pod, labelsOf))
}

/** The affinity terms of others that mean this pod, by what they say. */
interface Concerned {
  readonly requiredAnti: ReadonlyArray<Concern>
  readonly weighted: ReadonlyArray<Concern>
}

interface Concern {
  /** The pods whose term it is. */
  readonly pods: Selection
  readonly topologyKey: string
  readonly weight: number
}

const concernOf = (cluster: SchedulerCache, pod: Labelled): Concerned => {
  const labelsOf = namespaceLabels(cluster)
  const [requiredAnti, weighted]: [Array<Concern>, Array<Concern>] = [[], []]
  for (const { affinity, pods } of cluster.census.groups) {
    const concern = (term: AffinityTerm, weight: number, to: Array<Concern>): void => {
      if (matchesTerm(term, pod, labelsOf)) to.push({ pods, topologyKey: term.topologyKey, weight })
    }
    for (const term of affinity.requiredAnti) concern(term, 0, requiredAnti)
    for (const term of affinity.required) concern(term, HARD_POD_AFFINITY_WEIGHT, weighted)
    for (const { term, weight } of affinity.preferred) concern(term, weight, weighted)
  }
  return { requiredAnti, weighted }
}

const concerns = new WeakMap<PodClass, { readonly cluster: SchedulerCache; readonly version: number; of: Concerned }>()

/** Which terms mean a pod is the same for its class, as long as nobody comes with another term. */
const concernedBy = (cluster: SchedulerCache, pod: PodClass): Concerned => {
  const known = concerns.get(pod)
  if (known?.cluster === cluster && known.version === cluster.census.groupsVersion) return known.of
  const of = concernOf(cluster, pod)
  concerns.set(pod, { cluster, version: cluster.census.groupsVersion, of })
  return of
}

interface State {
  readonly self: boolean
  readonly affinity: ReadonlyArray<Counted>
  readonly anti: ReadonlyArray<Counted>
  readonly existing: ReadonlyArray<Counted>
}

/** The first pod of those that want to be together may go anywhere where all the topologies are (satisfyPodAffinity). */
const satisfiesAffinity = ({ affinity, self }: State, slot: number, changes: PodChanges | undefined): boolean => {
  let together = true
  for (const counted of affinity) {
    if (counted.domains.topology.domainOf[slot] === -1) return false
    if (!has(counted, slot, changes)) together = false
  }
  return together || (self && affinity.every(({ domains, pods }) => domains.total + changed(pods, changes) === 0))
}

const check = (state: State, slot: number, changes: PodChanges | undefined): Rejection | undefined => {
  if (!satisfiesAffinity(state, slot, changes)) return AFFINITY
  for (const counted of state.anti) if (has(counted, slot, changes)) return ANTI_AFFINITY
  for (const counted of state.existing) if (has(counted, slot, changes)) return EXISTING
  return undefined
}

/** Of the pods that match all the terms, for each term's topology. */
const togetherWith = (cluster: SchedulerCache, terms: ReadonlyArray<AffinityTerm>): ReadonlyArray<Counted> => {
  if (terms.length === 0) return []
  const labelsOf = namespaceLabels(cluster)
  const key = `all ${JSON.stringify(terms.map((term) => term.key))}`
  const pods = cluster.census.select(key, (pod) => matchesAllTerms(terms, pod, labelsOf))
  return terms.map(({ topologyKey }) => ({ pods, domains: cluster.census.count(pods, topologyKey) }))
}

/** PreFilter; `undefined` when nobody has anything to say (Skip). */
export const filterInterPodAffinity = (pod: PodInfo, cluster: SchedulerCache): CycleFilter | undefined => {
  const { required, requiredAnti } = pod.class.affinity
  const existing = concernedBy(cluster, pod.class)
    .requiredAnti.map(({ pods, topologyKey }) => ({ pods, domains: cluster.census.count(pods, topologyKey) }))
    .filter(({ domains }) => domains.total > 0)
  if (existing.length === 0 && required.length === 0 && requiredAnti.length === 0) return undefined
  const state: State = {
    self: matchesAllTerms(required, pod.class, namespaceLabels(cluster)),
    affinity: togetherWith(cluster, required),
    anti: requiredAnti.map((term) => {
      const pods = select(cluster, term)
      return { pods, domains: cluster.census.count(pods, term.topologyKey) }
    }),
    existing
  }
  return ({ slot }, changes) => check(state, slot, changes)
}

/** From 0 for the least to 100 for the most; all 0 when they are equal. */
const normalize = (scores: Float64Array, count: number): void => {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let index = 0; index < count; index++) {
    least = Math.min(least, scores[index] ?? 0)
    most = Math.max(most, scores[index] ?? 0)
  }
  const span = most - least
  for (let index = 0; index < count; index++) {
    scores[index] = span > 0 ? Math.trunc(MAX_NODE_SCORE * (((scores[index] ?? 0) - least) / span)) : 0
  }
}

export const interPodAffinity: ScorePlugin = {
  name: "InterPodAffinity",
  weight: 2,
  prepare: ({ pod, cluster }) => {
    const own = pod.class.affinity.preferred.map(({ term, weight }) => ({
      pods: select(cluster, term),
      topologyKey: term.topologyKey,
      weight
    }))
    const weighed = [...own, ...concernedBy(cluster, pod.class).weighted]
      .map(({ pods, topologyKey, weight }) => ({ domains: cluster.census.count(pods, topologyKey), weight }))
      .filter(({ domains }) => domains.total > 0)
    if (weighed.length === 0) return undefined
    return {
      score: ({ slot }) => {
        let sum = 0
        for (const { domains, weight } of weighed) sum += weight * domains.at(slot)
        return sum
      },
      normalize
    }
  }
}

/** Is a pod without a node of any account here? Only if one is kept for it. */
const isNowhere = ({ spec, status }: PodInfo["pod"]): boolean =>
  (spec.nodeName ?? "") === "" && (status.nominatedNodeName ?? "") === ""

const termsOf = ({ class: { affinity } }: PodInfo) => affinity

/** isSchedulableAfterPodChange: `before` is absent for a pod that came, `after` for one that went. */
export const affinityHintOfPod = (
  pod: PodInfo,
  before: PodInfo | undefined,
  after: PodInfo | undefined,
  labelsOf: NamespaceLabels
): boolean => {
  if (before !== undefined && after !== undefined && after.uid === pod.uid) return true
  if ((after !== undefined && isNowhere(after.pod)) || (before !== undefined && isNowhere(before.pod))) return false
  const { required, requiredAnti } = termsOf(pod)
  const matches = (terms: ReadonlyArray<AffinityTerm>, other: PodInfo): boolean =>
    matchesAllTerms(terms, other.class, labelsOf)
  if (before !== undefined && after !== undefined) {
    return (
      (!matches(required, before) && matches(required, after)) ||
      (matches(requiredAnti, before) && !matches(requiredAnti, after))
    )
  }
  if (after !== undefined) return matches(required, after)
  return before !== undefined && (matches(requiredAnti, before) || matches(termsOf(before).requiredAnti, pod))
}

/** isSchedulableAfterNodeChange: `before` is absent for a node that came. */
export const affinityHintOfNode = (pod: PodInfo, before: Labels | undefined, after: Labels): boolean => {
  const { required, requiredAnti } = termsOf(pod)
  if (before === undefined)
    return requiredAnti.length > 0 || required.some(({ topologyKey }) => Object.hasOwn(after, topologyKey))
  const moved = (key: string): boolean =>
    Object.hasOwn(before, key) && Object.hasOwn(after, key) && before[key] !== after[key]
  return (
    required.some(({ topologyKey: key }) => (!Object.hasOwn(before, key) && Object.hasOwn(after, key)) || moved(key)) ||
    requiredAnti.some(
      ({ topologyKey: key }) => (Object.hasOwn(before, key) && !Object.hasOwn(after, key)) || moved(key)
    )
  )
}
