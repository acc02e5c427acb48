/** How much of a quota an object takes (`k8s.io/apiserver/pkg/quota/v1/interfaces.go`, `generic/evaluator.go`). */
import type { Instant } from "../../event/Instant.ts"
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../apiserver/fields.ts"
import { type GroupResource, resourceName } from "../apiserver/status.ts"
import { type Amounts, ONE } from "./ResourceList.ts"

export interface Evaluator {
  /** Does a quota of that name count such objects? */
  readonly counts: (resource: string) => boolean
  /** May an update change what is used? */
  readonly handlesUpdate: (object: KubernetesObject, old: KubernetesObject) => boolean
  readonly usage: (object: KubernetesObject, now: Instant) => Amounts
  /** Does the object fall under a scope? */
  readonly inScope: (scope: JsonObject, object: KubernetesObject) => boolean
  /** Why the object may not be made under a quota of these resources. */
  readonly constraints: (required: ReadonlyArray<string>, object: KubernetesObject) => string | undefined
}

/** `count/deployments.apps` (ObjectCountQuotaResourceNameFor). */
export const objectCountName = (of: GroupResource): string => `count/${resourceName(of)}`

/** One for each object, under `count/…` and under the name of old that some kinds have (NewObjectCountEvaluator). */
export const objectCount = (resource: GroupResource, alias?: string): Evaluator => {
  const names = [objectCountName(resource), ...(alias === undefined ? [] : [alias])]
  const one = new Map(names.map((name) => [name, ONE]))
  return {
    counts: (name) => names.includes(name),
    handlesUpdate: () => false,
    usage: () => one,
    inScope: () => false,
    constraints: () => undefined
  }
}

/** The scopes of a quota, those of its selector included (getScopeSelectorsFromQuota). */
const scopesOf = (quota: KubernetesObject): ReadonlyArray<JsonObject> => {
  const spec = mapping(quota, "spec")
  const named: ReadonlyArray<Json> = Array.isArray(spec["scopes"]) ? spec["scopes"] : []
  return [
    ...named.map((scopeName) => ({ scopeName, operator: "Exists" })),
    ...entries(mapping(spec, "scopeSelector"), "matchExpressions")
  ]
}

export const isInScopes = (evaluator: Evaluator, quota: KubernetesObject, object: KubernetesObject): boolean =>
  scopesOf(quota).every((scope) => evaluator.inScope(scope, object))

/** The names in a list of a quota that the evaluator counts. */
export const countedNames = (evaluator: Evaluator, list: Json | undefined): ReadonlyArray<string> =>
  isJsonObject(list) ? Object.keys(list).filter(evaluator.counts) : []

/** ScopedResourceSelectorRequirementsAsSelector, for the class of a pod's priority. */
export const selectsScope = (scope: JsonObject, value: string): boolean => {
  const values = Array.isArray(scope["values"]) ? scope["values"] : []
  switch (text(scope, "operator")) {
    case "In":
      return value !== "" && values.includes(value)
    case "NotIn":
      return value === "" || !values.includes(value)
    case "Exists":
      return value !== ""
    default:
      return value === ""
  }
}
