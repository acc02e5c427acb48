/** What the cells of many kinds are made of: fields of raw JSON, ages, lists with an end (`pkg/printers/internalversion/printers.go`). */
import { type Instant, parseInstant } from "../../event/Instant.ts"
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { humanDuration } from "../humanDuration.ts"
import { selectorText } from "../selectorText.ts"

const nothing: JsonObject = Object.freeze({})
const none: ReadonlyArray<JsonObject> = Object.freeze([])

/** The mapping at `key`; an empty one if there is none. */
export const at = (object: JsonObject, key: string): JsonObject => {
  const value = object[key]
  return isJsonObject(value) ? value : nothing
}

export const specOf = (object: JsonObject): JsonObject => at(object, "spec")
export const statusOf = (object: JsonObject): JsonObject => at(object, "status")

/** The text at `key`; `""`, Go's zero, if there is none. */
export const textAt = (object: JsonObject, key: string): string => {
  const value = object[key]
  return typeof value === "string" ? value : ""
}

/** The number at `key`; 0 if there is none. */
export const numberAt = (object: JsonObject, key: string): number => {
  const value = object[key]
  return typeof value === "number" ? value : 0
}

/** The mappings in the list at `key`. */
export const itemsAt = (object: JsonObject, key: string): ReadonlyArray<JsonObject> => {
  const value = object[key]
  if (!Array.isArray(value)) return none
  const list: ReadonlyArray<Json> = value
  return (list.every(isJsonObject) ? list : list.filter(isJsonObject)) as ReadonlyArray<JsonObject>
}

/** The texts in the list at `key`. */
export const textsAt = (object: JsonObject, key: string): ReadonlyArray<string> => {
  const value = object[key]
  return Array.isArray(value) ? value.filter((item: Json) => typeof item === "string") : []
}

export const nameOf = (object: KubernetesObject): string => textAt(object.metadata, "name")

export const orElse = (value: string, other: string): string => (value === "" ? other : value)

const ZERO_TIME = parseInstant("0001-01-01T00:00:00Z")

/** `translateTimestampSince`: how long ago that was; `<unknown>` for no time. */
export const since = (timestamp: Json | undefined, now: Instant): string => {
  if (typeof timestamp !== "string") return "<unknown>"
  const when = parseInstant(timestamp)
  return when === undefined || when === ZERO_TIME ? "<unknown>" : humanDuration(now - when)
}

export const age = (object: KubernetesObject, now: Instant): string => since(object.metadata.creationTimestamp, now)

/** `layoutContainerCells`: the names and the images of the containers of a pod's spec. */
export const containerCells = (podSpec: JsonObject): readonly [names: string, images: string] => {
  const containers = itemsAt(podSpec, "containers")
  return [
    containers.map((container) => textAt(container, "name")).join(","),
    containers.map((container) => textAt(container, "image")).join(",")
  ]
}

/** The pod's spec of a workload's template. */
export const templateSpec = (object: JsonObject): JsonObject => specOf(at(specOf(object), "template"))

/** `labels.FormatLabels` */
export const formatLabels = (labels: JsonObject): string => {
  const parts = Object.keys(labels).map((key) => `${key}=${textAt(labels, key)}`)
  return parts.length === 0 ? "<none>" : parts.sort().join(",")
}

/** `metav1.FormatLabelSelector`: one that selects nothing, and one that selects everything, are `<none>`. */
export const formatSelector = (selector: Json | undefined): string => {
  if (!isJsonObject(selector)) return "<none>"
  return isUsable(selector) ? orElse(selectorText(selector), "<none>") : "<error>"
}

/** `metav1.LabelSelectorAsSelector` knows the operators, and what each takes. */
export const isUsable = (selector: JsonObject): boolean =>
  itemsAt(selector, "matchExpressions").every((requirement) => {
    const some = textsAt(requirement, "values").length > 0
    const operator = textAt(requirement, "operator")
    return operator === "In" || operator === "NotIn"
      ? some
      : (operator === "Exists" || operator === "DoesNotExist") && !some
  })

const MOST_LISTED = 3

/** `listWithMoreString`: the first three, and how many more there are; `<unset>` for none. */
export const listWithMore = (all: ReadonlyArray<string>): string =>
  all.length > MOST_LISTED
    ? `${all.slice(0, MOST_LISTED).join(",")} + ${all.length - MOST_LISTED} more...`
    : orElse(all.join(","), "<unset>")

/** Whether a condition of that type is `True`: the first of that type counts. */
export const isTrue = (conditions: ReadonlyArray<JsonObject>, type: string): boolean =>
  conditions.find((condition) => condition["type"] === type)?.["status"] === "True"
