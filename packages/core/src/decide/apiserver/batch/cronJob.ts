/** CronJobs as the API server keeps them (`pkg/registry/batch/cronjob/strategy.go`, `pkg/apis/batch/v1/defaults.go`; C-318). */
import { type CronJobObject, isCronJob } from "../../../event/BatchObjects.ts"
import type { JsonObject } from "../../../event/Json.ts"
import { mapping, text } from "../fields.ts"
import { type RestStrategy, withMetadata, withStatus } from "../RestStrategy.ts"
import { withTemplateDefaults } from "./job.ts"
import { validateCronJob, validateCronJobUpdate } from "./validateCronJob.ts"

/** SetDefaults_CronJob. What its Jobs have by default they get when they are made. */
const defaults = (given: JsonObject): JsonObject => {
  const spec = mapping(given, "spec")
  const template = mapping(spec, "jobTemplate")
  return {
    ...given,
    spec: {
      ...spec,
      concurrencyPolicy: text(spec, "concurrencyPolicy") || "Allow",
      suspend: spec["suspend"] ?? false,
      successfulJobsHistoryLimit: spec["successfulJobsHistoryLimit"] ?? 3,
      failedJobsHistoryLimit: spec["failedJobsHistoryLimit"] ?? 1,
      jobTemplate: { ...template, spec: withTemplateDefaults(mapping(template, "spec")) }
    }
  }
}

const base = withStatus({
  resource: { group: "batch", version: "v1", resource: "cronjobs", kind: "CronJob", namespaced: true },
  defaults,
  validate: (object) => validateCronJob(object as CronJobObject)
})

export const cronJob: RestStrategy = {
  ...base,
  updates: {
    "": {
      ...base.updates[""],
      validate: (next, old) => (isCronJob(next) && isCronJob(old) ? validateCronJobUpdate(next, old) : [])
    },
    status: { prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"] }), validate: () => [] }
  }
}
