/** PodDisruptionBudgets as the API server keeps them (`pkg/registry/policy/poddisruptionbudget/strategy.go`, `pkg/apis/policy/validation/validation.go`). */
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { integer, mapping } from "../fields.ts"
import { notMoreThan100Percent, positiveIntOrPercent } from "../intOrPercent.ts"
import { withStatus } from "../RestStrategy.ts"
import { type FieldError, invalid, notSupported } from "../status.ts"
import { labelSelectorErrors } from "../validateLabelSelector.ts"

const policies = ["AlwaysAllow", "IfHealthyBudget"]

const specErrors = (budget: KubernetesObject): ReadonlyArray<FieldError> => {
  const spec = mapping(budget, "spec")
  const { maxUnavailable, minAvailable, selector } = spec
  const policy = spec["unhealthyPodEvictionPolicy"]
  // The message shows the spec as the server holds it.
  const held = {
    MinAvailable: minAvailable ?? null,
    Selector: selector ?? null,
    MaxUnavailable: maxUnavailable ?? null,
    UnhealthyPodEvictionPolicy: policy ?? null
  }
  const both = minAvailable !== undefined && maxUnavailable !== undefined
  return [
    ...(both ? [invalid("spec", held, "minAvailable and maxUnavailable cannot be both set")] : []),
    ...positiveIntOrPercent(minAvailable, "spec.minAvailable"),
    ...notMoreThan100Percent(minAvailable, "spec.minAvailable"),
    ...positiveIntOrPercent(maxUnavailable, "spec.maxUnavailable"),
    ...notMoreThan100Percent(maxUnavailable, "spec.maxUnavailable"),
    ...labelSelectorErrors(selector, "spec.selector"),
    ...(typeof policy !== "string" || policies.includes(policy)
      ? []
      : [notSupported("spec.unhealthyPodEvictionPolicy", policy, policies)])
  ]
}

const counts = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"]

const statusErrors = (budget: KubernetesObject): ReadonlyArray<FieldError> =>
  counts.flatMap((field) => {
    const count = integer(mapping(budget, "status"), field) ?? 0
    return count < 0 ? [invalid(`status.${field}`, count, "must be greater than or equal to 0")] : []
  })

export const podDisruptionBudget = withStatus({
  resource: {
    group: "policy",
    version: "v1",
    resource: "poddisruptionbudgets",
    kind: "PodDisruptionBudget",
    namespaced: true
  },
  validate: specErrors,
  validateUpdate: specErrors,
  validateStatus: statusErrors
})
