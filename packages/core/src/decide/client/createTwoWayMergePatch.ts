/**
 * The strategic merge patch that makes one object of another (`k8s.io/apimachinery/pkg/util/strategicpatch/patch.go`,
 * CreateTwoWayMergePatch): what a client sends that has changed what it read.
 */
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "../../event/Json.ts"
import { mergeKeyOf, typeOf } from "../apiserver/strategicMergePatch.ts"

type Writable = { [key: string]: Json }

const keyed = (list: ReadonlyArray<Json>, key: string): ReadonlyMap<string, JsonObject> | undefined => {
  const found = new Map<string, JsonObject>()
  for (const item of list) {
    if (!isJsonObject(item) || item[key] === undefined) return undefined
    found.set(JSON.stringify(item[key]), item)
  }
  return found.size === list.length ? found : undefined
}

/** Items that are new or changed, a word for each that goes, and the order in which all are to stand; `undefined`: replaced whole. */
const listDiff = (
  [old, next]: readonly [ReadonlyArray<Json>, ReadonlyArray<Json>],
  key: string,
  itemType: string | undefined
): { readonly items: ReadonlyArray<Json>; readonly order: ReadonlyArray<Json> } | undefined => {
  const [before, after] = [keyed(old, key), keyed(next, key)]
  if (before === undefined || after === undefined) return undefined
  const items: Array<Json> = []
  for (const [id, item] of after) {
    const known = before.get(id)
    if (known === undefined) items.push(item)
    else if (!jsonEqual(known, item)) items.push({ ...diff(known, item, itemType), [key]: item[key] ?? null })
  }
  for (const [id, item] of before) if (!after.has(id)) items.push({ $patch: "delete", [key]: item[key] ?? null })
  return { items, order: [...after.values()].map((item) => ({ [key]: item[key] ?? null })) }
}

const ofField = (
  patch: Writable,
  field: string,
  [old, next]: readonly [Json, Json],
  type: string | undefined
): void => {
  const itemType = typeOf(type, field)
  if (isJsonObject(old) && isJsonObject(next)) {
    patch[field] = diff(old, next, itemType)
    return
  }
  const key = mergeKeyOf(type, field)
  const lists = Array.isArray(old) && Array.isArray(next) ? ([old, next] as const) : undefined
  const merged = lists === undefined || key === undefined || key === "" ? undefined : listDiff(lists, key, itemType)
  if (merged === undefined) {
    patch[field] = next
    return
  }
  if (merged.items.length > 0) patch[field] = merged.items
  patch[`$setElementOrder/${field}`] = merged.order
}

const diff = (old: JsonObject, next: JsonObject, type: string | undefined): JsonObject => {
  const patch: Writable = {}
  for (const field of Object.keys(old)) if (next[field] === undefined && old[field] !== undefined) patch[field] = null
  for (const [field, value] of Object.entries(next)) {
    const before = old[field]
    if (value === undefined || (before !== undefined && jsonEqual(before, value))) continue
    if (before === undefined || before === null) patch[field] = value
    else ofField(patch, field, [before, value], type)
  }
  return patch
}

/** `type`: Kubernetes' name of what both are: `PodStatus`. */
export const createTwoWayMergePatch = (old: JsonObject, next: JsonObject, type: string): JsonObject =>
  diff(old, next, type)
