/** A JSON value as Go prints it with `%v`: `map[a:1 b:[x y]]`. */
import type { Json, JsonObject } from "../../event/Json.ts"

export const goText = (value: Json | undefined): string => {
  if (value === null || value === undefined) return "<nil>"
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`
  if (typeof value !== "object") return String(value)
  const object = value as JsonObject
  const keys = Object.keys(object).filter((key) => object[key] !== undefined)
  return `map[${keys
    .sort()
    .map((key) => `${key}:${goText(object[key])}`)
    .join(" ")}]`
}
