/** What the API server refuses of ReplicationControllers (`pkg/apis/core/validation/validation.go`, ValidateReplicationController). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { type Labels, selects } from "../../client/labelSelector.ts"
import { atMost, lastingPods, nonNegative } from "../apps/validateReplicaSet.ts"
import { integer, mapping, specOf, statusOf } from "../fields.ts"
import { type FieldError, invalid, required } from "../status.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"
import { validatePodTemplate } from "../validatePodTemplate.ts"

const NO_MATCH = "`selector` does not match template `labels`"

/** ValidatePodTemplateSpecForRC. */
const templateErrors = (spec: JsonObject, selector: JsonObject): ReadonlyArray<FieldError> => {
  const { template } = spec
  if (!isJsonObject(template)) return [required("spec.template")]
  const { labels = null } = mapping(template, "metadata")
  return [
    ...(selects({ matchLabels: selector }, (labels ?? {}) as Labels)
      ? []
      : [invalid("spec.template.metadata.labels", labels, NO_MATCH)]),
    ...validatePodTemplate(template, "spec.template"),
    ...lastingPods(template, "ReplicationController")
  ]
}

/** ValidateReplicationControllerSpec. */
const validateSpec = (object: KubernetesObject): ReadonlyArray<FieldError> => {
  const spec = specOf(object)
  const selector = mapping(spec, "selector")
  return [
    ...nonNegative(spec, ["minReadySeconds"], "spec"),
    ...(Object.keys(selector).length === 0 ? [required("spec.selector")] : []),
    ...(integer(spec, "replicas") === undefined ? [required("spec.replicas")] : []),
    ...nonNegative(spec, ["replicas"], "spec"),
    ...templateErrors(spec, selector)
  ]
}

export const validateReplicationController = (object: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(object.metadata),
  ...validateSpec(object)
]

export const validateReplicationControllerUpdate = (next: KubernetesObject): ReadonlyArray<FieldError> =>
  validateSpec(next)

const counts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"]

export const validateReplicationControllerStatus = (next: KubernetesObject): ReadonlyArray<FieldError> => {
  const status = statusOf(next)
  return [...nonNegative(status, ["replicas", ...counts, "observedGeneration"], "status"), ...atMost(status, counts)]
}
