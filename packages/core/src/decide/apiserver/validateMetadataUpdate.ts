/** What no update may change in an object's metadata (`k8s.io/apimachinery/pkg/api/validation/objectmeta.go`, ValidateObjectMetaUpdate). */
import type { JsonObject } from "../../event/Json.ts"
import { text } from "./fields.ts"
import { type FieldError, fieldForbidden, invalid } from "./status.ts"

export const IMMUTABLE = "field is immutable"

const finalizersOf = (metadata: JsonObject): ReadonlyArray<string> =>
  Array.isArray(metadata["finalizers"]) ? metadata["finalizers"].map(String) : []

/** Once deletion has begun nobody may hold the object back any more. */
const newFinalizers = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const extra = finalizersOf(next).filter((finalizer) => !finalizersOf(old).includes(finalizer))
  if (old["deletionTimestamp"] === undefined || extra.length === 0) return []
  const shown = [...new Set(extra)].sort().map((finalizer) => JSON.stringify(finalizer))
  return [
    fieldForbidden(
      "metadata.finalizers",
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${shown.join(", ")}}`
    )
  ]
}

export const validateMetadataUpdate = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => [
  ...newFinalizers(next, old),
  ...(text(next, "uid") === text(old, "uid") ? [] : [invalid("metadata.uid", text(next, "uid"), IMMUTABLE)])
]
