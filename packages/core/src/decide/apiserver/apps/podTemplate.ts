/** What a workload's pods are made from, with the defaults that every pod has (`pkg/apis/core/v1/defaults.go` by `zz_generated.defaults.go` of its group). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesRelease } from "../../kubelet/featureGates.ts"
import { dropDisabledFields } from "../dropDisabledFields.ts"
import { mapping } from "../fields.ts"
import { defaultTemplateSpec } from "../podDefaults.ts"

/** The spec of a workload with its `template` completed, and without what no feature gate lets through. */
export const withPodTemplate = (spec: JsonObject): JsonObject => {
  const template = mapping(spec, "template")
  const kept = dropDisabledFields(defaultTemplateSpec(mapping(template, "spec")))
  return { ...spec, template: { ...template, spec: kept } }
}

/** Older versions do not count the pods that are going away (gate DeploymentReplicaSetTerminatingReplicas). */
export const dropTerminatingReplicas = (status: JsonObject, { gates }: KubernetesRelease): JsonObject => {
  const { terminatingReplicas: _, ...others } = status
  return gates.DeploymentReplicaSetTerminatingReplicas ? status : others
}

/** What is absent, or null, has its default. */
export const filled = (given: JsonObject, defaults: JsonObject): JsonObject => ({
  ...given,
  ...Object.fromEntries(Object.entries(defaults).filter(([field]) => (given[field] ?? null) === null))
})
