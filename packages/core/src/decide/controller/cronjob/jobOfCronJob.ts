/** The Jobs that a CronJob makes (`pkg/controller/cronjob/utils.go`, getJobFromTemplate2; C-313). */
import type { CronJobObject } from "../../../event/BatchObjects.ts"
import { type Instant, SECOND, toTime } from "../../../event/Instant.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { controllerRef } from "../podOfTemplate.ts"
import { toZonedTime } from "./timeZone.ts"

const SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp"

/** The same time has the same name, so that no time is served twice. */
export const jobNameAt = ({ metadata }: CronJobObject, at: Instant): string =>
  `${metadata.name}-${Math.floor(at / SECOND / 60)}`

/** `at`: when it was due. Its zone is known. */
export const jobOfCronJob = (cronJob: CronJobObject, at: Instant): KubernetesObject => {
  const { metadata = {}, spec } = cronJob.spec.jobTemplate
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: jobNameAt(cronJob, at),
      labels: { ...metadata.labels },
      annotations: { ...metadata.annotations, [SCHEDULED]: toZonedTime(at, cronJob.spec.timeZone ?? "", toTime) },
      ownerReferences: [controllerRef(cronJob)]
    },
    spec
  }
}
