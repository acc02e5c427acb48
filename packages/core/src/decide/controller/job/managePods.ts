/** Which pods a Job makes or deletes now (`pkg/controller/job/job_controller.go`, manageJob; C-302, C-310, C-312). */
import type { JobObject } from "../../../event/BatchObjects.ts"
import type { Instant, Micros } from "../../../event/Instant.ts"
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { isPodTerminating } from "../podAvailability.ts"
import { activePodOrder } from "../rankPodsToDelete.ts"
import {
  absoluteFailures,
  duplicatedIndexPods,
  hasBackoffLimitPerIndex,
  indexesOf,
  isIndexed,
  pendingIndexes
} from "./indexedJob.ts"
import { isSuspended, replacesOnlyFailedPods } from "./jobPods.ts"
import { merge, withIndexes } from "./OrderedIntervals.ts"
import type { ObservedJob } from "./observeJob.ts"
import { finishedTime, remainingBackoff } from "./podBackoff.ts"

/** MaxPodCreateDeletePerSync. */
const MOST_PODS = 500

export type PodPlan =
  | { readonly what: "nothing" }
  | { readonly what: "delete"; readonly pods: ReadonlyArray<PodObject> }
  /** Nothing until the back-off is over. */
  | { readonly what: "wait"; readonly delay: Micros }
  /** So many; of an indexed Job these indexes. */
  | { readonly what: "create"; readonly count: number; readonly indexes: ReadonlyArray<number> | undefined }

/** activePodsForRemoval: pods in the earlier stages of their lives go first. */
const podsToRemove = (job: JobObject, active: ReadonlyArray<PodObject>, atLeast: number): ReadonlyArray<PodObject> => {
  const { keep, remove } = isIndexed(job) ? duplicatedIndexPods(job, active) : { keep: active, remove: [] }
  if (remove.length >= atLeast) return remove
  return [...remove, ...[...keep].sort(activePodOrder).slice(0, atLeast - remove.length)]
}

const wantedActive = ({ active, job, succeeded }: ObservedJob): number => {
  const { completions, parallelism } = job.spec
  // Without a number of completions the first success ends it: nobody comes in addition.
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism
  return Math.max(Math.min(completions - succeeded, parallelism), 0)
}

const missingIndexes = (observed: ObservedJob, most: number): ReadonlyArray<number> => {
  const { active, failedIndexes = [], job, pods, succeededIndexes } = observed
  const leaving = replacesOnlyFailedPods(job) ? indexesOf(pods.filter(isPodTerminating)) : []
  const taken = merge(withIndexes(withIndexes(succeededIndexes, indexesOf(active)), leaving), failedIndexes)
  return pendingIndexes(taken, job.spec.completions ?? 0, most)
}

/** getPodCreationInfoForIndependentIndexes: the indexes whose back-off is over; if there is none, the shortest wait. */
const independently = (observed: ObservedJob, indexes: ReadonlyArray<number>, now: Instant): PodPlan => {
  const waits = indexes.map((index) => {
    const before = observed.lastFailed.get(index)
    return before === undefined ? 0 : remainingBackoff(absoluteFailures(before) + 1, finishedTime(before), now)
  })
  const due = indexes.filter((_, i) => waits[i] === 0)
  if (due.length === 0 && waits.length > 0) return { what: "wait", delay: Math.min(...waits) }
  return { what: "create", count: due.length, indexes: due }
}

export const managePods = (observed: ObservedJob, now: Instant): PodPlan => {
  const { active, backoff, job, terminating } = observed
  if (isSuspended(job)) return { what: "delete", pods: podsToRemove(job, active, active.length) }
  const wanted = wantedActive(observed)
  const remove = podsToRemove(job, active, Math.max(active.length - wanted, 0)).slice(0, MOST_PODS)
  if (remove.length > 0) return { what: "delete", pods: remove }
  const missing = wanted - active.length - (replacesOnlyFailedPods(job) ? terminating : 0)
  if (missing <= 0) return { what: "nothing" }
  const delay = hasBackoffLimitPerIndex(job)
    ? 0
    : remainingBackoff(backoff.failuresAfterLastSuccess, backoff.lastFailure, now)
  if (delay > 0) return { what: "wait", delay }
  const count = Math.min(missing, MOST_PODS)
  if (!isIndexed(job)) return { what: "create", count, indexes: undefined }
  const indexes = missingIndexes(observed, count)
  return hasBackoffLimitPerIndex(job)
    ? independently(observed, indexes, now)
    : { what: "create", count: indexes.length, indexes }
}
