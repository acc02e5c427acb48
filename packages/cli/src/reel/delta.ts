/** The difference between two JSON values, as JSON; exact, whatever the keys, up to the order of keys. */
import type { Json, JsonObject } from "@kubereel/core"

/*
 * A change is one of
 *   anything but an object   the new value itself
 *   {"=": value}             the new value, where it is an object
 *   {"~": {i: change}, "<": n, "+": [value]}   an array: changes by index, cut to n items, items put behind
 *   {key: change, "-": [key]}                  an object: changed or new keys, keys that went
 * A key that begins with one of the markers, or that JavaScript treats specially, has an exclamation mark before it.
 */
export type Change = Json

export type Mutable = { [key: string]: Json }

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const marker = /^[-=~<+!]|^__proto__$/
const markedKey = (key: string): string => (marker.test(key) ? `!${key}` : key)
const plainKey = (key: string): string => (key.startsWith("!") ? key.slice(1) : key)

/** An own key's value. JSON has no functions, so of what is inherited only `__proto__` could be taken for a value. */
export const own = (object: JsonObject, key: string): Json | undefined => {
  const value = object[key]
  return typeof value === "function" || (key === "__proto__" && !Object.hasOwn(object, key)) ? undefined : value
}

export const put = (object: Mutable, key: string, value: Json): void => {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  else object[key] = value
}

const literal = (value: Json): Change => (isObject(value) ? { "=": value } : value)

const diffArray = (base: ReadonlyArray<Json>, next: ReadonlyArray<Json>): Change | undefined => {
  const changes: Mutable = {}
  const common = Math.min(base.length, next.length)
  let changed = 0
  for (let i = 0; i < common; i++) {
    const change = diff(base[i] as Json, next[i] as Json)
    if (change === undefined) continue
    changes[i] = change
    changed++
  }
  if (changed === 0 && base.length === next.length) return undefined
  return {
    "~": changes,
    ...(next.length < base.length ? { "<": next.length } : {}),
    ...(next.length > base.length ? { "+": next.slice(common) } : {})
  }
}

const diffObject = (base: JsonObject, next: JsonObject): Change | undefined => {
  let out: Mutable | undefined
  for (const key in next) {
    const value = next[key]
    const before = own(base, key)
    if (value === before || value === undefined) continue
    const change = before === undefined ? literal(value) : diff(before, value)
    if (change === undefined) continue
    out ??= {}
    out[markedKey(key)] = change
  }
  const gone: Array<string> = []
  for (const key in base) if (base[key] !== undefined && own(next, key) === undefined) gone.push(key)
  return gone.length === 0 ? out : { ...out, "-": gone }
}

/** What turns `base` into `next`; `undefined` where nothing does. Equal parts must be identical: `next` comes from `share`. */
export const diff = (base: Json, next: Json): Change | undefined => {
  if (base === next) return undefined
  if (typeof base !== "object" || typeof next !== "object" || base === null || next === null) return literal(next)
  if (Array.isArray(base)) return Array.isArray(next) ? diffArray(base, next) : literal(next)
  return Array.isArray(next) ? literal(next) : diffObject(base as JsonObject, next as JsonObject)
}

const applyToArray = (base: Json, change: JsonObject): Json => {
  if (!Array.isArray(base)) throw new TypeError("the change is for an array")
  const out: Array<Json> = typeof change["<"] === "number" ? base.slice(0, change["<"]) : base.slice()
  for (const [i, part] of Object.entries(change["~"] as JsonObject))
    out[Number(i)] = apply(out[Number(i)] as Json, part as Change)
  return Array.isArray(change["+"]) ? out.concat(change["+"]) : out
}

/** The value that `change` makes of `base`; `base` stays as it is and shares its parts. Throws if they do not belong together. */
export const apply = (base: Json, change: Change): Json => {
  if (!isObject(change)) return change
  if (change["="] !== undefined) return change["="]
  if (change["~"] !== undefined) return applyToArray(base, change)
  if (!isObject(base)) throw new TypeError("the change is for an object")
  const out = { ...base } as Mutable
  for (const key of Object.keys(change)) {
    if (key === "-") for (const gone of change["-"] as ReadonlyArray<string>) delete out[gone]
    else put(out, plainKey(key), apply(own(base, plainKey(key)) as Json, change[key] as Change))
  }
  return out
}
