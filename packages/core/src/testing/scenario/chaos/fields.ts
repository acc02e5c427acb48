/** Objects without the fields that are not there. */
import type { JsonObject } from "../../../event/Json.ts"

/** The fields whose value is not `undefined`. */
export const present = (fields: JsonObject): JsonObject => {
  const kept: { [field: string]: JsonObject[string] } = {}
  for (const field in fields) if (fields[field] !== undefined) kept[field] = fields[field]
  return kept
}
