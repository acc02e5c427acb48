/** Which pods go first when there are too many (`pkg/controller/controller_utils.go`, ActivePodsWithRanks; C-269). */
import { type Instant, parseInstant } from "../../event/Instant.ts"
import type { ContainerStatus, PodObject } from "../../event/KubernetesObject.ts"
import { isPodActive, isPodReady, podReadySince } from "./podAvailability.ts"

const phases: { readonly [phase: string]: number } = { Pending: 0, Unknown: 1, Running: 2 }

const NANOSECONDS = 1_000

/** logarithmicRankDiff: ages in powers of two, so that near ones are equal. */
const ageRank = (at: Instant, now: Instant): number => (now > at ? Math.trunc(Math.log2((now - at) * NANOSECONDS)) : -1)

/** GetDeletionCostFromPodAnnotations: what is no number of 32 bits counts as none. */
const deletionCost = ({ metadata }: PodObject): number => {
  const text = metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? "0"
  const cost = /^(0|-[0-9]+|[1-9][0-9]*)$/.test(text) ? Number(text) : 0
  return cost >= -(2 ** 31) && cost < 2 ** 31 ? cost : 0
}

const mostRestarts = (statuses: ReadonlyArray<ContainerStatus>): number =>
  Math.max(0, ...statuses.map(({ restartCount }) => restartCount))

const sidecarRestarts = ({ spec, status }: PodObject): number => {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always")
  const names = new Set(sidecars.map(({ name }) => name))
  return mostRestarts((status.initContainerStatuses ?? []).filter(({ name }) => names.has(name)))
}

/** What decides about a pod, looked up once. */
interface Candidate {
  readonly pod: PodObject
  readonly uid: string
  /** Unassigned before assigned; then by phase, then not ready before ready. */
  readonly state: number
  readonly cost: number
  /** How many active ones of the same owner are on its node. */
  readonly doubled: number
  readonly readySince: Instant | undefined
  readonly restarts: number
  readonly sidecarRestarts: number
  readonly created: Instant
}

const candidateOf = (pod: PodObject, onNode: ReadonlyMap<string, number>): Candidate => {
  const node = pod.spec.nodeName ?? ""
  const readySince = podReadySince(pod)
  return {
    pod,
    uid: pod.metadata.uid ?? "",
    state: (node === "" ? 0 : 6) + 2 * (phases[pod.status.phase ?? ""] ?? 0) + (isPodReady(pod) ? 1 : 0),
    cost: deletionCost(pod),
    doubled: onNode.get(node) ?? 0,
    readySince,
    restarts: mostRestarts(pod.status.containerStatuses ?? []),
    sidecarRestarts: sidecarRestarts(pod),
    created: parseInstant(pod.metadata.creationTimestamp ?? "") ?? (0 as Instant)
  }
}

/** The younger first, by the power of two of its age; within one power by its UID. The same age says nothing. */
const byAge = (a: Candidate, b: Candidate, times: readonly [Instant, Instant], now: Instant): number => {
  if (times[0] === times[1]) return 0
  const difference = ageRank(times[0], now) - ageRank(times[1], now)
  return difference !== 0 ? difference : a.uid < b.uid ? -1 : 1
}

const byReadiness = (a: Candidate, b: Candidate, now: Instant): number =>
  a.readySince === undefined || b.readySince === undefined ? 0 : byAge(a, b, [a.readySince, b.readySince], now)

const byRestarts = (a: Candidate, b: Candidate): number =>
  b.restarts - a.restarts || b.sidecarRestarts - a.sidecarRestarts

const order = (a: Candidate, b: Candidate, now: Instant): number =>
  a.state - b.state ||
  a.cost - b.cost ||
  b.doubled - a.doubled ||
  byReadiness(a, b, now) ||
  byRestarts(a, b) ||
  byAge(a, b, [a.created, b.created], now)

const nowhere: ReadonlyMap<string, number> = new Map()

/** ActivePods: who is not as far, was ready or created later, or restarted more often goes first; costs and siblings do not count. */
export const activePodOrder = (first: PodObject, second: PodObject): number => {
  const [a, b] = [candidateOf(first, nowhere), candidateOf(second, nowhere)]
  return a.state - b.state || (b.readySince ?? 0) - (a.readySince ?? 0) || byRestarts(a, b) || b.created - a.created
}

/**
 * The `count` of `pods` that go. `related`: all pods of the same owner's ReplicaSets; who shares its node with more of them goes
 * sooner. All of them go in the order in which they were given.
 */
export const podsToDelete = (
  pods: ReadonlyArray<PodObject>,
  related: ReadonlyArray<PodObject>,
  count: number,
  now: Instant
): ReadonlyArray<PodObject> => {
  if (count >= pods.length) return pods
  const onNode = new Map<string, number>()
  for (const pod of related)
    if (isPodActive(pod)) onNode.set(pod.spec.nodeName ?? "", (onNode.get(pod.spec.nodeName ?? "") ?? 0) + 1)
  return pods
    .map((pod) => candidateOf(pod, onNode))
    .sort((a, b) => order(a, b, now))
    .slice(0, count)
    .map(({ pod }) => pod)
}
