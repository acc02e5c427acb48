/** What a Job's conditions say of it, and how they are set (`pkg/controller/job/util/utils.go`, `job_controller.go`). */
import type { JobCondition, JobObject, JobStatus } from "../../../event/BatchObjects.ts"
import { type Instant, toTime } from "../../../event/Instant.ts"

/** How a Job ends, and what announces it while pods are still there. */
export type Outcome = "Complete" | "Failed" | "SuccessCriteriaMet" | "FailureTarget"

export interface Finish {
  readonly type: Outcome
  readonly reason: string
  readonly message: string
}

export const jobCondition = (
  { message, reason, type }: { readonly type: string; readonly reason: string; readonly message: string },
  status: "True" | "False",
  now: Instant
): JobCondition => ({ type, status, lastProbeTime: toTime(now), lastTransitionTime: toTime(now), reason, message })

export const trueCondition = ({ conditions = [] }: JobStatus, type: string): JobCondition | undefined =>
  conditions.find((condition) => condition.type === type && condition.status === "True")

/** FinishedCondition: `Complete` or `Failed` of a Job that has ended. */
export const finishedCondition = ({ status }: JobObject): JobCondition | undefined =>
  status.conditions?.find(({ status: holds, type }) => (type === "Complete" || type === "Failed") && holds === "True")

export const isJobFinished = (job: JobObject): boolean => finishedCondition(job) !== undefined

export const isJobSucceeded = ({ status }: JobObject): boolean => trueCondition(status, "Complete") !== undefined

/** ensureJobConditionStatus: that something is not true is said only of what was said before. The same list if nothing changes. */
export const ensureCondition = (
  conditions: ReadonlyArray<JobCondition>,
  wanted: JobCondition
): ReadonlyArray<JobCondition> => {
  const at = conditions.findIndex(({ type }) => type === wanted.type)
  const there = conditions[at]
  if (there === undefined) return wanted.status === "False" ? conditions : [...conditions, wanted]
  const { message, reason, status } = there
  if (status === wanted.status && reason === wanted.reason && message === wanted.message) return conditions
  return conditions.with(at, wanted)
}
