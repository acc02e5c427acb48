/** What the API server refuses of ReplicaSets, and of what they share with Deployments (`pkg/apis/apps/validation/validation.go`). */
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { type Labels, selects } from "../../client/labelSelector.ts"
import { encodeObject } from "../encodeObject.ts"
import { integer, mapping, text } from "../fields.ts"
import { type FieldError, fieldForbidden, invalid, notSupported, required } from "../status.ts"
import { labelSelectorErrors } from "../validateLabelSelector.ts"
import { IMMUTABLE } from "../validateMetadataUpdate.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"
import { validatePodTemplate } from "../validatePodTemplate.ts"

/** ValidateNonnegativeField of each of these that is there. */
export const nonNegative = (
  object: JsonObject,
  names: ReadonlyArray<string>,
  path: string
): ReadonlyArray<FieldError> =>
  names.flatMap((name) => {
    const value = integer(object, name)
    return value !== undefined && value < 0
      ? [invalid(`${path}.${name}`, value, "must be greater than or equal to 0")]
      : []
  })

/** A selector as Go's fields are ordered. */
export const shownSelector = (selector: JsonObject): JsonObject => encodeObject("LabelSelector", selector)

export const isEmptySelector = (selector: JsonObject): boolean =>
  Object.keys(mapping(selector, "matchLabels")).length === 0 &&
  !(Array.isArray(selector["matchExpressions"]) && selector["matchExpressions"].length > 0)

const selectorErrors = (selector: Json | undefined): ReadonlyArray<FieldError> => {
  if (!isJsonObject(selector)) return [required("spec.selector")]
  const wrong = labelSelectorErrors(selector, "spec.selector")
  return [
    ...wrong,
    ...(isEmptySelector(selector)
      ? [invalid("spec.selector", shownSelector(selector), "empty selector is invalid for deployment")]
      : []),
    ...(wrong.length > 0 ? [invalid("spec.selector", shownSelector(selector), "invalid label selector")] : [])
  ]
}

/** Their pods start again and again, for ever. */
export const lastingPods = (template: JsonObject, kind: string): ReadonlyArray<FieldError> => {
  const spec = mapping(template, "spec")
  const [policy, path] = [text(spec, "restartPolicy"), "spec.template.spec"]
  return [
    ...(policy === "Always" ? [] : [notSupported(`${path}.restartPolicy`, policy, ["Always"])]),
    ...(integer(spec, "activeDeadlineSeconds") === undefined
      ? []
      : [fieldForbidden(`${path}.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`)])
  ]
}

/** ValidatePodTemplateSpecForReplicaSet. */
const templateErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const { selector } = spec
  if (labelSelectorErrors(selector, "spec.selector").length > 0) return []
  const template = mapping(spec, "template")
  const { labels = null } = mapping(template, "metadata")
  const all = isJsonObject(selector) && isEmptySelector(selector)
  const matches = all || selects(selector, (labels ?? {}) as Labels)
  return [
    ...(matches
      ? []
      : [
          invalid(
            "spec.template.metadata.labels",
            labels as JsonObject | null,
            "`selector` does not match template `labels`"
          )
        ]),
    ...validatePodTemplate(template, "spec.template"),
    ...lastingPods(template, "ReplicaSet")
  ]
}

/** Of ReplicaSets and Deployments alike: which pods are theirs, and what those are made from. */
export const validatePods = (spec: JsonObject): ReadonlyArray<FieldError> => [
  ...selectorErrors(spec["selector"]),
  ...templateErrors(spec)
]

/** Nobody changes which pods are theirs. */
export const sameSelector = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => {
  const [after, before] = [mapping(next, "spec")["selector"], mapping(old, "spec")["selector"]]
  if (jsonEqual(after, before)) return []
  return [invalid("spec.selector", isJsonObject(after) ? shownSelector(after) : null, IMMUTABLE)]
}

/** Parts cannot be more than the whole. */
export const atMost = (status: JsonObject, names: ReadonlyArray<string>): ReadonlyArray<FieldError> => {
  const count = (name: string): number => integer(status, name) ?? 0
  const available = count("availableReplicas")
  return [
    ...names
      .filter((name) => count(name) > count("replicas"))
      .map((name) => invalid(`status.${name}`, count(name), "cannot be greater than status.replicas")),
    ...(available > count("readyReplicas")
      ? [invalid("status.availableReplicas", available, "cannot be greater than readyReplicas")]
      : [])
  ]
}

const validateSpec = (object: KubernetesObject): ReadonlyArray<FieldError> => {
  const spec = mapping(object, "spec")
  return [...nonNegative(spec, ["replicas", "minReadySeconds"], "spec"), ...validatePods(spec)]
}

export const validateReplicaSet = (object: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(object.metadata),
  ...validateSpec(object)
]

export const validateReplicaSetUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateSpec(next),
  ...sameSelector(next, old)
]

const counts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"]

export const validateReplicaSetStatus = (next: KubernetesObject): ReadonlyArray<FieldError> => {
  const status = mapping(next, "status")
  return [
    ...nonNegative(status, ["replicas", ...counts, "observedGeneration", "terminatingReplicas"], "status"),
    ...atMost(status, counts)
  ]
}
