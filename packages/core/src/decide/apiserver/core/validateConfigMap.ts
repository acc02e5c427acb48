/** What the API server refuses of ConfigMaps (`pkg/apis/core/validation/validation.go`, ValidateConfigMap…). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { mapping, text } from "../fields.ts"
import { configMapKey } from "../nameRules.ts"
import { type FieldError, fieldForbidden, invalid, tooLong } from "../status.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"

const encoder = new TextEncoder()

/** MaxSecretSize: 1 MiB, of ConfigMaps, too. */
export const MAX_SIZE = 1_048_576

/** What is immutable stays so, and so do these fields of it. */
export const sealedErrors = (
  next: KubernetesObject,
  old: KubernetesObject,
  fields: ReadonlyArray<string>
): ReadonlyArray<FieldError> => {
  if (old["immutable"] !== true) return []
  const changed = fields.filter((field) => !jsonEqual(next[field] ?? {}, old[field] ?? {}))
  return [...(next["immutable"] === true ? [] : ["immutable"]), ...changed].map((field) =>
    fieldForbidden(field, "field is immutable when `immutable` is set")
  )
}

export const keyErrors = (data: JsonObject, key: string, field: string): ReadonlyArray<FieldError> =>
  Object.hasOwn(data, key) ? configMapKey(key).map((message) => invalid(`${field}[${key}]`, key, message)) : []

/** So many bytes does base64 stand for. */
export const bytesOf = (base64: string): number => Math.floor((base64.replace(/=+$/, "").length * 3) / 4)

export const validateConfigMap = (object: KubernetesObject): ReadonlyArray<FieldError> => {
  const [data, binary] = [mapping(object, "data"), mapping(object, "binaryData")]
  const size =
    Object.keys(data).reduce((sum, key) => sum + encoder.encode(text(data, key)).length, 0) +
    Object.keys(binary).reduce((sum, key) => sum + bytesOf(text(binary, key)), 0)
  return [
    ...validateObjectMeta(object.metadata),
    ...Object.keys(data).flatMap((key) => [
      ...keyErrors(data, key, "data"),
      ...(Object.hasOwn(binary, key) ? [invalid(`data[${key}]`, key, "duplicate of key present in binaryData")] : [])
    ]),
    ...Object.keys(binary).flatMap((key) => keyErrors(binary, key, "binaryData")),
    ...(size > MAX_SIZE ? [tooLong("", MAX_SIZE)] : [])
  ]
}

export const validateConfigMapUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => [
  ...sealedErrors(next, old, ["data", "binaryData"]),
  ...validateConfigMap(next)
]
