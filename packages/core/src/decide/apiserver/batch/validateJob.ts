/** What the API server refuses in a Job, new or changed (`pkg/apis/batch/validation/validation.go`, ValidateJob; C-299). */
import type { Json, JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { type Labels, selects } from "../../client/labelSelector.ts"
import { integer, mapping, text } from "../fields.ts"
import { dns1123Label } from "../nameRules.ts"
import { type FieldError, invalid, required } from "../status.ts"
import { labelSelectorErrors } from "../validateLabelSelector.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"
import { CONTROLLER_UID_LABELS, JOB_NAME_LABELS } from "./jobLabels.ts"
import { validateJobSpec } from "./validateJobSpec.ts"

const LABELS_PATH = "spec.template.metadata.labels"

const templateLabels = (spec: JsonObject): Labels =>
  mapping(mapping(mapping(spec, "template"), "metadata"), "labels") as Labels

/** LabelSelectorAsSelector: one that is wrong in itself is not asked what it selects. */
const misses = (selector: Json | undefined, labels: Labels): boolean =>
  labelSelectorErrors(selector, "").length === 0 && !selects(selector, labels)

/** ValidateHasLabel. */
const hasLabel = (labels: Labels, key: string, value: string): ReadonlyArray<FieldError> => {
  const [at, detail] = [`${LABELS_PATH}[${key}]`, `must be '${value}'`]
  if (!Object.hasOwn(labels, key)) return [required(at, detail)]
  return labels[key] === value ? [] : [invalid(at, labels, detail)]
}

/** validateGeneratedSelector. Jobs of old have labels of the old names only. */
const generatedSelectorErrors = ({ metadata, spec: given }: KubernetesObject, prefixed: boolean) => {
  const spec = given as JsonObject
  if (spec["manualSelector"] === true || spec["selector"] === undefined) return []
  const [uid, name] = [metadata.uid ?? "", text(metadata, "name")]
  const names = prefixed ? JOB_NAME_LABELS : JOB_NAME_LABELS.slice(0, 1)
  const uids = prefixed ? CONTROLLER_UID_LABELS : CONTROLLER_UID_LABELS.slice(0, 1)
  const expected = Object.fromEntries([
    ...uids.map((key) => [key, uid] as const),
    ...names.map((key) => [key, name] as const)
  ])
  const checks = uids.flatMap((key, i) => [[key, uid] as const, [names[i] ?? "", name] as const])
  return [
    ...checks.flatMap(([key, value]) => hasLabel(templateLabels(spec), key, value)),
    ...(misses(spec["selector"], expected)
      ? [invalid("spec.selector", mapping(spec, "selector"), "`selector` not auto-generated")]
      : [])
  ]
}

/** ValidateJobSpec: the selector must select what is made. */
const selectorErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const labels = templateLabels(spec)
  const selector = spec["selector"]
  return [
    ...(selector === undefined ? [required("spec.selector")] : labelSelectorErrors(selector, "spec.selector")),
    ...(misses(selector, labels)
      ? [
          invalid(
            LABELS_PATH,
            Object.keys(labels).length === 0 ? null : labels,
            "`selector` does not match template `labels`"
          )
        ]
      : [])
  ]
}

export const validateJobSpecAndSelector = (spec: JsonObject): ReadonlyArray<FieldError> => [
  ...validateJobSpec(spec, "spec"),
  ...selectorErrors(spec)
]

/** The host name of the last index has to be one. */
const hostnameErrors = ({ metadata, spec }: KubernetesObject): ReadonlyArray<FieldError> => {
  const completions = integer(spec as JsonObject, "completions") ?? 0
  const name = text(metadata, "name")
  const longest = `${name}-${completions - 1}`
  if (text(spec as JsonObject, "completionMode") !== "Indexed" || completions === 0) return []
  return dns1123Label(longest).length === 0
    ? []
    : [invalid("metadata.name", name, `will not able to create pod with invalid DNS label: ${longest}`)]
}

/** `prefixed`: has it (or had its former version) the labels under their own names? */
export const validateJob = (job: KubernetesObject, prefixed = true): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(job.metadata),
  ...generatedSelectorErrors(job, prefixed),
  ...validateJobSpecAndSelector(job["spec"] as JsonObject),
  ...hostnameErrors(job)
]
