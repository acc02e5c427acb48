/** Jobs as the API server keeps them (`pkg/registry/batch/job/strategy.go`, `pkg/apis/batch/v1/defaults.go`; C-298, C-299). */
import { isJob } from "../../../event/BatchObjects.ts"
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import { withPodTemplate } from "../apps/podTemplate.ts"
import { entries, mapping } from "../fields.ts"
import { type RestStrategy, withMetadata, withStatus } from "../RestStrategy.ts"
import { CONTROLLER_UID_LABELS, JOB_NAME_LABELS } from "./jobLabels.ts"
import { validateJob } from "./validateJob.ts"
import { validateJobStatus } from "./validateJobStatus.ts"
import { validateJobUpdate } from "./validateJobUpdate.ts"

const MAX_INT32 = 2 ** 31 - 1

const isNil = (value: Json | undefined): boolean => value === undefined || value === null

/** A condition is waited for to be true unless it is said otherwise. */
const withPatternDefaults = (policy: JsonObject): JsonObject => ({
  ...policy,
  rules: entries(policy, "rules").map((rule) =>
    isNil(rule["onPodConditions"])
      ? rule
      : {
          ...rule,
          onPodConditions: entries(rule, "onPodConditions").map((pattern) => ({
            ...pattern,
            status: pattern["status"] || "True"
          }))
        }
  )
})

const filled = (spec: JsonObject, defaults: JsonObject): JsonObject => ({
  ...spec,
  ...Object.fromEntries(Object.entries(defaults).filter(([field]) => isNil(spec[field])))
})

/** The spec of a Job, or of a CronJob's Jobs, with its pods completed (`zz_generated.defaults.go`). */
export const withTemplateDefaults = (spec: JsonObject): JsonObject => {
  const policy = spec["podFailurePolicy"]
  const made = withPodTemplate(spec)
  return isJsonObject(policy) ? { ...made, podFailurePolicy: withPatternDefaults(policy) } : made
}

/** SetDefaults_Job. A Job without labels takes those of its template: the very same ones, so that what is added to them shows, too. */
const defaults = (given: JsonObject): JsonObject => {
  const spec = withTemplateDefaults(mapping(given, "spec"))
  const [metadata, labels] = [mapping(given, "metadata"), mapping(mapping(spec, "template"), "metadata")["labels"]]
  const unlabelled = isJsonObject(labels) && Object.keys(mapping(metadata, "labels")).length === 0
  const single = isNil(spec["completions"]) && isNil(spec["parallelism"])
  return {
    ...given,
    metadata: unlabelled ? { ...metadata, labels } : metadata,
    spec: filled(spec, {
      ...(single ? { completions: 1 } : {}),
      parallelism: 1,
      backoffLimit: isNil(spec["backoffLimitPerIndex"]) ? 6 : MAX_INT32,
      completionMode: "NonIndexed",
      suspend: false,
      podReplacementPolicy: isNil(spec["podFailurePolicy"]) ? "TerminatingOrFailed" : "Failed",
      manualSelector: false
    })
  }
}

/** generateSelector: labels that no other Job's pods have, and a selector for one of them. What a client gave stays, and is validated. */
const withGeneratedSelector = (job: JsonObject): JsonObject => {
  const [metadata, spec] = [mapping(job, "metadata"), mapping(job, "spec")]
  if (spec["manualSelector"] === true) return job
  const [template, selector] = [mapping(spec, "template"), mapping(spec, "selector")]
  const ofTemplate = mapping(template, "metadata")
  const own = (keys: ReadonlyArray<string>, value: Json | undefined) =>
    Object.fromEntries(keys.map((key) => [key, value]))
  const labels = {
    ...own(JOB_NAME_LABELS, metadata["name"] ?? ""),
    ...own(CONTROLLER_UID_LABELS, metadata["uid"]),
    ...mapping(ofTemplate, "labels")
  }
  const shared = isJsonObject(ofTemplate["labels"]) && metadata["labels"] === ofTemplate["labels"]
  const matchLabels = { [CONTROLLER_UID_LABELS[1]]: metadata["uid"], ...mapping(selector, "matchLabels") }
  return {
    ...job,
    metadata: shared ? { ...metadata, labels } : metadata,
    spec: {
      ...spec,
      selector: { ...selector, matchLabels },
      template: { ...template, metadata: { ...ofTemplate, labels } }
    }
  }
}

const base = withStatus({
  resource: { group: "batch", version: "v1", resource: "jobs", kind: "Job", namespaced: true },
  defaults,
  prepareForCreate: withGeneratedSelector,
  validate: (object) => validateJob(object),
  // As it was before there was a garbage collector.
  orphansByDefault: true
})

export const job: RestStrategy = {
  ...base,
  updates: {
    "": {
      ...base.updates[""],
      validate: (next, old) => (isJob(next) && isJob(old) ? validateJobUpdate(next, old) : [])
    },
    status: {
      prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"] }),
      validate: (next, old) => (isJob(next) && isJob(old) ? validateJobStatus(next, old) : [])
    }
  }
}
