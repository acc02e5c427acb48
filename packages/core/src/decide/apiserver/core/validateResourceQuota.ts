/** What the API server refuses of ResourceQuotas (`pkg/apis/core/validation/validation.go`, ValidateResourceQuota…). */
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../fields.ts"
import { internalJson } from "../internalJson.ts"
import { isQuotaResource, resourceAmountErrors, resourceNameErrors } from "../resourceNames.ts"
import { type FieldError, invalid, required } from "../status.ts"
import { IMMUTABLE } from "../validateMetadataUpdate.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"

const nameErrors = (name: string, field: string): ReadonlyArray<FieldError> => [
  ...resourceNameErrors(name, field),
  ...(name.includes("/") || isQuotaResource(name)
    ? []
    : [invalid(field, name, "must be a standard resource for quota")])
]

const amountErrors = (amounts: Json | undefined, path: string): ReadonlyArray<FieldError> => {
  const given = isJsonObject(amounts) ? amounts : {}
  return Object.keys(given).flatMap((name) => [
    ...nameErrors(name, `${path}[${name}]`),
    ...resourceAmountErrors(name, given[name] ?? null, `${path}[${name}]`)
  ])
}

const compute = ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"]
const standardScopes = [
  "Terminating",
  "NotTerminating",
  "BestEffort",
  "NotBestEffort",
  "PriorityClass",
  "VolumeAttributesClass"
]
const existsOnly = ["BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity"]

/** IsResourceQuotaScopeValidForResource. */
const fitsScope = (scope: string, resource: string): boolean => {
  if (scope === "BestEffort") return resource === "pods"
  if (scope === "VolumeAttributesClass") return ["persistentvolumeclaims", "requests.storage"].includes(resource)
  const known = existsOnly.includes(scope) || scope === "PriorityClass"
  return !known || resource === "pods" || compute.includes(resource)
}

const scopesOf = (spec: JsonObject): ReadonlyArray<string> =>
  Array.isArray(spec["scopes"]) ? spec["scopes"].map(String) : []

/** Resources that a scope does not have, one error each. */
const misfits = (spec: JsonObject, scope: string, error: FieldError): ReadonlyArray<FieldError> =>
  Object.keys(mapping(spec, "hard"))
    .filter((name) => isQuotaResource(name) && !fitsScope(scope, name))
    .map(() => error)

const conflicts = (scopes: ReadonlyArray<string>, error: FieldError): ReadonlyArray<FieldError> =>
  [
    ["BestEffort", "NotBestEffort"],
    ["Terminating", "NotTerminating"]
  ]
    .filter((pair) => pair.every((scope) => scopes.includes(scope)))
    .map(() => error)

const scopeErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const scopes = scopesOf(spec)
  const wrong = (why: string): FieldError => invalid("spec.scopes", scopes, why)
  return [
    ...scopes.flatMap((scope) => [
      ...(standardScopes.includes(scope) ? [] : [wrong("unsupported scope")]),
      ...misfits(spec, scope, wrong("unsupported scope applied to resource"))
    ]),
    ...conflicts(scopes, wrong("conflicting scopes"))
  ]
}

const operatorErrors = (requirement: JsonObject, path: string): ReadonlyArray<FieldError> => {
  const [operator, scope] = [text(requirement, "operator"), text(requirement, "scopeName")]
  const values = Array.isArray(requirement["values"]) ? requirement["values"] : []
  const errors: Array<FieldError> = []
  if (existsOnly.includes(scope) && operator !== "Exists") {
    const named = "ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort"
    const why = `must be 'Exists' when scope is any of ${named}, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity`
    errors.push(invalid(`${path}.operator`, operator, why))
  }
  if (operator === "In" || operator === "NotIn") {
    const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
    if (values.length === 0) errors.push(required(`${path}.values`, why))
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
    if (values.length > 0) errors.push(invalid(`${path}.values`, values, why))
  } else errors.push(invalid(`${path}.operator`, operator, "not a valid selector operator"))
  return errors
}

const selectorErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const selector = spec["scopeSelector"]
  if (!isJsonObject(selector)) return []
  const path = "spec.scopeSelector.matchExpressions"
  const requirements = entries(selector, "matchExpressions")
  const shown = internalJson("ScopeSelector", selector)
  return [
    ...requirements.flatMap((requirement) => {
      const scope = text(requirement, "scopeName")
      return [
        ...(standardScopes.includes(scope) ? [] : [invalid(`${path}.scopeName`, scope, "unsupported scope")]),
        ...misfits(spec, scope, invalid(path, shown, "unsupported scope applied to resource")),
        ...operatorErrors(requirement, path)
      ]
    }),
    ...conflicts(
      requirements.map((requirement) => text(requirement, "scopeName")),
      invalid(path, scopesOf(spec), "conflicting scopes")
    )
  ]
}

const specErrors = (quota: KubernetesObject): ReadonlyArray<FieldError> => {
  const spec = mapping(quota, "spec")
  return [...amountErrors(spec["hard"], "spec.hard"), ...scopeErrors(spec), ...selectorErrors(spec)]
}

export const validateResourceQuota = (quota: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(quota.metadata),
  ...specErrors(quota)
]

export const validateResourceQuotaUpdate = (
  next: KubernetesObject,
  old: KubernetesObject
): ReadonlyArray<FieldError> => {
  const [scopes, before] = [scopesOf(mapping(next, "spec")), new Set(scopesOf(mapping(old, "spec")))]
  const same = new Set(scopes).size === before.size && scopes.every((scope) => before.has(scope))
  return [
    ...specErrors(next),
    ...(same ? [] : [invalid("spec.scopes", mapping(next, "spec")["scopes"] ?? null, IMMUTABLE)])
  ]
}

export const validateResourceQuotaStatus = (quota: KubernetesObject): ReadonlyArray<FieldError> => {
  const { hard, used } = mapping(quota, "status")
  return [...amountErrors(hard, "status.hard"), ...amountErrors(used, "status.used")]
}
