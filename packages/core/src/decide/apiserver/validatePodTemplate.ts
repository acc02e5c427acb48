/** What the API server refuses in what a workload's pods are made from (`pkg/apis/core/validation/validation.go`, ValidatePodTemplateSpec). */
import type { JsonObject } from "../../event/Json.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { entries, mapping } from "./fields.ts"
import { type FieldError, fieldForbidden } from "./status.ts"
import { validateAnnotations, validateLabels } from "./validateObjectMeta.ts"
import { validatePodSpec } from "./validatePod.ts"

/** `path`: of the template, such as `spec.template`. Kubernetes names labels and annotations without the `metadata` in between. */
export const validatePodTemplate = (
  template: JsonObject,
  path: string,
  release: KubernetesRelease = latestRelease
): ReadonlyArray<FieldError> => {
  const [metadata, spec] = [mapping(template, "metadata"), mapping(template, "spec")]
  return [
    ...validateLabels(mapping(metadata, "labels"), `${path}.labels`),
    ...validateAnnotations(mapping(metadata, "annotations"), `${path}.annotations`),
    ...validatePodSpec(spec, { release }).map((error) => ({ ...error, field: `${path}.${error.field}` })),
    ...(entries(spec, "ephemeralContainers").length === 0
      ? []
      : [fieldForbidden(`${path}.spec.ephemeralContainers`, "ephemeral containers not allowed in pod template")])
  ]
}
