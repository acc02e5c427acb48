/** What a change of a JSON value is, and carrying it out; exact, whatever the keys, up to the order of keys. */
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
export const markedKey = (key: string): string => (marker.test(key) ? `!${key}` : key)
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

const applyToArray = (base: Json | undefined, change: JsonObject): Json => {
  if (!Array.isArray(base)) throw new TypeError("the change is for an array")
  const out: Array<Json> = typeof change["<"] === "number" ? base.slice(0, change["<"]) : base.slice()
  const parts = change["~"] as JsonObject
  for (const i in parts) out[Number(i)] = apply(out[Number(i)], parts[i] as Change)
  return Array.isArray(change["+"]) ? out.concat(change["+"]) : out
}

const without = (object: Mutable, gone: ReadonlyArray<string>): void => {
  for (const key of gone) delete object[key]
}

/** The value that `change` makes of `base`; `base` stays as it is and shares its parts. Throws if they do not belong together. */
export const apply = (base: Json | undefined, change: Change): Json => {
  if (!isObject(change)) return change
  let out: Mutable | undefined
  for (const key in change) {
    const part = change[key] as Change
    if (key === "=") return part
    if (key === "~") return applyToArray(base, change)
    if (!isObject(base)) break
    out ??= { ...base } as Mutable
    if (key === "-") without(out, part as ReadonlyArray<string>)
    else if (typeof part !== "object" && !key.startsWith("!")) out[key] = part
    else put(out, plainKey(key), apply(own(base, plainKey(key)), part))
  }
  if (!isObject(base)) throw new TypeError("the change is for an object")
  return out ?? base
}
