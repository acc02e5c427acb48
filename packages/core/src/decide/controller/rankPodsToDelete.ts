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

/** The younger first, by the power of two of its age; within one power by its UID. */
const byAge = (a: PodObject, b: PodObject, times: readonly [Instant, Instant], now: Instant): number => {
  const difference = ageRank(times[0], now) - ageRank(times[1], now)
  return difference !== 0 ? difference : (a.metadata.uid ?? "") < (b.metadata.uid ?? "") ? -1 : 1
}

const createdAt = ({ metadata }: PodObject): Instant => parseInstant(metadata.creationTimestamp ?? "") ?? (0 as Instant)

const byStage = (a: PodObject, b: PodObject): number => {
  const [onA, onB] = [a.spec.nodeName ?? "", b.spec.nodeName ?? ""]
  if ((onA === "") !== (onB === "")) return onA === "" ? -1 : 1
  const phase = (phases[a.status.phase ?? ""] ?? 0) - (phases[b.status.phase ?? ""] ?? 0)
  if (phase !== 0) return phase
  return isPodReady(a) === isPodReady(b) ? 0 : isPodReady(a) ? 1 : -1
}

const byReadiness = (a: PodObject, b: PodObject, now: Instant): number => {
  const times = [podReadySince(a), podReadySince(b)] as const
  if (times[0] === undefined || times[1] === undefined || times[0] === times[1]) return 0
  return byAge(a, b, [times[0], times[1]], now)
}

const byRestarts = (a: PodObject, b: PodObject): number => {
  const regular = mostRestarts(b.status.containerStatuses ?? []) - mostRestarts(a.status.containerStatuses ?? [])
  return regular !== 0 ? regular : sidecarRestarts(b) - sidecarRestarts(a)
}

const byCreation = (a: PodObject, b: PodObject, now: Instant): number => {
  const times = [createdAt(a), createdAt(b)] as const
  return times[0] === times[1] ? 0 : byAge(a, b, times, now)
}

/** ActivePods: who is not as far, was ready or created later, or restarted more often goes first; costs and siblings do not count. */
export const activePodOrder = (a: PodObject, b: PodObject): number =>
  byStage(a, b) || (podReadySince(b) ?? 0) - (podReadySince(a) ?? 0) || byRestarts(a, b) || createdAt(b) - createdAt(a)

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
  const rank = (pod: PodObject): number => onNode.get(pod.spec.nodeName ?? "") ?? 0
  const order = (a: PodObject, b: PodObject): number =>
    byStage(a, b) ||
    deletionCost(a) - deletionCost(b) ||
    rank(b) - rank(a) ||
    byReadiness(a, b, now) ||
    byRestarts(a, b) ||
    byCreation(a, b, now)
  return [...pods].sort(order).slice(0, count)
}
