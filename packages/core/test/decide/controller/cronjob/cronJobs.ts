/** CronJobs for tests, as the API server would have them. */
import { Result } from "effect"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import type { CronJobObject, CronJobStatus } from "../../../../src/event/BatchObjects.ts"
import type { Instant } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import { identity } from "../job/jobs.ts"

/** Throws what the API server refuses. */
export const cronJob = (
  spec: JsonObject,
  status: CronJobStatus = {},
  createdAt: Instant = identity.now
): CronJobObject => {
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "app:1" }] } }
  const made = createObject(
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "c" },
      spec: { jobTemplate: { metadata: { labels: { a: "b" } }, spec: { template } }, ...spec }
    },
    { ...identity, uid: "cron-uid", now: createdAt }
  )
  if (Result.isFailure(made)) throw new Error(made.failure.message)
  return { ...made.success, status } as unknown as CronJobObject
}
