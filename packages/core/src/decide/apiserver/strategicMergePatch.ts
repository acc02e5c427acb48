/**
 * Strategic merge patch (`k8s.io/apimachinery/pkg/util/strategicpatch/patch.go`, StrategicMergeMapPatch): a merge patch that knows by
 * which field the items of Kubernetes' lists are told apart, and takes directives: `$patch`, `$retainKeys`, `$setElementOrder/…`,
 * `$deleteFromPrimitiveList/…`.
 */
import { Result } from "effect"
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "../../event/Json.ts"
import { aliasOf, fieldsOf } from "./apiTypes.ts"
import { goText } from "./goText.ts"
import { patchStrategies } from "./patchStrategies.ts"

/** Why a patch cannot be carried out, with the HTTP status of the refusal. */
export interface PatchFailure {
  readonly code: 400 | 422 | 500
  readonly message: string
}

class Refusal extends Error {
  readonly failure: PatchFailure
  constructor(code: PatchFailure["code"], message: string) {
    super(message)
    this.failure = { code, message }
  }
}

type List = ReadonlyArray<Json>
type Writable = { [key: string]: Json | undefined }

const DIRECTIVE = "$patch"
const ORDER = "$setElementOrder/"
const DELETIONS = "$deleteFromPrimitiveList/"
const RETAIN = "$retainKeys"

const bareType = (type: string): string => {
  const bare = type.replace(/^(?:\*|\[\]|\{\})+/, "")
  const alias = aliasOf(bare)
  return alias === undefined ? bare : bareType(alias)
}

/** The type of a field's value (of a list: of its items); `undefined` where we have no types. */
export const typeOf = (type: string | undefined, field: string): string | undefined => {
  const found = type === undefined ? undefined : fieldsOf(type)?.find(({ name }) => name === field)
  return found === undefined ? undefined : bareType(found.type)
}

/** The key by which the items of a list are told apart; "" for scalars; `undefined`: the list is replaced. */
export const mergeKeyOf = (type: string | undefined, field: string): string | undefined => {
  const name = `${type ?? ""}.${field}`
  return Object.hasOwn(patchStrategies, name) ? patchStrategies[name] : undefined
}

const keyOf = (item: Json, mergeKey: string): Json => {
  if (!isJsonObject(item)) throw new Refusal(500, `expected a map[string]interface {}, but received a ${typeof item}`)
  const key = item[mergeKey]
  if (key === undefined) throw new Refusal(500, `map: ${goText(item)} does not contain declared merge key: ${mergeKey}`)
  return key
}

/** Where in a list stands an item like this one? -1: nowhere. */
const position = (list: List, item: Json, mergeKey: string): number =>
  mergeKey === ""
    ? list.findIndex((other) => jsonEqual(other, item))
    : list.findIndex((other) => jsonEqual(keyOf(other, mergeKey), keyOf(item, mergeKey)))

/** The items of the patch in its order, those of the server alone in theirs; where both know an item's place the server's comes first. */
const inOrder = (merged: List, patchOrder: List, serverOrder: List, mergeKey: string): List => {
  const rank = (order: List) => (a: Json, b: Json) => position(order, a, mergeKey) - position(order, b, mergeKey)
  const patched = merged.filter((item) => position(patchOrder, item, mergeKey) >= 0).sort(rank(patchOrder))
  const others = merged.filter((item) => position(patchOrder, item, mergeKey) < 0).sort(rank(serverOrder))
  const result: Array<Json> = []
  while (patched.length > 0 && others.length > 0) {
    const [left, right] = [others[0] as Json, patched[0] as Json]
    const [before, after] = [position(serverOrder, left, mergeKey), position(serverOrder, right, mergeKey)]
    result.push((before >= 0 && after >= 0 && before < after ? others.shift() : patched.shift()) as Json)
  }
  return [...result, ...others, ...patched]
}

/** A value of the patch where there is nothing to merge it with: no nulls, nothing that carries a directive. */
const withoutDirectives = (value: Json): Json | undefined => {
  if (Array.isArray(value)) return value.flatMap((item: Json) => withoutDirectives(item) ?? [])
  if (!isJsonObject(value)) return value
  if (value[DIRECTIVE] !== undefined) return undefined
  const kept: Writable = {}
  for (const [key, inner] of Object.entries(value)) {
    const left = inner === null || inner === undefined ? undefined : withoutDirectives(inner)
    if (left !== undefined) kept[key] = left
  }
  return kept
}

/** Items of the patch that are directives act at once: what is left of both lists. */
const specialElements = (original: List, patch: List, mergeKey: string): readonly [original: List, patch: List] => {
  let left = original
  const plain: Array<Json> = []
  let replaces = false
  for (const item of patch) {
    const directive = isJsonObject(item) ? item[DIRECTIVE] : undefined
    if (directive === undefined) plain.push(item)
    else if (directive === "delete")
      left = left.filter((other) => !jsonEqual(keyOf(other, mergeKey), keyOf(item, mergeKey)))
    else if (directive === "replace") replaces = true
    else if (directive === "merge") throw new Refusal(500, "merging lists cannot yet be specified in the patch")
    else throw new Refusal(500, `unknown patch type: ${goText(directive)} in map: ${goText(item)}`)
  }
  return replaces ? [plain, []] : [left, plain]
}

const mergeItems = (original: List, patch: List, mergeKey: string, type: string | undefined): List => {
  const merged = [...original]
  for (const item of patch) {
    const at = mergeKey === "" ? position(merged, item, "") : position(merged, item, mergeKey)
    if (at < 0) merged.push(item)
    else if (mergeKey !== "") merged[at] = mergeObject(merged[at] as JsonObject, item as JsonObject, type)
  }
  return merged
}

const mergeList = (given: List, patched: List, mergeKey: string, type: string | undefined): List => {
  const isList = [...given, ...patched].some((item) => Array.isArray(item))
  if (isList) throw new Refusal(422, "lists of lists are not supported")
  const [original, patch] = mergeKey === "" ? [given, patched] : specialElements(given, patched, mergeKey)
  return inOrder(mergeItems(original, patch, mergeKey, type), patch, original, mergeKey)
}

/** `$setElementOrder/…` and the list that it speaks of, together. */
const mergeOrdered = (original: Writable, patch: JsonObject, field: string, type: string | undefined): void => {
  const [order, change] = [patch[`${ORDER}${field}`], patch[field]]
  if (!Array.isArray(order) || (change !== undefined && !Array.isArray(change)))
    throw new Refusal(400, "invalid patch format of setElementOrder list")
  const [known, there] = [mergeKeyOf(type, field), original[field]]
  const old = Array.isArray(there) ? there : undefined
  if (old === undefined && change === undefined) return
  const merged =
    change === undefined || old === undefined
      ? (old ?? (withoutDirectives(change ?? []) as List))
      : known === undefined
        ? (change as List)
        : mergeList(old, change, known, typeOf(type, field))
  original[field] = inOrder(merged, order, old ?? [], known ?? "")
}

const retainKeys = (original: JsonObject, patch: JsonObject): JsonObject => {
  const keys = patch[RETAIN]
  if (keys === undefined) return original
  if (!Array.isArray(keys)) throw new Refusal(400, "invalid patch format of retainKeys")
  const stray = Object.keys(patch).some((key) => !key.startsWith("$") && patch[key] !== null && !keys.includes(key))
  if (stray) throw new Refusal(400, "invalid patch format of retainKeys")
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key)))
}

const mergeField = (original: Writable, field: string, change: Json, type: string | undefined): void => {
  const there = original[field]
  if (isJsonObject(there) && isJsonObject(change)) {
    original[field] = mergeObject(there, change, typeOf(type, field))
  } else if (Array.isArray(there) && Array.isArray(change)) {
    const mergeKey = mergeKeyOf(type, field)
    original[field] = mergeKey === undefined ? change : mergeList(there, change, mergeKey, typeOf(type, field))
  } else {
    const value = withoutDirectives(change)
    if (value === undefined) delete original[field]
    else original[field] = value
  }
}

const mergeObject = (given: JsonObject, patch: JsonObject, type: string | undefined): JsonObject => {
  const directive = patch[DIRECTIVE]
  if (directive === "replace") {
    const { [DIRECTIVE]: _, ...rest } = patch
    return rest
  }
  if (directive === "delete") return {}
  if (directive !== undefined)
    throw new Refusal(500, `unknown patch type: ${goText(directive)} in map: ${goText(patch)}`)
  const original: Writable = { ...retainKeys(given, patch) }
  const ordered = Object.keys(patch).filter((key) => key.startsWith(ORDER))
  const done = new Set(ordered.map((key) => key.slice(ORDER.length)))
  for (const field of done) mergeOrdered(original, patch, field, type)
  for (const [key, change] of Object.entries(patch)) {
    if (change === undefined || key === RETAIN || key.startsWith(ORDER) || done.has(key)) continue
    if (key.startsWith(DELETIONS)) {
      const field = key.slice(DELETIONS.length)
      const list = original[field]
      if (Array.isArray(list) && Array.isArray(change))
        original[field] = list.filter((item: Json) => position(change, item, "") < 0)
    } else if (change === null) delete original[key]
    else mergeField(original, key, change, type)
  }
  return original
}

/** `type`: the kind of the object, for the merge keys of its lists. */
export const strategicMergePatch = (
  original: JsonObject,
  patch: JsonObject,
  type: string
): Result.Result<JsonObject, PatchFailure> => {
  try {
    return Result.succeed(mergeObject(original, patch, type))
  } catch (problem) {
    if (problem instanceof Refusal) return Result.fail(problem.failure)
    throw problem
  }
}
