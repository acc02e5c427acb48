/** Kubernetes' API types at work: their fields, and which JSON fits them. */
import { corruptBase64At } from "../../event/base64.ts"
import { parseInstant } from "../../event/Instant.ts"
import { isJsonObject, type Json } from "../../event/Json.ts"
import { parseQuantity, QUANTITY_FORMAT_WRONG } from "../../event/Quantity.ts"
import { goTypes } from "./goTypes.ts"

export interface ApiField {
  readonly name: string
  readonly type: string
  /** Left out of the JSON when it is empty (`omitempty`, `omitzero`). */
  readonly omitted: boolean
}

const fieldsByType = new Map<string, ReadonlyArray<ApiField>>()

const parseFields = (line: string): ReadonlyArray<ApiField> =>
  line === ""
    ? []
    : line.split(", ").map((field) => {
        const [name = "", type = ""] = field.split(" ")
        return { name: name.replace("?", ""), type, omitted: name.endsWith("?") }
      })

/** The fields of a struct in the order of Kubernetes; `undefined` if the type is no struct. */
export const fieldsOf = (type: string): ReadonlyArray<ApiField> | undefined => {
  const line = Object.hasOwn(goTypes, type) ? goTypes[type] : undefined
  if (line === undefined || line.startsWith("=")) return undefined
  const known = fieldsByType.get(type) ?? parseFields(line)
  fieldsByType.set(type, known)
  return known
}

/** The type that a named one stands for (`type ResourceList map[…]…`). */
export const aliasOf = (type: string): string | undefined => {
  const line = Object.hasOwn(goTypes, type) ? goTypes[type] : undefined
  return line?.startsWith("=") ? line.slice(1) : undefined
}

/** What does not fit. */
export type Misfit =
  | { readonly kind: "unknown"; readonly path: ReadonlyArray<string | number>; readonly known: ReadonlyArray<string> }
  | {
      readonly kind: "type"
      readonly path: ReadonlyArray<string | number>
      readonly expected: string
      readonly message: string
      /** As who reads it out of a patch says it (`k8s.io/apimachinery/pkg/runtime/converter.go`). */
      readonly converted: string
    }

interface Place {
  readonly path: ReadonlyArray<string | number>
  /** Where Go's decoder thinks it is: the innermost struct, and the names of the fields down to here. */
  readonly struct: string
  readonly fields: ReadonlyArray<string>
}

const wordOf = (value: Json | undefined): string =>
  Array.isArray(value)
    ? "array"
    : typeof value === "object"
      ? "object"
      : typeof value === "boolean"
        ? "bool"
        : typeof value

const goName = (type: string): string => {
  if (type.startsWith("*")) return goName(type.slice(1))
  if (type.startsWith("[]")) return `[]${goName(type.slice(2))}`
  if (type.startsWith("{}")) return `map[string]${goName(type.slice(2))}`
  return Object.hasOwn(goTypes, type) ? `v1.${type}` : type
}

/** Go's kind of a value that came out of JSON. */
const kindOf = (value: Json | undefined): string => {
  if (Array.isArray(value)) return "slice"
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64"
  return typeof value === "boolean" ? "bool" : typeof value === "object" ? "map" : "string"
}

const scalarOf = (type: string): string => {
  const alias = type.startsWith("*") ? type.slice(1) : aliasOf(type)
  return alias === undefined ? type : scalarOf(alias)
}

const unconverted = (value: Json | undefined, type: string): string => {
  const [kind, bare] = [kindOf(value), type.replace(/^\*/, "")]
  if (bare.startsWith("[]")) return `cannot restore slice from ${kind}`
  if (bare.startsWith("{}")) return `cannot restore map from ${kind}`
  if (fieldsOf(bare) !== undefined) return `cannot restore struct from: ${kind}`
  const scalar = scalarOf(bare)
  const isNumber = kind === "int64" || kind === "float64"
  // Go turns whole numbers into texts, and any number into any other: JSON does not.
  const convertible = (kind === "int64" && scalar === "string") || (isNumber && /^(u?int|float)/.test(scalar))
  return convertible ? `cannot convert ${kind} to ${goName(bare)}` : `unrecognized type: ${scalar}`
}

/** `type` is what Go calls it (`v1.RestartPolicy`), `expected` what we call it. */
const wrong = (place: Place, value: Json | undefined, type: string, expected: string): Misfit => {
  const word = typeof value === "number" && /^u?int/.test(type) ? `number ${value}` : wordOf(value)
  const where = place.struct === "" ? "Go value" : `Go struct field ${place.struct}.${place.fields.join(".")}`
  return {
    kind: "type",
    path: place.path,
    expected,
    message: `json: cannot unmarshal ${word} into ${where} of type ${goName(type)}`,
    converted: unconverted(value, type)
  }
}

const refuse = (place: Place, message: string, expected: string): Misfit => ({
  kind: "type",
  path: place.path,
  expected,
  message,
  converted: message
})

const ints: { readonly [type: string]: number } = { int32: 2 ** 31, int64: 2 ** 63 }

const scalarMisfit = (scalar: string, type: string, value: Json | undefined, place: Place): Misfit | undefined => {
  switch (scalar) {
    case "string":
      return typeof value === "string" ? undefined : wrong(place, value, type, "a text")
    case "bytes": {
      if (typeof value !== "string") return wrong(place, value, type, "a text")
      const at = corruptBase64At(value)
      return at === undefined ? undefined : refuse(place, `illegal base64 data at input byte ${at}`, "a text in base64")
    }
    case "bool":
      return typeof value === "boolean" ? undefined : wrong(place, value, type, "true or false")
    case "int32":
    case "int64": {
      const limit = ints[scalar] ?? 0
      const fits = typeof value === "number" && Number.isInteger(value) && value < limit && value >= -limit
      return fits ? undefined : wrong(place, value, scalar, "a whole number")
    }
    case "float64":
      return typeof value === "number" ? undefined : wrong(place, value, type, "a number")
    case "Quantity": {
      const fits =
        (typeof value === "string" || typeof value === "number") && parseQuantity(String(value).trim()) !== undefined
      return fits ? undefined : refuse(place, QUANTITY_FORMAT_WRONG, 'a quantity such as "500m" or "2Gi"')
    }
    case "IntOrString":
      return typeof value === "string" || (typeof value === "number" && Number.isInteger(value))
        ? undefined
        : wrong(place, value, type, "a whole number or a text")
    case "Time":
    case "MicroTime":
      return typeof value === "string" && parseInstant(value) !== undefined
        ? undefined
        : refuse(place, `parsing time ${JSON.stringify(value)}: not RFC 3339`, 'a time such as "2026-01-01T00:00:00Z"')
    default:
      return undefined
  }
}

/**
 * Parts in which nothing was amiss, by the type that they were held against: they come again, those of templates with each pod, and
 * those that a patch leaves as they are with each patch.
 */
const fitting = new Map(
  ["Pod", "PodSpec", "PodStatus", "PodTemplateSpec", "ManagedFieldsEntry"].map((type) => [type, new WeakSet<object>()])
)

const structMisfits = (
  name: string,
  fields: ReadonlyArray<ApiField>,
  value: Json,
  place: Place
): ReadonlyArray<Misfit> => {
  if (!isJsonObject(value)) return [wrong(place, value, name, "a mapping")]
  return Object.keys(value).flatMap((key): ReadonlyArray<Misfit> => {
    const field = fields.find((candidate) => candidate.name === key)
    const path = [...place.path, key]
    if (field === undefined) return [{ kind: "unknown", path, known: fields.map((candidate) => candidate.name) }]
    return misfitsAt(field.type, value[key], { path, struct: name, fields: [...place.fields, key] })
  })
}

const misfitsAt = (type: string, value: Json | undefined, place: Place, said = type): ReadonlyArray<Misfit> => {
  if (value === null || value === undefined) return []
  if (type.startsWith("*")) return misfitsAt(type.slice(1), value, place)
  if (type.startsWith("[]")) {
    if (!Array.isArray(value)) return [wrong(place, value, said, "a list")]
    return value.flatMap((item: Json, i) => misfitsAt(type.slice(2), item, { ...place, path: [...place.path, i] }))
  }
  if (type.startsWith("{}")) {
    if (!isJsonObject(value)) return [wrong(place, value, said, "a mapping")]
    return Object.keys(value).flatMap((key) =>
      misfitsAt(type.slice(2), value[key], { ...place, path: [...place.path, key] })
    )
  }
  const fields = fieldsOf(type)
  if (fields !== undefined) {
    const known = isJsonObject(value) ? fitting.get(type) : undefined
    if (known?.has(value as object) === true) return []
    const found = structMisfits(type, fields, value, place)
    if (found.length === 0) known?.add(value as object)
    return found
  }
  const alias = aliasOf(type)
  if (alias !== undefined) return misfitsAt(alias, value, place, said)
  const misfit = scalarMisfit(type, said, value, place)
  return misfit === undefined ? [] : [misfit]
}

/** Everything in `value` that Kubernetes' type has no place for, in the order of the document. */
export const misfits = (type: string, value: Json): ReadonlyArray<Misfit> =>
  misfitsAt(type, value, { path: [], struct: "", fields: [] })

const apiVersions: { readonly [kind: string]: string } = {
  Deployment: "apps/v1",
  ReplicaSet: "apps/v1",
  StatefulSet: "apps/v1",
  ControllerRevision: "apps/v1",
  DaemonSet: "apps/v1",
  Job: "batch/v1",
  CronJob: "batch/v1",
  EndpointSlice: "discovery.k8s.io/v1",
  PodDisruptionBudget: "policy/v1",
  PriorityClass: "scheduling.k8s.io/v1",
  Scale: "autoscaling/v1",
  HorizontalPodAutoscaler: "autoscaling/v2",
  RuntimeClass: "node.k8s.io/v1",
  StorageClass: "storage.k8s.io/v1",
  VolumeAttachment: "storage.k8s.io/v1",
  CSIDriver: "storage.k8s.io/v1",
  CSINode: "storage.k8s.io/v1"
}

/** Of the kinds of which we have the fields. */
export const apiVersionOf = (kind: string): string | undefined =>
  fieldsOf(kind)?.[0]?.name === "kind" ? (apiVersions[kind] ?? "v1") : undefined

/** Do we have the fields of this kind? */
export const isKnownKind = (apiVersion: Json | undefined, kind: Json | undefined): kind is string =>
  typeof kind === "string" && apiVersion !== undefined && apiVersion === apiVersionOf(kind)
