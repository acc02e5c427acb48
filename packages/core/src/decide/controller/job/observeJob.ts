/** What a sync of a Job starts from (`pkg/controller/job/job_controller.go`, syncJob until the first decision). */
import type { JobObject } from "../../../event/BatchObjects.ts"
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { isPodActive, isPodReady, isPodTerminating } from "../podAvailability.ts"
import {
  failedIndexes,
  hasBackoffLimitPerIndex,
  hasValidIndex,
  indexesOf,
  isIndexed,
  lastFailedPerIndex,
  succeededIndexes
} from "./indexedJob.ts"
import { hasTrackingFinalizer, isPodFailed } from "./jobPods.ts"
import { hasIndex, type OrderedIntervals, total } from "./OrderedIntervals.ts"
import { type BackoffRecord, nextBackoff } from "./podBackoff.ts"
import { matchPodFailurePolicy } from "./podFailurePolicy.ts"

export interface Claimed {
  readonly pods: ReadonlyArray<PodObject>
  /** UIDs of pods whose finalizers are gone, though the caches do not show it yet. */
  readonly released: ReadonlySet<string>
  readonly backoff: BackoffRecord
}

export interface ObservedJob extends Claimed {
  readonly job: JobObject
  readonly active: ReadonlyArray<PodObject>
  readonly ready: number
  readonly terminating: number
  /** By the status: pods that are to be counted when their finalizers are gone. */
  readonly uncounted: { readonly succeeded: ReadonlySet<string>; readonly failed: ReadonlySet<string> }
  /** Counted, to be counted, and new; of an indexed Job how many indexes. */
  readonly succeeded: number
  readonly failed: number
  readonly succeededBefore: OrderedIntervals
  readonly succeededIndexes: OrderedIntervals
  /** Only of a Job with a limit for each index. */
  readonly failedIndexes: OrderedIntervals | undefined
  readonly lastFailed: ReadonlyMap<number, PodObject>
}

const uidOf = ({ metadata }: PodObject): string => metadata.uid ?? ""

/** getValidPodsWithFilter: those that were not counted yet. */
const notCounted = (job: JobObject, { pods, released }: Claimed, uncounted: ReadonlySet<string>) =>
  pods.filter(
    (pod) =>
      hasTrackingFinalizer(pod) &&
      !uncounted.has(uidOf(pod)) &&
      !released.has(uidOf(pod)) &&
      (!isIndexed(job) || hasValidIndex(pod, job))
  )

const counts = (job: JobObject, pod: PodObject): boolean => matchPodFailurePolicy(job.spec.podFailurePolicy, pod).counts

export const observeJob = (job: JobObject, claimed: Claimed): ObservedJob => {
  const { status } = job
  const active = claimed.pods.filter(isPodActive)
  const uncounted = {
    succeeded: new Set(status.uncountedTerminatedPods?.succeeded ?? []),
    failed: new Set(status.uncountedTerminatedPods?.failed ?? [])
  }
  const succeeded = notCounted(job, claimed, uncounted.succeeded).filter((pod) => pod.status.phase === "Succeeded")
  const failed = notCounted(job, claimed, uncounted.failed).filter((pod) => isPodFailed(pod, job))
  const [before, indexes] = isIndexed(job) ? succeededIndexes(job, claimed.pods) : [[], []]
  const perIndex = isIndexed(job) && hasBackoffLimitPerIndex(job)
  const failures = perIndex ? failedIndexes(job, claimed.pods) : undefined
  const busy = perIndex ? indexesOf(active) : new Set<number>()
  const everyFailed = perIndex ? notCounted(job, claimed, new Set()).filter((pod) => isPodFailed(pod, job)) : []
  const settled = (index: number): boolean =>
    hasIndex(indexes, index) || hasIndex(failures ?? [], index) || busy.has(index)
  return {
    ...claimed,
    job,
    active,
    ready: active.filter(isPodReady).length,
    terminating: claimed.pods.filter(isPodTerminating).length,
    uncounted,
    succeeded: isIndexed(job) ? total(indexes) : (status.succeeded ?? 0) + succeeded.length + uncounted.succeeded.size,
    failed: (status.failed ?? 0) + failed.filter((pod) => counts(job, pod)).length + uncounted.failed.size,
    backoff: nextBackoff(claimed.backoff, succeeded, failed),
    succeededBefore: before,
    succeededIndexes: indexes,
    failedIndexes: failures,
    lastFailed: lastFailedPerIndex(everyFailed, settled)
  }
}
