/** What is in use is not removed: the finalizers that every claim and volume gets (`plugin/pkg/admission/storage/storageobjectinuseprotection`). */
import type { JsonObject } from "../../../event/Json.ts"
import { mapping } from "../fields.ts"

/** `given` with the finalizer behind those that it has. */
export const protectedBy = (given: JsonObject, finalizer: string): JsonObject => {
  const metadata = mapping(given, "metadata")
  const finalizers = (metadata["finalizers"] ?? []) as ReadonlyArray<string>
  return finalizers.includes(finalizer)
    ? given
    : { ...given, metadata: { ...metadata, finalizers: [...finalizers, finalizer] } }
}
