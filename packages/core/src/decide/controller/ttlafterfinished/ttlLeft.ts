/** How long a finished Job is kept (`pkg/controller/ttlafterfinished/ttlafterfinished_controller.go`, timeLeft; C-311). */
import type { JobObject } from "../../../event/BatchObjects.ts"
import { type Instant, later, type Micros, parseInstant, SECOND } from "../../../event/Instant.ts"
import { finishedCondition } from "../job/jobConditions.ts"

/** Until its time is over; `undefined`: it is not over, has no such time, or goes already. */
export const ttlLeft = (job: JobObject, now: Instant): Micros | undefined => {
  const finishedAt = parseInstant(finishedCondition(job)?.lastTransitionTime ?? "")
  const { ttlSecondsAfterFinished } = job.spec
  if (finishedAt === undefined || ttlSecondsAfterFinished === undefined) return undefined
  if (job.metadata.deletionTimestamp !== undefined) return undefined
  return later(finishedAt, ttlSecondsAfterFinished * SECOND) - now
}
