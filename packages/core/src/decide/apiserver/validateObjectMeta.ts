/** What the API server refuses in an object's metadata (`k8s.io/apimachinery/pkg/api/validation/objectmeta.go`; C-044). */
import type { JsonObject } from "../../event/Json.ts"
import { mapping, text } from "./fields.ts"
import { dns1123Subdomain, labelValue, qualifiedName } from "./nameRules.ts"
import { type FieldError, invalid, required } from "./status.ts"

export const validateLabels = (object: JsonObject, path: string): ReadonlyArray<FieldError> =>
  Object.keys(object).flatMap((key) => [
    ...qualifiedName(key).map((message) => invalid(path, key, message)),
    ...labelValue(text(object, key)).map((message) => invalid(path, text(object, key), message))
  ])

/** Keys as labels have them, whatever their case; values may be anything. */
export const validateAnnotations = (object: JsonObject, path: string): ReadonlyArray<FieldError> =>
  Object.keys(object)
    .map((key) => key.toLowerCase())
    .flatMap((key) => qualifiedName(key).map((message) => invalid(path, key, message)))

/** ValidateObjectMeta of a kind whose names are subdomains; `metadata` is as it will be stored. */
export const validateObjectMeta = (metadata: JsonObject): ReadonlyArray<FieldError> => {
  const [name, base] = [text(metadata, "name"), text(metadata, "generateName")]
  const finalizers = Array.isArray(metadata["finalizers"]) ? metadata["finalizers"].map(String) : []
  return [
    // A base may end with a hyphen: more will follow it.
    ...(base === ""
      ? []
      : dns1123Subdomain(base.replace(/-$/, "a")).map((message) => invalid("metadata.generateName", base, message))),
    ...(name === ""
      ? [required("metadata.name", "name or generateName is required")]
      : dns1123Subdomain(name).map((message) => invalid("metadata.name", name, message))),
    ...validateLabels(mapping(metadata, "labels"), "metadata.labels"),
    ...validateAnnotations(mapping(metadata, "annotations"), "metadata.annotations"),
    ...finalizers.flatMap((finalizer) =>
      qualifiedName(finalizer).map((message) => invalid("metadata.finalizers", finalizer, message))
    )
  ]
}
