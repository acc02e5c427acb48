/**
 * How the API server writes an object back: fields in Kubernetes' order, empty ones left out where the type says so, maps sorted,
 * quantities canonical. Every write goes through here, so the code for a type is made once.
 */
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "../../event/Json.ts"
import { parseQuantity, quantityText } from "../../event/Quantity.ts"
import { aliasOf, fieldsOf } from "./apiTypes.ts"

interface Codec {
  /** `base`: something that this code has written before: what the value has in common with it need not be written anew. */
  readonly encode: (value: Json, base?: Json) => Json
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
    encode: (value, base) => (value === null ? null : inner.encode(value, base)),
    empty: () => null,
    isEmpty: (value) => value === null
  }
}

const list = (type: string): Codec => {
  const item = codecOf(type)
  const encode = (value: Json, base?: Json): Json => {
    if (value === null) return null
    const [items, known] = [value as ReadonlyArray<Json>, Array.isArray(base) ? (base as ReadonlyArray<Json>) : nothing]
    const encoded: Array<Json> = []
    let [asBefore, asGiven] = [items.length === known.length, true]
    for (let i = 0; i < items.length; i++) {
      const [given, before] = [items[i] ?? null, known[i]]
      // Most of a list stays as it was: to see that takes less than to write it.
      const written = before !== undefined && jsonEqual(given, before) ? before : item.encode(given, before)
      asBefore &&= written === before
      asGiven &&= written === items[i]
      encoded.push(written)
    }
    if (asBefore && base !== undefined) return base
    return asGiven ? value : encoded
  }
  return { encode, empty: () => null, isEmpty: isEmptyValue }
}

const nothing: ReadonlyArray<Json> = []

const map = (type: string): Codec => {
  const item = codecOf(type)
  const encode = (value: Json, base?: Json): Json => {
    if (value === null) return null
    const [object, known] = [value as JsonObject, isJsonObject(base) ? base : bare]
    const sorted = Object.keys(object).sort()
    const encoded = Object.fromEntries(sorted.map((key) => [key, item.encode(object[key] ?? null)]))
    const before = Object.keys(known)
    const same = before.length === sorted.length && before.every((key) => encoded[key] === known[key])
    return same && base !== undefined ? base : encoded
  }
  return { encode, empty: () => null, isEmpty: isEmptyValue }
}

interface Field {
  readonly name: string
  readonly place: number
  readonly type: string
  readonly omitted: boolean
  /** Types refer to each other in circles: a field's code is looked up when the first object needs it. */
  codec: Codec | undefined
}

const write = (field: Field, given: Json, before: Json | undefined): Json | undefined => {
  if (given === before) return before
  field.codec ??= codecOf(field.type)
  return field.omitted && field.codec.isEmpty(given) ? undefined : field.codec.encode(given, before)
}

const absent = ({ omitted, type }: Field): Json | undefined => (omitted ? undefined : codecOf(type).empty())

/** Every field of the type in turn, wherever it stands in the object. */
const writeAll = (fields: ReadonlyArray<Field>, object: JsonObject, known: JsonObject): JsonObject => {
  const encoded: { [key: string]: Json } = {}
  for (const field of fields) {
    const given = object[field.name]
    const written = given === undefined ? absent(field) : write(field, given, known[field.name])
    if (written !== undefined) encoded[field.name] = written
  }
  return encoded
}

const struct = (type: string): Codec => {
  const fields = (fieldsOf(type) ?? []).map((field, place): Field => ({ ...field, place, codec: undefined }))
  const byName = new Map(fields.map((field) => [field.name, field]))
  const required = fields.filter(({ omitted }) => !omitted).length
  /** Objects have a few of their type's fields, mostly as they have to be already: only these are looked at, and nothing is made anew. */
  const encode = (value: Json, base: Json | undefined): Json => {
    const [object, known] = [value as JsonObject, isJsonObject(base) ? base : bare]
    const changed: Array<string | Json> = []
    let [last, missing, present, asBefore] = [-1, required, 0, 0]
    for (const name in object) {
      const given = object[name]
      const field = given === undefined ? undefined : byName.get(name)
      if (given === undefined || field === undefined) return writeAll(fields, object, known)
      if (field.place < last) return writeAll(fields, object, known)
      last = field.place
      if (!field.omitted) missing--
      const before = known[name]
      const written = write(field, given, before)
      if (written === undefined) return writeAll(fields, object, known)
      present++
      if (written === before) asBefore++
      if (written !== given) changed.push(name, written)
    }
    if (missing > 0) return writeAll(fields, object, known)
    if (base !== undefined && asBefore === present && present === Object.keys(known).length) return base
    return changed.length === 0 ? value : withChanges(object, changed)
  }
  return {
    encode: (value, base) => encode(value ?? bare, base),
    empty: () => encode(bare, undefined),
    isEmpty: isEmptyValue
  }
}

/** The same with other values of some fields: name after value. */
const withChanges = (object: JsonObject, changed: ReadonlyArray<string | Json>): JsonObject => {
  const encoded: { [key: string]: Json | undefined } = { ...object }
  for (let i = 0; i < changed.length; i += 2) encoded[String(changed[i])] = changed[i + 1]
  return encoded
}

const bare: JsonObject = {}

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

/**
 * A struct of that type. Fields that the type does not have are dropped. `base`: what this made of another one of the type, of the
 * version before; what is the same is the same object then.
 */
export const encodeObject = (type: string, value: JsonObject, base?: JsonObject): JsonObject =>
  codecOf(type).encode(value, base) as JsonObject
