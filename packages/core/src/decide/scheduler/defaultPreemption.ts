/**
 * Making room for a pod of higher priority (`pkg/scheduler/framework/plugins/defaultpreemption`, `framework/preemption`): which
 * pods of which node would have to go. What is done with them is the executor's affair.
 */
import { parseInstant } from "../../event/Instant.ts"
import type { KubernetesObject, PodObject } from "../../event/KubernetesObject.ts"
import { integer, mapping } from "../apiserver/fields.ts"
import { selects } from "../client/labelSelector.ts"
import type { NodeFilter } from "./findNodes.ts"
import { fitError } from "./fitError.ts"
import type { PodChanges, PodInfo } from "./NodeInfo.ts"
import type { Rejection } from "./Plugin.ts"
import type { CachedNode } from "./Topology.ts"

const NOT_HELPFUL = "Preemption is not helpful for scheduling"
const NO_VICTIMS = "No preemption victims found for incoming pod"

/** MinCandidateNodesPercentage and MinCandidateNodesAbsolute (C-226). */
const MIN_CANDIDATES_PERCENTAGE = 10
const MIN_CANDIDATES = 100

/** A node, and whom to evict there. */
export interface Candidate {
  readonly node: string
  /** The most important first. */
  readonly victims: ReadonlyArray<PodInfo>
  /** How many of them their budgets would keep. */
  readonly violations: number
}

export interface Preemption {
  /** Where to make room; absent if that would not help, or may not be. */
  readonly candidate?: Candidate
  /** Part of FailedScheduling's message; empty with a candidate. */
  readonly message: string
  /** It may not preempt at all: then a node that was kept for it before stays so. */
  readonly isEligible: boolean
}

/** Since when it has been on its node; one that has not started there is the youngest (GetPodStartTime). */
const startOf = ({ status }: PodObject): number =>
  status.startTime === undefined
    ? Number.POSITIVE_INFINITY
    : (parseInstant(status.startTime) ?? Number.POSITIVE_INFINITY)

/** Higher priority, then longer there (MoreImportantPod); the same: 0. */
const byImportance = (a: PodInfo, b: PodInfo): number => {
  if (a.priority !== b.priority) return b.priority - a.priority
  const [since, other] = [startOf(a.pod), startOf(b.pod)]
  return since === other ? 0 : since - other
}

interface Allowance {
  readonly budget: KubernetesObject
  left: number
}

const isMeant = ({ budget }: Allowance, { class: of, pod }: PodInfo): boolean => {
  const selector = mapping(budget, "spec")["selector"]
  const disrupted = mapping(mapping(budget, "status"), "disruptedPods")
  return (
    budget.metadata.namespace === of.namespace &&
    !isEverything(selector) &&
    selects(selector, of.labels) &&
    !Object.hasOwn(disrupted, pod.metadata.name)
  )
}

/** An empty selector means nothing here. */
const isEverything = (selector: unknown): boolean =>
  Object.values((selector ?? {}) as object).every((part) => Object.keys(part as object).length === 0)

/** Which of the pods their budgets would keep: they take what the budgets allow in turn (filterPodsWithPDBViolation). */
const violating = (pods: ReadonlyArray<PodInfo>, budgets: ReadonlyArray<KubernetesObject>): ReadonlySet<PodInfo> => {
  const allowances = budgets.map(
    (budget): Allowance => ({ budget, left: integer(mapping(budget, "status"), "disruptionsAllowed") ?? 0 })
  )
  const kept = new Set<PodInfo>()
  for (const pod of pods) {
    if (Object.keys(pod.class.labels).length === 0) continue
    for (const allowance of allowances) {
      if (!isMeant(allowance, pod)) continue
      allowance.left--
      if (allowance.left < 0) kept.add(pod)
    }
  }
  return kept
}

/** SelectVictimsOnNode (C-253, C-254): whoever must go, or what stands in the way even so. */
const selectVictims = (
  filter: NodeFilter,
  node: CachedNode,
  budgets: ReadonlyArray<KubernetesObject>
): Candidate | ReadonlyArray<string> => {
  const lower = [...node.pods.values()].filter(({ priority }) => priority < filter.pod.priority)
  if (lower.length === 0) return [NO_VICTIMS]
  const gone = new Set(lower)
  const changes = (): PodChanges => [...gone].map((pod) => [pod, -1] as const)
  const rejection = filter.askChanged(node, changes())
  if (rejection !== undefined) return rejection.reasons
  const ranked = lower.toSorted(byImportance)
  const kept = violating(ranked, budgets)
  const reprieved = (pod: PodInfo): boolean => {
    gone.delete(pod)
    if (filter.askChanged(node, changes()) === undefined) return true
    gone.add(pod)
    return false
  }
  const first = ranked.filter((pod) => kept.has(pod) && !reprieved(pod))
  const rest = ranked.filter((pod) => !kept.has(pod) && !reprieved(pod))
  return { node: node.name, victims: [...first, ...rest].sort(byImportance), violations: first.length }
}

/** The earliest start among the victims of the highest priority. */
const earliest = ({ victims }: Candidate): number => {
  const highest = Math.max(...victims.map(({ priority }) => priority))
  return Math.min(...victims.filter(({ priority }) => priority === highest).map(({ pod }) => startOf(pod)))
}

/** Makes all priorities positive, so that many victims are never better than one. */
const SHIFT = 2 ** 31

/** What is preferred, the more the larger (pickOneNodeForPreemption; C-255). */
const preferences: ReadonlyArray<(candidate: Candidate) => number> = [
  ({ violations }) => -violations,
  ({ victims }) => -(victims[0]?.priority ?? 0),
  ({ victims }) => -victims.reduce((sum, { priority }) => sum + priority + SHIFT, 0),
  ({ victims }) => -victims.length,
  earliest
]

/** Between equals, where Kubernetes takes what its map gives first, the first name. */
const pick = (candidates: ReadonlyArray<Candidate>): Candidate | undefined => {
  let left = candidates
  for (const prefer of preferences) {
    const best = Math.max(...left.map(prefer))
    left = left.filter((candidate) => prefer(candidate) === best)
  }
  return left.toSorted((a, b) => (a.node < b.node ? -1 : 1))[0]
}

const isTerminatingByPreemption = ({ metadata, status }: PodObject): boolean => {
  const target = status.conditions?.find(({ type }) => type === "DisruptionTarget")
  return (
    metadata.deletionTimestamp !== undefined && target?.status === "True" && target.reason === "PreemptionByScheduler"
  )
}

/** Why it must not preempt (PodEligibleToPreemptOthers). */
const ineligible = ({ cluster, pod }: NodeFilter, rejections: ReadonlyMap<string, Rejection>): string | undefined => {
  if (pod.pod.spec["preemptionPolicy"] === "Never") return "not eligible due to preemptionPolicy=Never."
  const nominated = pod.pod.status.nominatedNodeName ?? ""
  if (nominated === "" || rejections.get(nominated)?.resolvable === false) return undefined
  const pods = [...(cluster.getNode(nominated)?.pods.values() ?? [])]
  return pods.some((other) => other.priority < pod.priority && isTerminatingByPreemption(other.pod))
    ? "not eligible due to a terminating pod on the nominated node."
    : undefined
}

export interface PreemptOptions {
  /** What each node said, by its name; a node that is not in there was not asked. */
  readonly rejections: ReadonlyMap<string, Rejection>
  readonly budgets: ReadonlyArray<KubernetesObject>
  /** A draw in [0, 1): at which of the nodes to begin, where there are so many that not all are tried (C-256). */
  readonly offset: number
}

export const preempt = (filter: NodeFilter, { budgets, offset, rejections }: PreemptOptions): Preemption => {
  const no = ineligible(filter, rejections)
  if (no !== undefined) return { message: `preemption: ${no}`, isEligible: false }
  const { nodes } = filter.cluster
  const potential = nodes.filter(({ name }) => rejections.get(name)?.resolvable === true)
  const wanted = Math.min(
    potential.length,
    Math.max(Math.trunc((potential.length * MIN_CANDIDATES_PERCENTAGE) / 100), MIN_CANDIDATES)
  )
  const first = Math.floor(offset * potential.length)
  const [free, kept, reasons]: [Array<Candidate>, Array<Candidate>, Array<string>] = [[], [], []]
  for (let index = 0; index < potential.length; index++) {
    const node = potential[(first + index) % potential.length]
    const found = node === undefined ? [] : selectVictims(filter, node, budgets)
    if (!("victims" in found)) {
      reasons.push(...found)
      continue
    }
    ;(found.violations === 0 ? free : kept).push(found)
    if (free.length > 0 && free.length + kept.length >= wanted) break
  }
  // Of each sort no more are remembered than are wanted (newCandidateList).
  const candidate = pick([...free, ...kept.slice(0, wanted)])
  if (candidate !== undefined) return { candidate, message: "", isEligible: true }
  for (let index = potential.length; index < nodes.length; index++) reasons.push(NOT_HELPFUL)
  return { message: `preemption: ${fitError({ nodes: nodes.length, reasons })}`, isEligible: true }
}
