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

/** Where each key of a kind of object stands; keys that it does not know stand behind. */
export type Order = ReadonlyMap<string, number>

export const orderOf = (keys: ReadonlyArray<string>): Order => new Map(keys.map((key, rank) => [key, rank]))

/** The same object with its keys in that order; itself if they stand so already. */
export const inOrder = <T extends JsonObject>(value: T, order: Order): T => {
  const rank = (key: string) => order.get(key) ?? order.size
  const keys = Object.keys(value)
  let last = -1
  for (const key of keys) {
    if (rank(key) < last)
      return Object.fromEntries(keys.sort((a, b) => rank(a) - rank(b)).map((k) => [k, value[k]])) as T
    last = rank(key)
  }
  return value
}
