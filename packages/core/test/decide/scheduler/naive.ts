/**
 * Affinity and spread as Kubernetes' source has them: every time all nodes and all their pods are looked at. What the cached
 * scheduler is held against.
 */
import { matchesAllTerms, matchesTerm } from "../../../src/decide/scheduler/affinityTerms.ts"
import type { NodeInfo, PodInfo } from "../../../src/decide/scheduler/NodeInfo.ts"
import { matchesRequired } from "../../../src/decide/scheduler/nodeAffinity.ts"
import { isUntolerated } from "../../../src/decide/scheduler/taintToleration.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { selects } from "../../../src/index.ts"

export interface World {
  readonly nodes: ReadonlyArray<NodeInfo>
  readonly labelsOf: (namespace: string) => { readonly [key: string]: string }
}

const labels = ({ node }: NodeInfo): { readonly [key: string]: string } => node.metadata.labels ?? {}

class Pairs extends Map<string, number> {
  add(node: NodeInfo, key: string, count: number): void {
    if (!Object.hasOwn(labels(node), key)) return
    const pair = `${key}=${labels(node)[key]}`
    this.set(pair, (this.get(pair) ?? 0) + count)
  }
  of(node: NodeInfo, key: string): number {
    return this.get(`${key}=${labels(node)[key]}`) ?? 0
  }
}

export const naiveAffinity = (pod: PodInfo, { labelsOf, nodes }: World): ((node: NodeInfo) => string | undefined) => {
  const { required, requiredAnti } = pod.class.affinity
  const [existing, affinity, anti] = [new Pairs(), new Pairs(), new Pairs()]
  for (const node of nodes) {
    for (const other of node.pods.values()) {
      for (const term of other.class.affinity.requiredAnti)
        if (matchesTerm(term, pod.class, labelsOf)) existing.add(node, term.topologyKey, 1)
      if (matchesAllTerms(required, other.class, labelsOf))
        for (const term of required) affinity.add(node, term.topologyKey, 1)
      for (const term of requiredAnti) if (matchesTerm(term, other.class, labelsOf)) anti.add(node, term.topologyKey, 1)
    }
  }
  return (node) => {
    const there = required.every(({ topologyKey }) => Object.hasOwn(labels(node), topologyKey))
    const together = required.every(({ topologyKey }) => affinity.of(node, topologyKey) > 0)
    const first = affinity.size === 0 && matchesAllTerms(required, pod.class, labelsOf)
    if (!there || !(together || first)) return "node(s) didn't match pod affinity rules"
    if (requiredAnti.some(({ topologyKey }) => anti.of(node, topologyKey) > 0))
      return "node(s) didn't match pod anti-affinity rules"
    return Object.keys(labels(node)).some((key) => existing.of(node, key) > 0)
      ? "node(s) didn't satisfy existing pods anti-affinity rules"
      : undefined
  }
}

export const naiveAffinityScores = (pod: PodInfo, { labelsOf, nodes }: World): ReadonlyArray<number> => {
  const pairs = new Pairs()
  for (const node of nodes) {
    for (const other of node.pods.values()) {
      for (const { term, weight } of pod.class.affinity.preferred)
        if (matchesTerm(term, other.class, labelsOf)) pairs.add(node, term.topologyKey, weight)
      for (const term of other.class.affinity.required)
        if (matchesTerm(term, pod.class, labelsOf)) pairs.add(node, term.topologyKey, 1)
      for (const { term, weight } of other.class.affinity.preferred)
        if (matchesTerm(term, pod.class, labelsOf)) pairs.add(node, term.topologyKey, weight)
    }
  }
  return nodes.map((node) => Object.keys(labels(node)).reduce((sum, key) => sum + pairs.of(node, key), 0))
}

const constraints = (pod: PodInfo, action: string): ReadonlyArray<JsonObject> =>
  ((pod.pod.spec["topologySpreadConstraints"] ?? []) as ReadonlyArray<JsonObject>).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === action
  )

const counted = (pod: PodInfo, node: NodeInfo, constraint: JsonObject, all: ReadonlyArray<JsonObject>): boolean =>
  all.every(({ topologyKey }) => Object.hasOwn(labels(node), String(topologyKey))) &&
  (constraint["nodeAffinityPolicy"] === "Ignore" || matchesRequired(pod.pod.spec, node.node)) &&
  (constraint["nodeTaintsPolicy"] !== "Honor" || !isUntolerated(node.node, pod.pod.spec.tolerations))

const matching = (pod: PodInfo, node: NodeInfo, { labelSelector }: JsonObject): number =>
  [...node.pods.values()].filter(
    (other) =>
      !other.class.terminating &&
      other.class.namespace === pod.class.namespace &&
      selects(labelSelector, other.class.labels)
  ).length

const domains = (pod: PodInfo, nodes: ReadonlyArray<NodeInfo>, all: ReadonlyArray<JsonObject>) =>
  all.map((constraint) => {
    const counts = new Map<string, number>()
    for (const node of nodes) {
      if (!counted(pod, node, constraint, all)) continue
      const value = labels(node)[String(constraint["topologyKey"])] ?? ""
      counts.set(value, (counts.get(value) ?? 0) + matching(pod, node, constraint))
    }
    return { constraint, counts }
  })

export const naiveSpread = (pod: PodInfo, { nodes }: World): ((node: NodeInfo) => string | undefined) => {
  const all = domains(pod, nodes, constraints(pod, "DoNotSchedule"))
  return (node) => {
    for (const { constraint, counts } of all) {
      const key = String(constraint["topologyKey"])
      if (!Object.hasOwn(labels(node), key))
        return "node(s) didn't match pod topology spread constraints (missing required label)"
      const least = counts.size < Number(constraint["minDomains"] ?? 1) ? 0 : Math.min(...counts.values())
      const self = selects(constraint["labelSelector"], pod.class.labels) ? 1 : 0
      if ((counts.get(labels(node)[key] ?? "") ?? 0) + self - least > Number(constraint["maxSkew"]))
        return "node(s) didn't match pod topology spread constraints"
    }
    return undefined
  }
}

/** Before they are turned round; `undefined` for a node that is not scored. */
export const naiveSpreadScores = (
  pod: PodInfo,
  { nodes }: World,
  feasible: ReadonlyArray<NodeInfo>
): ReadonlyArray<number | undefined> => {
  const soft = constraints(pod, "ScheduleAnyway")
  const isScored = (node: NodeInfo): boolean =>
    soft.every(({ topologyKey }) => Object.hasOwn(labels(node), String(topologyKey)))
  const scored = feasible.filter(isScored)
  const all = domains(pod, nodes, soft)
  return feasible.map((node) => {
    if (!isScored(node)) return undefined
    const score = all.reduce((sum, { constraint, counts }) => {
      const key = String(constraint["topologyKey"])
      const isHost = key === "kubernetes.io/hostname"
      const size = isHost ? scored.length : new Set(scored.map((one) => labels(one)[key])).size
      const count = isHost ? matching(pod, node, constraint) : (counts.get(labels(node)[key] ?? "") ?? 0)
      return sum + count * Math.log(size + 2) + (Number(constraint["maxSkew"]) - 1)
    }, 0)
    return Math.round(score)
  })
}
