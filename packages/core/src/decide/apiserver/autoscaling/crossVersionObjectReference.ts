/** An object of another kind, by its kind, name and version (`pkg/apis/autoscaling/validation/validation.go`, ValidateCrossVersionObjectReference). */
import type { JsonObject } from "../../../event/Json.ts"
import { text } from "../fields.ts"
import { pathSegmentName } from "../nameRules.ts"
import { type FieldError, invalid, required } from "../status.ts"

/** Of which references the API version is not looked at, or may lack its group. */
export interface ReferenceRules {
  readonly anyVersion: boolean
  readonly emptyGroup: boolean
}

/** ValidateAPIVersion. */
export const versionErrors = (
  version: string,
  { anyVersion, emptyGroup }: ReferenceRules,
  at: string
): ReadonlyArray<FieldError> => {
  const parts = version.split("/")
  if (anyVersion) return []
  if (parts.length > 2) return [invalid(at, version, `unexpected GroupVersion string: ${version}`)]
  const group = parts.length === 2 ? parts[0] : ""
  return group === "" && !emptyGroup ? [invalid(at, version, "apiVersion must specify API group")] : []
}

/** ValidateCrossVersionObjectReference. */
export const referenceErrors = (
  reference: JsonObject,
  at: string,
  rules: ReferenceRules
): ReadonlyArray<FieldError> => [
  ...["kind", "name"].flatMap((field) => {
    const value = text(reference, field)
    if (value === "") return [required(`${at}.${field}`)]
    return pathSegmentName(value).map((message) => invalid(`${at}.${field}`, value, message))
  }),
  ...versionErrors(text(reference, "apiVersion"), rules, `${at}.apiVersion`)
]
