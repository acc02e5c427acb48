/** Which objects a selector means (`k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go`, LabelSelectorAsSelector). */
import type { JsonObject } from "../../event/Json.ts"
import { isJsonObject, type Json } from "../../event/Json.ts"

export interface Labels {
  readonly [key: string]: string
}

const values = (requirement: JsonObject): ReadonlyArray<Json> =>
  Array.isArray(requirement["values"]) ? requirement["values"] : []

const holds = (requirement: JsonObject, labels: Labels): boolean => {
  const key = String(requirement["key"])
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (requirement["operator"]) {
    case "In":
      return value !== undefined && values(requirement).includes(value)
    case "NotIn":
      return value === undefined || !values(requirement).includes(value)
    case "Exists":
      return value !== undefined
    case "DoesNotExist":
      return value === undefined
    default:
      return false
  }
}

type Predicate = (labels: Labels) => boolean

/** A selector is asked of thousands of objects: what it says is read once. */
const predicates = new WeakMap<JsonObject, Predicate>()

const predicateOf = (selector: JsonObject): Predicate => {
  const known = predicates.get(selector)
  if (known !== undefined) return known
  const { matchExpressions = [], matchLabels = {} } = selector
  const wanted = Object.entries(matchLabels as Labels)
  const requirements = matchExpressions as ReadonlyArray<JsonObject>
  const made: Predicate = (labels) =>
    wanted.every(([key, value]) => labels[key] === value && Object.hasOwn(labels, key)) &&
    requirements.every((requirement) => holds(requirement, labels))
  predicates.set(selector, made)
  return made
}

/** No selector selects nothing, an empty one everything. */
export const selects = (selector: Json | undefined, labels: Labels = {}): boolean =>
  isJsonObject(selector) && predicateOf(selector)(labels)
