/**
 * How the API server writes an object back: fields in Kubernetes' order, empty ones left out where the type says so, maps sorted,
 * quantities canonical. Every write goes through here, so the code for a type is made once.
 */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { parseQuantity, quantityText } from "../../event/Quantity.ts"
import { aliasOf, fieldsOf } from "./apiTypes.ts"

interface Codec {
  readonly encode: (value: Json) => Json
  /** What stands for an absent value where the field may not be left out. */
  readonly empty: () => Json
  readonly isEmpty: (value: Json) => boolean
}

const codecs = new Map<string, Codec>()

const codecOf = (type: string): Codec => {
  const known = codecs.get(type)
  if (known !== undefined) return known
  const made = make(type)
  codecs.set(type, made)
  return made
}

const isEmptyValue = (value: Json): boolean => {
  if (Array.isArray(value)) return value.length === 0
  if (isJsonObject(value)) return isBare(value)
  return value === null || value === "" || value === 0 || value === false
}

const isBare = (value: JsonObject): boolean => {
  for (const _ in value) return false
  return true
}

const make = (type: string): Codec => {
  if (type.startsWith("*")) return pointer(type.slice(1))
  if (type.startsWith("[]")) return list(type.slice(2))
  if (type.startsWith("{}")) return map(type.slice(2))
  if (fieldsOf(type) !== undefined) return struct(type)
  const alias = aliasOf(type)
  return alias === undefined ? scalar(type) : codecOf(alias)
}

const pointer = (type: string): Codec => {
  const inner = codecOf(type)
  return {
    encode: (value) => (value === null ? null : inner.encode(value)),
    empty: () => null,
    isEmpty: (value) => value === null
  }
}

const list = (type: string): Codec => {
  const item = codecOf(type)
  return {
    encode: (value) => (value === null ? null : (value as ReadonlyArray<Json>).map(item.encode)),
    empty: () => null,
    isEmpty: isEmptyValue
  }
}

const map = (type: string): Codec => {
  const item = codecOf(type)
  const encode = (value: Json): Json => {
    if (value === null) return null
    const object = value as JsonObject
    const sorted = Object.keys(object).sort()
    return Object.fromEntries(sorted.map((key) => [key, item.encode(object[key] ?? null)]))
  }
  return { encode, empty: () => null, isEmpty: isEmptyValue }
}

/** Types refer to each other in circles: a field's code is looked up when the first object needs it. */
const struct = (type: string): Codec => {
  const fields = (fieldsOf(type) ?? []).map((field) => ({ ...field, codec: undefined as Codec | undefined }))
  const encode = (value: Json): Json => {
    const object = value as JsonObject
    const encoded: { [key: string]: Json } = {}
    for (const field of fields) {
      field.codec ??= codecOf(field.type)
      const given = object[field.name]
      if (given === undefined) {
        if (!field.omitted) encoded[field.name] = field.codec.empty()
      } else if (!(field.omitted && field.codec.isEmpty(given))) encoded[field.name] = field.codec.encode(given)
    }
    return encoded
  }
  return { encode: (value) => encode(value ?? {}), empty: () => encode({}), isEmpty: isEmptyValue }
}

const zeros: { readonly [type: string]: Json } = {
  string: "",
  bytes: "",
  bool: false,
  int32: 0,
  int64: 0,
  float64: 0,
  IntOrString: 0,
  Quantity: "0"
}

const scalar = (type: string): Codec => {
  const zero = zeros[type] ?? null
  const encode = (value: Json): Json => {
    if (value === null) return zero
    const quantity = type === "Quantity" ? parseQuantity(String(value).trim()) : undefined
    return quantity === undefined ? value : quantityText(quantity)
  }
  return { encode, empty: () => zero, isEmpty: isEmptyValue }
}

/** A struct of that type. Fields that the type does not have are dropped. */
export const encodeObject = (type: string, value: JsonObject): JsonObject => codecOf(type).encode(value) as JsonObject
