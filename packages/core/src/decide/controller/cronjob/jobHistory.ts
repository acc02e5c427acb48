/** Which finished Jobs of a CronJob are deleted (`pkg/controller/cronjob/cronjob_controllerv2.go`, cleanupFinishedJobs; C-318). */
import type { CronJobObject, JobObject } from "../../../event/BatchObjects.ts"
import { finishedCondition } from "../job/jobConditions.ts"

/** byJobStartTime: those that never started last. */
const byStartTime = (a: JobObject, b: JobObject): number => {
  const [left, right] = [a.status.startTime, b.status.startTime]
  if (left === right) return a.metadata.name < b.metadata.name ? -1 : 1
  if (left === undefined || right === undefined) return left === undefined ? 1 : -1
  return left < right ? -1 : 1
}

const beyond = (jobs: ReadonlyArray<JobObject>, limit: number | undefined): ReadonlyArray<JobObject> =>
  limit === undefined || jobs.length <= limit ? [] : [...jobs].sort(byStartTime).slice(0, jobs.length - limit)

/** The oldest beyond each limit, the successful ones first. */
export const jobsToCleanUp = ({ spec }: CronJobObject, jobs: ReadonlyArray<JobObject>): ReadonlyArray<JobObject> => {
  const ended = (type: string) => jobs.filter((job) => finishedCondition(job)?.type === type)
  return [
    ...beyond(ended("Complete"), spec.successfulJobsHistoryLimit),
    ...beyond(ended("Failed"), spec.failedJobsHistoryLimit)
  ]
}
