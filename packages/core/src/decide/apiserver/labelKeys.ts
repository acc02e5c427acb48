/** `matchLabelKeys` become expressions with the pod's own label values (`pkg/registry/core/pod/strategy.go`, mutatePodAffinity). */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"

const listOf = (value: Json | undefined): ReadonlyArray<Json> => (Array.isArray(value) ? value : [])

const withKeys = (term: JsonObject, labels: JsonObject): JsonObject => {
  const selector = term["labelSelector"]
  if (!isJsonObject(selector)) return term
  const expressions = (keys: Json | undefined, operator: string): ReadonlyArray<Json> =>
    listOf(keys).flatMap((key) =>
      typeof key === "string" && typeof labels[key] === "string" ? [{ key, operator, values: [labels[key]] }] : []
    )
  const more = [...expressions(term["matchLabelKeys"], "In"), ...expressions(term["mismatchLabelKeys"], "NotIn")]
  return more.length === 0
    ? term
    : { ...term, labelSelector: { ...selector, matchExpressions: [...listOf(selector["matchExpressions"]), ...more] } }
}

const map = (object: JsonObject, key: string, change: (item: JsonObject) => JsonObject): JsonObject =>
  Array.isArray(object[key])
    ? { ...object, [key]: listOf(object[key]).map((item) => (isJsonObject(item) ? change(item) : item)) }
    : object

const affinityTerms = (affinity: JsonObject, labels: JsonObject): JsonObject => {
  const preferred = map(affinity, "preferredDuringSchedulingIgnoredDuringExecution", (term) =>
    isJsonObject(term["podAffinityTerm"])
      ? { ...term, podAffinityTerm: withKeys(term["podAffinityTerm"], labels) }
      : term
  )
  return map(preferred, "requiredDuringSchedulingIgnoredDuringExecution", (term) => withKeys(term, labels))
}

export const applyLabelKeys = (spec: JsonObject, labels: JsonObject): JsonObject => {
  const spread = map(spec, "topologySpreadConstraints", (constraint) => withKeys(constraint, labels))
  const affinity = spread["affinity"]
  if (!isJsonObject(affinity)) return spread
  const changed = ["podAffinity", "podAntiAffinity"].flatMap((key) => {
    const terms = affinity[key]
    return isJsonObject(terms) ? [[key, affinityTerms(terms, labels)] as const] : []
  })
  return { ...spread, affinity: { ...affinity, ...Object.fromEntries(changed) } }
}
