/** A label selector as text (`k8s.io/apimachinery/pkg/labels/selector.go`, String). */
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"

const values = (requirement: JsonObject): ReadonlyArray<Json> =>
  Array.isArray(requirement["values"]) ? requirement["values"] : []

const requirementText = (requirement: JsonObject): string => {
  const key = String(requirement["key"])
  const list = `(${values(requirement).map(String).sort().join(",")})`
  const texts: { readonly [operator: string]: string } = {
    In: `${key} in ${list}`,
    NotIn: `${key} notin ${list}`,
    Exists: key,
    DoesNotExist: `!${key}`
  }
  return texts[String(requirement["operator"])] ?? ""
}

/** As it is written in a URL: `app=web,tier in (a,b)`, sorted by the keys; one that selects everything is empty. */
export const selectorText = (selector: Json | undefined): string => {
  if (!isJsonObject(selector)) return "<nothing>"
  const { matchExpressions, matchLabels } = selector
  const labels = isJsonObject(matchLabels) ? matchLabels : {}
  const expressions: ReadonlyArray<Json> = Array.isArray(matchExpressions) ? matchExpressions : []
  const parts = [
    ...Object.entries(labels).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...expressions.filter(isJsonObject).map((one) => ({
      key: String(one["key"]),
      text: requirementText(one)
    }))
  ]
  return parts
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ text }) => text)
    .join(",")
}
