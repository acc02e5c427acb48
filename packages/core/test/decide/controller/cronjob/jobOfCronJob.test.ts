import { describe, expect, it } from "vitest"
import { jobsToCleanUp } from "../../../../src/decide/controller/cronjob/jobHistory.ts"
import { jobNameAt, jobOfCronJob } from "../../../../src/decide/controller/cronjob/jobOfCronJob.ts"
import type { JobObject } from "../../../../src/event/BatchObjects.ts"
import { type Instant, parseInstant, toTime } from "../../../../src/event/Instant.ts"
import { job, seconds } from "../job/jobs.ts"
import { cronJob } from "./cronJobs.ts"

const due = parseInstant("2026-07-01T10:30:00Z") as Instant

describe("a Job of a CronJob", () => {
  it("C-313: is named after the minute for which it is made, and says so in the CronJob's zone", () => {
    const zoned = cronJob({ schedule: "30 12 * * *", timeZone: "Europe/Berlin" })
    expect(jobNameAt(zoned, due)).toBe("c-29715030")
    expect(jobOfCronJob(zoned, due).metadata).toMatchObject({
      name: "c-29715030",
      labels: { a: "b" },
      annotations: { "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-07-01T12:30:00+02:00" },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: "c", uid: "cron-uid", controller: true }]
    })
    const { annotations } = jobOfCronJob(cronJob({ schedule: "30 10 * * *" }), due).metadata
    expect(annotations).toEqual({ "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-07-01T10:30:00Z" })
  })
})

const ended = (name: string, type: "Complete" | "Failed", startedAt: number | undefined): JobObject => {
  const made = job({}, { conditions: [{ type, status: "True" }] })
  const status = startedAt === undefined ? made.status : { ...made.status, startTime: toTime(seconds(startedAt)) }
  return { ...made, metadata: { ...made.metadata, name }, status }
}

const names = (jobs: ReadonlyArray<JobObject>) => jobs.map(({ metadata }) => metadata.name)

describe("the history of a CronJob", () => {
  it("C-318: keeps three that succeeded and one that failed, the oldest go", () => {
    const of = cronJob({ schedule: "* * * * *" })
    const good = [5, 3, 4, 1, 2].map((at) => ended(`g${at}`, "Complete", at))
    const bad = [2, 1].map((at) => ended(`b${at}`, "Failed", at))
    expect(names(jobsToCleanUp(of, [...good, ...bad, job()]))).toEqual(["g1", "g2", "b1"])
  })

  it("C-318: by start, then by name; those that never started last", () => {
    const of = cronJob({ schedule: "* * * * *", successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 })
    const jobs = [ended("never", "Complete", undefined), ended("b", "Complete", 1), ended("a", "Complete", 1)]
    expect(names(jobsToCleanUp(of, jobs))).toEqual(["a", "b"])
    expect(names(jobsToCleanUp(of, [ended("x", "Failed", 1)]))).toEqual(["x"])
  })
})
