/** Whose pods they are, as a budget counts them (`pkg/controller/disruption/disruption.go`, the finders; C-351). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject, OwnerReference } from "../../../event/KubernetesObject.ts"
import { integer, mapping } from "../../apiserver/fields.ts"
import { apiResource, servedKinds } from "../../apiserver/resources.ts"
import { isScalable } from "../../apiserver/scale.ts"
import { resourceName } from "../../apiserver/status.ts"

const groupOf = (apiVersion: string): string => (apiVersion.includes("/") ? apiVersion.split("/")[0] : "") ?? ""

/** Why nobody can ask that owner how many pods it wants; `undefined`: one can. */
export const noScale = ({ apiVersion, kind }: OwnerReference): string | undefined => {
  if (!servedKinds().includes(kind))
    return `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`
  const { resource } = apiResource(kind)
  return isScalable(kind)
    ? undefined
    : `${resourceName({ group: groupOf(apiVersion), resource })} does not implement the scale subresource`
}

/** How many pods it wants. */
export const scaleOf = (owner: KubernetesObject): number => integer(mapping(owner, "spec"), "replicas") ?? 1

const goMap = (labels: JsonObject): string =>
  Object.keys(labels)
    .sort()
    .map((key) => `${key}: ${String(labels[key])},`)
    .join("")

/** A selector as Go prints it. */
const goSelector = (selector: JsonObject): string => {
  const expressions = Array.isArray(selector["matchExpressions"]) ? selector["matchExpressions"] : []
  const required = (expressions as ReadonlyArray<JsonObject>).map(({ key, operator, values }) => {
    const listed = Array.isArray(values) ? values.join(" ") : ""
    return `LabelSelectorRequirement{Key:${String(key)},Operator:${String(operator)},Values:[${listed}],},`
  })
  const labels = `map[string]string{${goMap(mapping(selector, "matchLabels"))}}`
  return `&LabelSelector{MatchLabels:${labels},MatchExpressions:[]LabelSelectorRequirement{${required.join("")}},}`
}

/** What is said of a budget with pods that nobody controls. */
export const unmanagedPods = (budget: KubernetesObject): string =>
  `Pods selected by this PodDisruptionBudget (selector: ${goSelector(mapping(mapping(budget, "spec"), "selector"))}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`
