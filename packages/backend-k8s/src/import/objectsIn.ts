/** The objects in a value that a tool wrote: one, a list of them, or the entry of a list. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import { itemsOf, typed } from "./objects.ts"

const isObject = (value: JsonObject): boolean =>
  typeof value.kind === "string" && isJsonObject(value.metadata) && typeof value.metadata.name === "string"

const word = (head: string, field: string): string | undefined =>
  new RegExp(`"${field}"\\s*:\\s*"([^"\\\\]*)"`).exec(head)?.[1]

/** What stood before a list says of what kind it is, if it says so before and not after it. */
const listOf = (head: string): JsonObject => ({
  ...(word(head, "kind") === undefined ? {} : { kind: word(head, "kind") as string }),
  ...(word(head, "apiVersion") === undefined ? {} : { apiVersion: word(head, "apiVersion") as string })
})

/** An Event as event-exporter writes it says no kind. */
const named = (value: JsonObject): JsonObject =>
  value.kind === undefined && isJsonObject(value.involvedObject) && isJsonObject(value.metadata)
    ? { apiVersion: "v1", kind: "Event", ...value }
    : value

/** `undefined`: it holds no objects of Kubernetes and is not what is left of a list of them. */
export const objectsIn = (value: Json, head?: string): ReadonlyArray<JsonObject> | undefined => {
  if (Array.isArray(value)) {
    const all = value.map((item: Json) => objectsIn(item))
    return value.length === 0 || all.some((items) => items !== undefined)
      ? all.flatMap((items) => items ?? [])
      : undefined
  }
  if (!isJsonObject(value)) return undefined
  if (Array.isArray(value.items)) {
    const items = itemsOf(value).map(named)
    return items.length === 0 || items.some(isObject) ? items.filter(isObject) : undefined
  }
  // A list of nothing: `items` is null.
  if (value.items === null && typeof value.kind === "string" && value.kind.endsWith("List")) return []
  const object = named(head === undefined ? value : typed(value, listOf(head)))
  return isObject(object) ? [object] : undefined
}
