/** JSON Patch as the API server carries it out (RFC 6902; `gopkg.in/evanphx/json-patch.v4`, patch.go, with its leniencies). */
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "../../event/Json.ts"
import { text } from "./fields.ts"

/** `undefined`: the operation does not apply. */
type Applied = Json | undefined
type Holder = JsonObject | ReadonlyArray<Json>

const isList = (value: Json | undefined): value is ReadonlyArray<Json> => Array.isArray(value)

const tokensOf = (path: string): ReadonlyArray<string> =>
  path
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))

/** A place among `length`; a negative one counts from the end. `undefined`: there is no such place. */
const indexOf = (key: string, length: number): number | undefined => {
  const index = Number(key)
  if (!/^[+-]?\d+$/.test(key) || index >= length || index < -length) return undefined
  return index < 0 ? index + length : index
}

/** A member that an object does not have is taken for null; an item that a list does not have is none. */
const found = (holder: Holder, key: string): Applied => {
  if (!isList(holder)) return Object.hasOwn(holder, key) ? (holder[key] ?? null) : null
  const index = indexOf(key, holder.length)
  return index === undefined ? undefined : holder[index]
}

/** What holds the place that a path names. */
const holderOf = (document: Json, path: string): Holder | undefined => {
  const tokens = tokensOf(path)
  let holder: Json | undefined = tokens.length === 0 ? undefined : document
  for (const token of tokens.slice(0, -1))
    holder = isJsonObject(holder) || isList(holder) ? found(holder, token) : undefined
  return isJsonObject(holder) || isList(holder) ? holder : undefined
}

const lastOf = (path: string): string => tokensOf(path).at(-1) ?? ""

/** The document with another holder in the place of that path's holder. */
const withHolder = (document: Json, path: string, holder: Json): Json => {
  const put = (value: Json, tokens: ReadonlyArray<string>): Json => {
    const [token, ...rest] = tokens
    if (token === undefined) return holder
    if (isList(value)) {
      const index = indexOf(token, value.length) ?? 0
      return value.with(index, put(value[index] ?? null, rest))
    }
    const object = value as JsonObject
    return { ...object, [token]: put(object[token] ?? null, rest) }
  }
  return put(document, tokensOf(path).slice(0, -1))
}

const added = (holder: Holder, key: string, value: Json): Applied => {
  if (!isList(holder)) return { ...holder, [key]: value }
  const index = key === "-" ? holder.length : indexOf(key, holder.length + 1)
  return index === undefined ? undefined : holder.toSpliced(index, 0, value)
}

const removed = (holder: Holder, key: string): Applied => {
  if (isList(holder)) {
    const index = indexOf(key, holder.length)
    return index === undefined ? undefined : holder.toSpliced(index, 1)
  }
  if (!Object.hasOwn(holder, key)) return undefined
  const { [key]: _, ...others } = holder
  return others
}

const replaced = (holder: Holder, key: string, value: Json): Applied => {
  if (!isList(holder)) return { ...holder, [key]: value }
  const index = indexOf(key, holder.length)
  return index === undefined ? undefined : holder.with(index, value)
}

/** Changes what holds the place; nothing applies where nothing holds it. */
const changed = (document: Json, path: string, change: (holder: Holder, key: string) => Applied): Applied => {
  const holder = holderOf(document, path)
  const next = holder === undefined ? undefined : change(holder, lastOf(path))
  return next === undefined ? undefined : withHolder(document, path, next)
}

const transfer = (document: Json, from: string, path: string, moves: boolean): Applied => {
  const holder = holderOf(document, from)
  const value = holder === undefined ? undefined : found(holder, lastOf(from))
  const rest = moves ? changed(document, from, removed) : document
  if (value === undefined || rest === undefined) return undefined
  return changed(rest, path, (target, key) => added(target, key, value))
}

const valueAt = (document: Json, path: string): Applied => {
  const holder = holderOf(document, path)
  return path === "" ? document : holder && found(holder, lastOf(path))
}

const apply = (document: Json, operation: JsonObject): Applied => {
  const [path, from, value] = [operation["path"], operation["from"], operation["value"] ?? null]
  if (typeof path !== "string") return undefined
  switch (text(operation, "op")) {
    case "add":
      return changed(document, path, (holder, key) => added(holder, key, value))
    case "remove":
      return changed(document, path, removed)
    case "replace":
      return path === "" ? value : changed(document, path, (holder, key) => replaced(holder, key, value))
    case "test":
      return jsonEqual(valueAt(document, path), value) ? document : undefined
    case "move":
    case "copy":
      return typeof from === "string" ? transfer(document, from, path, operation["op"] === "move") : undefined
    default:
      return undefined
  }
}

/** One operation after the other; the first that does not apply refuses the whole patch (`undefined`). */
export const jsonPatch = (document: Json, operations: ReadonlyArray<Json>): Applied => {
  let patched: Applied = document
  for (const operation of operations) {
    if (patched === undefined || !isJsonObject(operation)) return undefined
    patched = apply(patched, operation)
  }
  return patched
}
