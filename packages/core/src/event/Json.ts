/** JSON as a value, its canonical text, and equality. */

export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Equal up to the order of keys; a key whose value is `undefined` counts as absent. */
export const jsonEqual = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && equalLists(a, b)
  }
  return equalObjects(a as JsonObject, b as JsonObject)
}

const equalLists = (a: ReadonlyArray<Json>, b: ReadonlyArray<Json>): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!jsonEqual(a[i], b[i])) return false
  return true
}

/** Asked millions of times: no lists of keys, no closures. What JSON made has no enumerable keys but its own. */
const equalObjects = (a: JsonObject, b: JsonObject): boolean => {
  let present = 0
  for (const key in a) {
    const [x, y] = [a[key], b[key]]
    if (x === undefined) continue
    present++
    if (x !== y && (typeof x !== "object" || !Object.hasOwn(b, key) || !jsonEqual(x, y))) return false
  }
  for (const key in b) if (b[key] !== undefined) present--
  return present === 0
}

/** One text for equal values: keys sorted by code unit, no blanks, absent keys left out. */
export const canonical = (value: Json | undefined): string => {
  if (value === undefined) return "null"
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  const object = value as JsonObject
  const keys = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(object[key])}`).join(",")}}`
}
