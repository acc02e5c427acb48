/** What the API server refuses of StorageClasses (`pkg/apis/storage/validation/validation.go`). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, mapping, numbered, text } from "../fields.ts"
import { qualifiedName } from "../nameRules.ts"
import { duplicate, type FieldError, invalid, notSupported, required, tooLong } from "../status.ts"
import { IMMUTABLE, validateMetadataUpdate } from "../validateMetadataUpdate.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"

const MAX_PARAMETERS = 512
const MAX_PARAMETERS_SIZE = 256 * 1024
const reclaimPolicies = ["Delete", "Retain"]
const bindingModes = ["Immediate", "WaitForFirstConsumer"]

const provisionerErrors = (provisioner: string): ReadonlyArray<FieldError> =>
  provisioner === ""
    ? [required("provisioner")]
    : qualifiedName(provisioner.toLowerCase()).map((message) =>
        invalid("provisioner", provisioner.toLowerCase(), message)
      )

const parameterErrors = (parameters: JsonObject): ReadonlyArray<FieldError> => {
  const keys = Object.keys(parameters)
  if (keys.length > MAX_PARAMETERS) return [tooLong("parameters", MAX_PARAMETERS)]
  const bytes = (value: string): number => new TextEncoder().encode(value).length
  const size = keys.reduce((sum, key) => sum + bytes(key) + bytes(text(parameters, key)), 0)
  return [
    ...(keys.includes("") ? [invalid("parameters", "", "field can not be empty.")] : []),
    ...(size > MAX_PARAMETERS_SIZE ? [tooLong("parameters", MAX_PARAMETERS_SIZE)] : [])
  ]
}

const oneOf = (object: JsonObject, field: string, values: ReadonlyArray<string>): ReadonlyArray<FieldError> => {
  const value = text(object, field)
  return value === "" || values.includes(value) ? [] : [notSupported(field, value, values)]
}

/** ValidateTopologySelectorTerm. */
const topologyErrors = (object: JsonObject): ReadonlyArray<FieldError> =>
  numbered(entries(object, "allowedTopologies"), "allowedTopologies").flatMap(({ at, item }) => {
    const seen = new Set<string>()
    return numbered(entries(item, "matchLabelExpressions"), `${at}.matchLabelExpressions`).flatMap(
      ({ at: path, item: expression }) => {
        const key = text(expression, "key")
        const values = (expression["values"] ?? []) as ReadonlyArray<string>
        const repeated = seen.has(key)
        seen.add(key)
        return [
          ...(values.length === 0 ? [required(`${path}.values`)] : []),
          ...values.flatMap((value, i) =>
            values.indexOf(value) < i ? [duplicate(`${path}.values[${i}]`, value)] : []
          ),
          ...qualifiedName(key).map((message) => invalid(`${path}.key`, key, message)),
          ...(repeated ? [duplicate(`${path}.key`, key)] : [])
        ]
      }
    )
  })

export const validateClass = (object: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(object.metadata),
  ...provisionerErrors(text(object, "provisioner")),
  ...parameterErrors(mapping(object, "parameters")),
  ...oneOf(object, "reclaimPolicy", reclaimPolicies),
  ...oneOf(object, "volumeBindingMode", bindingModes),
  ...topologyErrors(object)
]

export const validateClassUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateMetadataUpdate(next.metadata, old.metadata),
  ...["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"].flatMap((field) =>
    jsonEqual(next[field] ?? null, old[field] ?? null) ? [] : [invalid(field, next[field] ?? null, IMMUTABLE)]
  )
]
