/** JSON Merge Patch (RFC 7386; `gopkg.in/evanphx/json-patch.v4`, merge.go): null takes a member away, a list is replaced as a whole. */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"

export const mergePatch = (target: Json | undefined, patch: Json): Json => {
  if (!isJsonObject(patch)) return patch
  const merged = new Map<string, Json | undefined>(isJsonObject(target) ? Object.entries(target) : [])
  for (const [key, change] of Object.entries(patch)) {
    if (change === null || change === undefined) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), change))
  }
  return Object.fromEntries(merged) as JsonObject
}
