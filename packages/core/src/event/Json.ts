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
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => jsonEqual(item, b[i]))
  }
  const [x, y] = [a as JsonObject, b as JsonObject]
  let present = 0
  for (const key of Object.keys(x)) {
    if (x[key] === undefined) continue
    present++
    if (!Object.hasOwn(y, key) || !jsonEqual(x[key], y[key])) return false
  }
  for (const key of Object.keys(y)) if (y[key] !== undefined) present--
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
