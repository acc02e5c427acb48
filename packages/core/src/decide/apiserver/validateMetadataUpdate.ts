/** What no update may change in an object's metadata (`k8s.io/apimachinery/pkg/api/validation/objectmeta.go`, ValidateObjectMetaUpdate). */
import type { JsonObject } from "../../event/Json.ts"
import { text } from "./fields.ts"
import { type FieldError, fieldForbidden, invalid } from "./status.ts"
import { commonMetadataErrors, metadataFinalizerErrors, updatableMetadataErrors } from "./validateObjectMeta.ts"

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

const updateErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => [
  ...newFinalizers(next, old),
  ...(text(next, "uid") === text(old, "uid") ? [] : [invalid("metadata.uid", text(next, "uid"), IMMUTABLE)]),
  ...updatableMetadataErrors(next)
]

/** validateCommonFields: what every update has to keep to, whatever its kind (`k8s.io/apiserver/pkg/registry/rest/update.go`). */
export const commonUpdateErrors = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => [
  ...commonMetadataErrors(next),
  ...updateErrors(next, old)
]

/** ValidateObjectMetaUpdate as the kinds themselves ask for it, once more (`pkg/apis/core/validation/validation.go`). */
export const validateMetadataUpdate = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => [
  ...updateErrors(next, old),
  ...metadataFinalizerErrors(next)
]
