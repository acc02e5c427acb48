/** Reads a field of a JSON object if it has the expected type; what has another type is left to the pod's `rest`. */
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"

type Field = Json | undefined

export const text = (value: Field): string | undefined => (typeof value === "string" ? value : undefined)

/** A string or `null`: how Go writes a `metav1.Time`, which may be zero. */
export const time = (value: Field): string | null | undefined => (value === null ? null : text(value))

export const integer = (value: Field): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) ? value : undefined

export const flag = (value: Field): boolean | undefined => (typeof value === "boolean" ? value : undefined)

export const object = (value: Field): JsonObject | undefined => (isJsonObject(value) ? value : undefined)

export const list = (value: Field): ReadonlyArray<Json> | undefined =>
  Array.isArray(value) ? (value as ReadonlyArray<Json>) : undefined

export const objects = (value: Field): ReadonlyArray<JsonObject> | undefined => {
  const items = list(value)
  return items?.every(isJsonObject) === true ? (items as ReadonlyArray<JsonObject>) : undefined
}

/** The same object with its keys in that order, others behind; itself if they stand so already. */
export const inOrder = <T extends JsonObject>(value: T, order: ReadonlyArray<string>): T => {
  const rank = (key: string) => {
    const index = order.indexOf(key)
    return index < 0 ? order.length : index
  }
  const keys = Object.keys(value)
  if (keys.every((key, i) => i === 0 || rank(keys[i - 1] ?? "") <= rank(key))) return value
  return Object.fromEntries(keys.sort((a, b) => rank(a) - rank(b)).map((key) => [key, value[key]])) as T
}
