/** Whether a Job is over, and why (`pkg/controller/job/job_controller.go`, syncJob; C-304…C-306). */
import type { JobObject, JobStatus } from "../../../event/BatchObjects.ts"
import { type Instant, later, type Micros, SECOND } from "../../../event/Instant.ts"
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { type Finish, trueCondition } from "./jobConditions.ts"
import { isPodFailed, isSuspended } from "./jobPods.ts"
import { total } from "./OrderedIntervals.ts"
import type { ObservedJob } from "./observeJob.ts"
import { matchPodFailurePolicy } from "./podFailurePolicy.ts"
import { matchSuccessPolicy } from "./successPolicy.ts"

const failure = (reason: string, message: string): Finish => ({ type: "FailureTarget", reason, message })

/** What an earlier sync decided: it stays decided. */
const announced = (status: JobStatus): Finish | undefined => {
  const success = trueCondition(status, "SuccessCriteriaMet")
  const found = success ?? trueCondition(status, "FailureTarget")
  if (found === undefined) return undefined
  const type = success === undefined ? "Failed" : "SuccessCriteriaMet"
  return { type, reason: found.reason ?? "", message: found.message ?? "" }
}

const failedByPolicy = ({ job, pods }: ObservedJob): Finish | undefined => {
  if (job.spec.podFailurePolicy === undefined) return undefined
  for (const pod of pods) {
    const message = isPodFailed(pod, job) ? matchPodFailurePolicy(job.spec.podFailurePolicy, pod).failsJob : undefined
    if (message !== undefined) return failure("PodFailurePolicy", message)
  }
  return undefined
}

const restarts = ({ status }: PodObject): number =>
  [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].reduce(
    (sum, { restartCount }) => sum + restartCount,
    0
  )

/** pastBackoffLimitOnFailure: there containers fail, not pods. */
const restartedTooOften = ({ spec }: JobObject, pods: ReadonlyArray<PodObject>): boolean => {
  if (spec.template.spec.restartPolicy !== "OnFailure") return false
  const alive = pods.filter(({ status }) => status.phase === "Running" || status.phase === "Pending")
  const sum = alive.reduce((all, pod) => all + restarts(pod), 0)
  return spec.backoffLimit === 0 ? sum > 0 : sum >= spec.backoffLimit
}

/** How long the Job may still be active; `undefined`: it has no deadline, or the deadline's time does not run. */
export const timeToDeadline = (job: JobObject, startedAt: Instant | undefined, now: Instant): Micros | undefined => {
  const { activeDeadlineSeconds } = job.spec
  if (activeDeadlineSeconds === undefined || startedAt === undefined || isSuspended(job)) return undefined
  return later(startedAt, activeDeadlineSeconds * SECOND) - now
}

const overItsLimits = ({ failed, job, pods }: ObservedJob, deadline: Micros | undefined): Finish | undefined => {
  if (failed > job.spec.backoffLimit || restartedTooOften(job, pods))
    return failure("BackoffLimitExceeded", "Job has reached the specified backoff limit")
  return deadline !== undefined && deadline <= 0
    ? failure("DeadlineExceeded", "Job was active longer than specified deadline")
    : undefined
}

const indexesFailed = ({ failedIndexes, job, succeededIndexes }: ObservedJob): Finish | undefined => {
  if (failedIndexes === undefined) return undefined
  const { completions = 0, maxFailedIndexes } = job.spec
  const failed = total(failedIndexes)
  if (maxFailedIndexes !== undefined && failed > maxFailedIndexes) {
    const message = "Job has exceeded the specified maximal number of failed indexes"
    return failure("MaxFailedIndexesExceeded", message)
  }
  return failed > 0 && failed + total(succeededIndexes) >= completions
    ? failure("FailedIndexes", "Job has failed indexes")
    : undefined
}

const succeededByPolicy = ({ job, succeededIndexes }: ObservedJob): Finish | undefined => {
  const message = matchSuccessPolicy(job.spec, succeededIndexes)
  return message === undefined ? undefined : { type: "SuccessCriteriaMet", reason: "SuccessPolicy", message }
}

/** Why the Job is over before its pods are looked after; `deadline` as `timeToDeadline` says it. */
export const jobOutcome = (observed: ObservedJob, deadline: Micros | undefined): Finish | undefined =>
  announced(observed.job.status) ??
  failedByPolicy(observed) ??
  overItsLimits(observed, deadline) ??
  indexesFailed(observed) ??
  succeededByPolicy(observed)

/** Why the Job is over when its pods have been looked after: `active` of them are left. */
export const completed = ({ job, succeeded }: ObservedJob, active: number): Finish | undefined => {
  const { completions } = job.spec
  const enough = completions === undefined ? succeeded > 0 : succeeded >= completions
  if (!enough || active > 0) return undefined
  const message = "Reached expected number of succeeded pods"
  return { type: "SuccessCriteriaMet", reason: "CompletionsReached", message }
}

/** Pods of earlier times may still have succeeded when enough had. */
export const tooManySucceeded = ({ spec }: JobObject, { succeeded = 0 }: JobStatus): boolean =>
  spec.completions !== undefined && succeeded > spec.completions
