/**
 * How a Job counts its pods without losing one: their UIDs go into the status, then their finalizers go, then they are counted
 * (`pkg/controller/job/job_controller.go`, trackJobStatusAndRemoveFinalizers; C-307, C-308, C-312).
 */
import type { JobStatus, UncountedTerminatedPods } from "../../../event/BatchObjects.ts"
import { type Instant, toTime } from "../../../event/Instant.ts"
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { byCompletionIndex, completionIndex, hasBackoffLimitPerIndex, hasValidIndex, isIndexed } from "./indexedJob.ts"
import { ensureCondition, type Finish, jobCondition, trueCondition } from "./jobConditions.ts"
import { hasTrackingFinalizer, isPodFailed } from "./jobPods.ts"
import { hasIndex, intervalsText, total, withIndexes } from "./OrderedIntervals.ts"
import type { ObservedJob } from "./observeJob.ts"
import { matchPodFailurePolicy } from "./podFailurePolicy.ts"

/** MaxUncountedPods: so many UIDs in the status, so that it stays small. */
const MOST_UNCOUNTED = 500

export interface Tracked {
  readonly status: JobStatus
  /** Does the status have to be written before the finalizers go? */
  readonly changed: boolean
  /** Pods whose finalizers may go when it is written. */
  readonly release: ReadonlyArray<PodObject>
  /** UIDs of pods that still have theirs. */
  readonly held: ReadonlySet<string>
  /** `Complete` or `Failed`, as far as nothing is left to be done. */
  readonly finish: Finish | undefined
  /** When that was found. */
  readonly at: Instant
  /** There were too many to count all of them. */
  readonly more: boolean
}

const uidOf = ({ metadata }: PodObject): string => metadata.uid ?? ""

/** cleanUncountedPodsWithoutFinalizers: pods that lost their finalizers are counted now. The same status if there is none. */
export const countReleased = (status: JobStatus, held: ReadonlySet<string>): JobStatus => {
  const { failed = [], succeeded = [] } = status.uncountedTerminatedPods ?? {}
  const left = { succeeded: succeeded.filter((uid) => held.has(uid)), failed: failed.filter((uid) => held.has(uid)) }
  const [counted, failures] = [succeeded.length - left.succeeded.length, failed.length - left.failed.length]
  if (counted === 0 && failures === 0) return status
  return {
    ...status,
    succeeded: (status.succeeded ?? 0) + counted,
    failed: (status.failed ?? 0) + failures,
    uncountedTerminatedPods: left
  }
}

/** canRemoveFinalizer. */
const mayRelease = (
  { job, lastFailed }: ObservedJob,
  pod: PodObject,
  failed: boolean,
  finish: Finish | undefined
): boolean => {
  if (job.metadata.deletionTimestamp !== undefined || finish !== undefined || pod.status.phase === "Succeeded")
    return true
  // Its successor has to read its counts first.
  return failed && !(hasBackoffLimitPerIndex(job) && lastFailed.get(completionIndex(pod)) === pod)
}

interface Counting {
  readonly release: Array<PodObject>
  readonly succeeded: Array<string>
  readonly failed: Array<string>
  readonly indexes: Array<number>
}

const countSuccess = ({ job, succeededBefore, uncounted }: ObservedJob, pod: PodObject, counting: Counting): void => {
  if (!isIndexed(job)) {
    if (!uncounted.succeeded.has(uidOf(pod))) counting.succeeded.push(uidOf(pod))
    return
  }
  // The index says enough: it is not counted twice.
  if (hasValidIndex(pod, job) && !hasIndex(succeededBefore, completionIndex(pod)))
    counting.indexes.push(completionIndex(pod))
}

const countFailure = ({ job, uncounted }: ObservedJob, pod: PodObject, counting: Counting): void => {
  if (uncounted.failed.has(uidOf(pod)) || (isIndexed(job) && !hasValidIndex(pod, job))) return
  if (matchPodFailurePolicy(job.spec.podFailurePolicy, pod).counts) counting.failed.push(uidOf(pod))
}

/** When the Job has failed every pod that has not ended counts as failed. */
const countPods = (
  observed: ObservedJob,
  listed: UncountedTerminatedPods,
  finish: Finish | undefined
): Counting & { readonly more: boolean } => {
  const { job, pods, released, uncounted } = observed
  const counting: Counting = { release: [], succeeded: [], failed: [], indexes: [] }
  const already = (listed.succeeded?.length ?? 0) + (listed.failed?.length ?? 0)
  for (const pod of isIndexed(job) ? [...pods].sort(byCompletionIndex) : pods) {
    if (!hasTrackingFinalizer(pod) || released.has(uidOf(pod))) continue
    const failed = isPodFailed(pod, job)
    if (!mayRelease(observed, pod, failed, finish)) continue
    counting.release.push(pod)
    if (pod.status.phase === "Succeeded" && !uncounted.failed.has(uidOf(pod))) countSuccess(observed, pod, counting)
    else if (failed || (finish !== undefined && finish.type !== "SuccessCriteriaMet"))
      countFailure(observed, pod, counting)
    const size = already + counting.succeeded.length + counting.failed.length + counting.indexes.length
    if (size >= MOST_UNCOUNTED) return { ...counting, more: true }
  }
  return { ...counting, more: false }
}

const indexStatus = (
  { failedIndexes, job, succeededIndexes }: ObservedJob,
  fresh: ReadonlyArray<number>
): Pick<JobStatus, "succeeded" | "completedIndexes" | "failedIndexes"> => {
  if (!isIndexed(job)) return {}
  const indexes = withIndexes(succeededIndexes, fresh)
  return {
    succeeded: total(indexes),
    completedIndexes: intervalsText(indexes),
    ...(failedIndexes === undefined ? {} : { failedIndexes: intervalsText(failedIndexes) })
  }
}

/** The end is announced before the finalizers go, and told when nothing is left. */
const announce = (status: JobStatus, finish: Finish | undefined, now: Instant) => {
  const told = status.conditions ?? []
  if (finish?.type === "FailureTarget")
    return { conditions: [...told, jobCondition(finish, "True", now)], finish: { ...finish, type: "Failed" } as Finish }
  if (finish?.type !== "SuccessCriteriaMet") return { conditions: told, finish }
  const known = trueCondition(status, "SuccessCriteriaMet") !== undefined
  const conditions = known ? told : [...told, jobCondition(finish, "True", now)]
  return { conditions, finish: { ...finish, type: "Complete" } as Finish }
}

/** `status`: of the Job with this sync's numbers of pods; `finish`: why it is over, if it is. */
export const trackStatus = (
  observed: ObservedJob,
  status: JobStatus,
  finish: Finish | undefined,
  now: Instant
): Tracked => {
  const held = new Set(
    observed.pods.filter((pod) => hasTrackingFinalizer(pod) && !observed.released.has(uidOf(pod))).map(uidOf)
  )
  const cleaned = countReleased(status, held)
  const listed = cleaned.uncountedTerminatedPods ?? {}
  const counted = countPods(observed, listed, finish)
  const announced = announce(cleaned, finish, now)
  const indexes = indexStatus(observed, counted.indexes)
  const changed =
    cleaned !== status ||
    counted.succeeded.length + counted.failed.length + counted.indexes.length > 0 ||
    announced.conditions.length !== (status.conditions ?? []).length ||
    (indexes.completedIndexes ?? "") !== (status.completedIndexes ?? "") ||
    (isIndexed(observed.job) && indexes.failedIndexes !== status.failedIndexes)
  return {
    status: {
      ...cleaned,
      ...indexes,
      conditions: announced.conditions,
      uncountedTerminatedPods: {
        succeeded: [...(listed.succeeded ?? []), ...counted.succeeded],
        failed: [...(listed.failed ?? []), ...counted.failed]
      }
    },
    changed,
    release: counted.release,
    held,
    finish: announced.finish,
    at: now,
    more: counted.more
  }
}

/** enactJobFinished: `status`, now that the Job is over; `undefined` while pods are uncounted, or still end. */
export const finishedStatus = (
  status: JobStatus,
  { at, finish, more }: Tracked,
  terminating: number,
  now: Instant
): JobStatus | undefined => {
  const { failed = [], succeeded = [] } = status.uncountedTerminatedPods ?? {}
  if (finish === undefined || more || succeeded.length + failed.length > 0 || terminating > 0) return undefined
  const conditions = ensureCondition(status.conditions ?? [], jobCondition(finish, "True", now))
  return { ...status, conditions, ...(finish.type === "Complete" ? { completionTime: toTime(at) } : {}) }
}
