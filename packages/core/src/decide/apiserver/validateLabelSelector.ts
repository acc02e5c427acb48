/** Selectors by labels (`k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go`, ValidateLabelSelector). */
import type { Json, JsonObject } from "../../event/Json.ts"
import { entries, mapping, numbered, text } from "./fields.ts"
import { labelValue, qualifiedName } from "./nameRules.ts"
import { type FieldError, fieldForbidden, invalid, required } from "./status.ts"

const valuesOf = (requirement: JsonObject): ReadonlyArray<string> =>
  Array.isArray(requirement["values"]) ? requirement["values"].map((value: Json) => String(value)) : []

const keyErrors = (key: string, at: string): ReadonlyArray<FieldError> =>
  qualifiedName(key).map((message) => invalid(at, key, message))

const labelErrors = (labels: JsonObject, at: string): ReadonlyArray<FieldError> =>
  Object.keys(labels).flatMap((key) => [
    ...keyErrors(key, at),
    ...labelValue(text(labels, key)).map((message) => invalid(at, text(labels, key), message))
  ])

const operatorErrors = (requirement: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const some = valuesOf(requirement).length > 0
  switch (text(requirement, "operator")) {
    case "In":
    case "NotIn":
      return some ? [] : [required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
    case "Exists":
    case "DoesNotExist":
      return some
        ? [fieldForbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
        : []
    default:
      return [invalid(`${at}.operator`, text(requirement, "operator"), "not a valid selector operator")]
  }
}

/** `field`: where it stands (`spec.selector`). No selector is a valid one. */
export const labelSelectorErrors = (selector: Json | undefined, field: string): ReadonlyArray<FieldError> => {
  if (selector === undefined || selector === null) return []
  const given = selector as JsonObject
  return [
    ...labelErrors(mapping(given, "matchLabels"), `${field}.matchLabels`),
    ...numbered(entries(given, "matchExpressions"), `${field}.matchExpressions`).flatMap(({ at, item }) => [
      ...operatorErrors(item, at),
      ...keyErrors(text(item, "key"), `${at}.key`),
      ...valuesOf(item).flatMap((value, i) =>
        labelValue(value).map((message) => invalid(`${at}.values[${i}]`, value, message))
      )
    ])
  ]
}
