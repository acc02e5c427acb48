/** What nobody may change in a Job (`pkg/apis/batch/validation/validation.go`, ValidateJobUpdate; `pkg/registry/batch/job/strategy.go`). */
import type { JobObject, JobSpec } from "../../../event/BatchObjects.ts"
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { trueCondition } from "../../controller/job/jobConditions.ts"
import { entries, mapping } from "../fields.ts"
import { internalJson } from "../internalJson.ts"
import { type FieldError, invalid } from "../status.ts"
import { IMMUTABLE, validateMetadataUpdate } from "../validateMetadataUpdate.ts"
import { CONTROLLER_UID_LABELS, JOB_NAME_LABELS } from "./jobLabels.ts"
import { validateJob, validateJobSpecAndSelector } from "./validateJob.ts"

/** Each with the type that it is shown as. */
const immutable: ReadonlyArray<readonly [field: string, type: string]> = [
  ["completionMode", "meta"],
  ["podFailurePolicy", "*PodFailurePolicy"],
  ["backoffLimitPerIndex", "meta"],
  ["managedBy", "meta"],
  ["successPolicy", "*SuccessPolicy"]
]

const changed = (next: Json | undefined, old: Json | undefined, at: string, type: string): ReadonlyArray<FieldError> =>
  jsonEqual(next, old) ? [] : [invalid(at, internalJson(type, next), IMMUTABLE)]

/** Of an indexed Job it may change together with the parallelism. */
const completionErrors = (next: JobSpec, old: JobSpec): ReadonlyArray<FieldError> => {
  const at = "spec.completions"
  if (next.completionMode !== "Indexed") return changed(next.completions, old.completions, at, "meta")
  if (next.completions === old.completions || next.completions === undefined) return []
  return next.completions === next.parallelism
    ? []
    : [invalid(at, next.completions, "can only be modified in tandem with spec.parallelism")]
}

/** shouldAllowMutablePodTemplate: it has no pods, and will have none before it is resumed. */
const isIdle = ({ spec, status }: JobObject): boolean =>
  spec.suspend === true &&
  (status.startTime === undefined || trueCondition(status, "Suspended") !== undefined) &&
  (status.active ?? 0) === 0

const nodeAffinityOf = (spec: JsonObject): Json | undefined => mapping(spec, "affinity")["nodeAffinity"]

/** The old affinity with the new one's demands on nodes. */
const withNodeAffinity = (next: JsonObject, old: JsonObject): Json | undefined => {
  const before = old["affinity"]
  if (next["affinity"] === undefined && before === undefined) return undefined
  const { nodeAffinity: _, ...others } = isJsonObject(before) ? before : {}
  const nodeAffinity = nodeAffinityOf(next)
  if (next["affinity"] === undefined && Object.keys(others).length === 0) return undefined
  return { ...others, ...(nodeAffinity === undefined ? {} : { nodeAffinity }) }
}

/** The old template with everything of the new one that says where and when pods are placed. */
const withSchedulingOf = (next: JsonObject, old: JsonObject): JsonObject => {
  const [spec, before] = [mapping(next, "spec"), mapping(old, "spec")]
  const { annotations, labels } = mapping(next, "metadata")
  return {
    ...old,
    metadata: { ...mapping(old, "metadata"), annotations, labels },
    spec: {
      ...before,
      affinity: withNodeAffinity(spec, before),
      nodeSelector: spec["nodeSelector"],
      tolerations: spec["tolerations"],
      schedulingGates: spec["schedulingGates"]
    }
  }
}

/** The old containers with the resources of the new ones, where they are the same. */
const withResourcesOf = (next: JsonObject, old: JsonObject, list: string): JsonObject => {
  const [now, before] = [entries(next, list), entries(old, list)]
  if (before.length === 0 || now.length !== before.length) return old
  const containers = before.map((container, i) =>
    container["name"] === now[i]?.["name"] ? { ...container, resources: now[i]?.["resources"] } : container
  )
  return { ...old, [list]: containers }
}

const templateErrors = (next: JobSpec, old: JobObject): ReadonlyArray<FieldError> => {
  const idle = isIdle(old)
  const before = idle ? withSchedulingOf(next.template, old.spec.template) : old.spec.template
  if (!idle) return changed(next.template, before, "spec.template", "PodTemplateSpec")
  const spec = next.template.spec
  const munged = ["containers", "initContainers"].reduce<JsonObject>(
    (changing, list) => withResourcesOf(spec, changing, list),
    mapping(before, "spec")
  )
  return changed(spec, munged, "spec.template.spec", "PodSpec")
}

/** Had it the labels under their own names? */
const wasPrefixed = ({ spec }: JobObject): boolean => {
  const labels = spec.template.metadata?.labels ?? {}
  return labels[JOB_NAME_LABELS[1]] !== undefined && labels[CONTROLLER_UID_LABELS[1]] !== undefined
}

export const validateJobUpdate = (next: JobObject, old: JobObject): ReadonlyArray<FieldError> => [
  ...validateJob(next, wasPrefixed(old)),
  ...validateMetadataUpdate(next.metadata, old.metadata),
  ...validateJobSpecAndSelector(next.spec),
  ...completionErrors(next.spec, old.spec),
  ...changed(next.spec.selector, old.spec.selector, "spec.selector", "meta"),
  ...templateErrors(next.spec, old),
  ...immutable.flatMap(([field, type]) => changed(next.spec[field], old.spec[field], `spec.${field}`, type))
]
