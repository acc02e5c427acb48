/** Jobs whose pods have numbers (`pkg/controller/job/indexed_job_utils.go`; C-300, C-302). */
import { Result } from "effect"
import { atoi } from "../../../event/atoi.ts"
import type { JobObject } from "../../../event/BatchObjects.ts"
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { activePodOrder } from "../rankPodsToDelete.ts"
import { hasTrackingFinalizer, isPodFailed } from "./jobPods.ts"
import { type OrderedIntervals, parseIndexes, withIndexes } from "./OrderedIntervals.ts"
import { finishedTime } from "./podBackoff.ts"
import { matchPodFailurePolicy } from "./podFailurePolicy.ts"

/** Annotation and label of each pod of an indexed Job. */
export const COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index"

/** How often pods of the index failed before this one, and how often of these the policy ignored it. */
export const INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count"
export const INDEX_IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count"

const MAX_INT32 = 2 ** 31 - 1

/** No index; before all others in their order. */
export const UNKNOWN_INDEX = -1

export const isIndexed = ({ spec }: JobObject): boolean => spec.completionMode === "Indexed"

export const hasBackoffLimitPerIndex = ({ spec }: JobObject): boolean => spec.backoffLimitPerIndex !== undefined

/** getCompletionIndex: by the annotation. */
export const completionIndex = ({ metadata }: PodObject): number => {
  const read = atoi(metadata.annotations?.[COMPLETION_INDEX] ?? "")
  return Result.isSuccess(read) && read.success >= 0 ? read.success : UNKNOWN_INDEX
}

/** Is it one that the Job has (any more)? */
export const hasValidIndex = (pod: PodObject, { spec }: JobObject): boolean => {
  const index = completionIndex(pod)
  return index !== UNKNOWN_INDEX && index < (spec.completions ?? 0)
}

export const byCompletionIndex = (a: PodObject, b: PodObject): number => completionIndex(a) - completionIndex(b)

const count = ({ metadata }: PodObject, annotation: string): number => {
  const read = atoi(metadata.annotations?.[annotation] ?? "0")
  return Result.isSuccess(read) && read.success >= 0 && read.success <= MAX_INT32 ? read.success : 0
}

/** All failures of the index before this pod, the ignored ones too. */
export const absoluteFailures = (pod: PodObject): number =>
  count(pod, INDEX_FAILURES) + count(pod, INDEX_IGNORED_FAILURES)

/** The counts for the pod that replaces another; the first of an index has none. */
export const nextFailureCounts = (
  { spec }: JobObject,
  replaced: PodObject | undefined
): { readonly failures: number; readonly ignored: number } => {
  if (replaced === undefined) return { failures: 0, ignored: 0 }
  const { counts } = matchPodFailurePolicy(spec.podFailurePolicy, replaced)
  return {
    failures: count(replaced, INDEX_FAILURES) + (counts ? 1 : 0),
    ignored: count(replaced, INDEX_IGNORED_FAILURES) + (counts ? 0 : 1)
  }
}

/** What the status says, and that together with what succeeded since (calculateSucceededIndexes). */
export const succeededIndexes = (
  job: JobObject,
  pods: ReadonlyArray<PodObject>
): readonly [before: OrderedIntervals, now: OrderedIntervals] => {
  const before = parseIndexes(job.status.completedIndexes ?? "", job.spec.completions ?? 0)
  const fresh = pods.filter(
    (pod) => pod.status.phase === "Succeeded" && hasTrackingFinalizer(pod) && hasValidIndex(pod, job)
  )
  return [before, withIndexes(before, fresh.map(completionIndex))]
}

const failsItsIndex = (pod: PodObject, job: JobObject): boolean => {
  if (!isPodFailed(pod, job)) return false
  const { action, counts } = matchPodFailurePolicy(job.spec.podFailurePolicy, pod)
  return action === "FailIndex" || (counts && count(pod, INDEX_FAILURES) >= (job.spec.backoffLimitPerIndex ?? 0))
}

/** calculateFailedIndexes. */
export const failedIndexes = (job: JobObject, pods: ReadonlyArray<PodObject>): OrderedIntervals => {
  const before = parseIndexes(job.status.failedIndexes ?? "", job.spec.completions ?? 0)
  const fresh = pods.filter((pod) => hasTrackingFinalizer(pod) && hasValidIndex(pod, job) && failsItsIndex(pod, job))
  return withIndexes(before, fresh.map(completionIndex))
}

export const indexesOf = (pods: ReadonlyArray<PodObject>): ReadonlySet<number> =>
  new Set(pods.map(completionIndex).filter((index) => index !== UNKNOWN_INDEX))

/** firstPendingIndexes: the first `most` below `completions` that are in none of `taken`. */
export const pendingIndexes = (taken: OrderedIntervals, completions: number, most: number): ReadonlyArray<number> => {
  const found: Array<number> = []
  let candidate = 0
  for (const { first, last } of [...taken, { first: completions, last: completions }]) {
    for (; candidate < Math.min(first, completions) && found.length < most; candidate++) found.push(candidate)
    candidate = Math.max(candidate, last + 1)
  }
  return found
}

/** The failed pod whose counts its successor will take over: it keeps its finalizer until then (getPodsWithDelayedDeletionPerIndex). */
export const lastFailedPerIndex = (
  failed: ReadonlyArray<PodObject>,
  settled: (index: number) => boolean
): ReadonlyMap<number, PodObject> => {
  const last = new Map<number, PodObject>()
  for (const pod of failed) {
    const index = completionIndex(pod)
    if (settled(index)) continue
    const before = last.get(index)
    const isLater =
      before === undefined ||
      (absoluteFailures(before) <= absoluteFailures(pod) && finishedTime(pod) >= finishedTime(before))
    if (isLater) last.set(index, pod)
  }
  return last
}

/** appendDuplicatedIndexPodsForRemoval: of each index one pod is left; pods without a valid index go. */
export const duplicatedIndexPods = (
  job: JobObject,
  pods: ReadonlyArray<PodObject>
): { readonly remove: ReadonlyArray<PodObject>; readonly keep: ReadonlyArray<PodObject> } => {
  const byIndex = Map.groupBy([...pods].sort(byCompletionIndex), (pod) =>
    hasValidIndex(pod, job) ? completionIndex(pod) : UNKNOWN_INDEX
  )
  const invalid = byIndex.get(UNKNOWN_INDEX) ?? []
  const ranked = [...byIndex].filter(([index]) => index !== UNKNOWN_INDEX).map(([, same]) => same.sort(activePodOrder))
  return {
    remove: [...invalid, ...ranked.flatMap((same) => same.slice(0, -1))],
    keep: ranked.flatMap((same) => same.slice(-1))
  }
}
