/** Looking into JSON whose shape is known, but for what a client left out. */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"

export const text = (object: JsonObject, key: string): string => (typeof object[key] === "string" ? object[key] : "")

export const integer = (object: JsonObject, key: string): number | undefined =>
  typeof object[key] === "number" ? object[key] : undefined

export const integers = (object: JsonObject, key: string): ReadonlyArray<number> => {
  const value = object[key]
  return Array.isArray(value) ? value.filter((item: Json) => typeof item === "number") : []
}

/** The texts in the list at `key`. */
export const textsOf = (object: JsonObject, key: string): ReadonlyArray<string> => {
  const value = object[key]
  return Array.isArray(value) ? value.map(String) : []
}

/** The mapping at `key`; an empty one if there is none. */
export const mapping = (object: JsonObject, key: string): JsonObject => {
  const value = object[key]
  return isJsonObject(value) ? value : bare
}

const bare: JsonObject = Object.freeze({})

export const specOf = (object: JsonObject): JsonObject => mapping(object, "spec")
export const statusOf = (object: JsonObject): JsonObject => mapping(object, "status")

/** The mappings in the list at `key`. */
export const entries = (object: JsonObject, key: string): ReadonlyArray<JsonObject> => {
  const value = object[key]
  if (!Array.isArray(value)) return nothing
  const list: ReadonlyArray<Json> = value
  return (list.every(isJsonObject) ? list : list.filter(isJsonObject)) as ReadonlyArray<JsonObject>
}

const nothing: ReadonlyArray<JsonObject> = []

/** Each entry with its path. */
export const numbered = (
  list: ReadonlyArray<JsonObject>,
  path: string
): ReadonlyArray<{ readonly item: JsonObject; readonly at: string }> =>
  list.map((item, i) => ({ item, at: `${path}[${i}]` }))

/** The lists of a pod's containers: those first that run first. */
export const containerLists = ["initContainers", "containers", "ephemeralContainers"] as const

/** All containers of a pod. */
export const containersOf = (spec: JsonObject): ReadonlyArray<JsonObject> =>
  containerLists.flatMap((list) => entries(spec, list))

/** All containers of a pod with their paths, those first that run first (`pkg/apis/core/pods/helpers.go`, VisitContainersWithPath). */
export const visitContainers = (spec: JsonObject): ReadonlyArray<{ readonly item: JsonObject; readonly at: string }> =>
  containerLists.flatMap((list) => numbered(entries(spec, list), `spec.${list}`))
