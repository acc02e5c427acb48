/** JSON → protobuf, as the generated code of Kubernetes writes it (`generated.pb.go`): fields by their numbers, keys of maps sorted. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import type { Writer } from "protobufjs/minimal.js"
import { fieldsOf } from "./fields.ts"

/** Writes a field with its tag; nothing, or what stands for nothing, if there is no value. */
export type EncodeField = (writer: Writer, value: Json | undefined) => void

/** Writes what is within a message. */
type EncodeMessage = (writer: Writer, object: JsonObject) => void

const VARINT = 0
const FIXED64 = 1
const LENGTH = 2

const nothing: JsonObject = Object.freeze({})

/** A text where one is expected: what was recorded may be of another form. */
const textOf = (value: Json | undefined): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value)

const numberOf = (value: Json | undefined): number => (typeof value === "number" ? value : Number(textOf(value)) || 0)

const utf8 = new TextEncoder()

/** Base64 that is none (a value that was redacted) is sent as it is, so that its reader sees that. */
const bytesOf = (value: Json): Uint8Array => {
  const text = textOf(value)
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
  return isBase64 ? Buffer.from(text, "base64") : utf8.encode(text)
}

const digits = (text: string, at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528

/** Of `2026-01-01T00:00:00Z`, as nearly all are written, in seconds since 1970; of others what JavaScript makes of them. */
const secondsOf = (text: string): number => {
  if (text.length !== 20 || text[19] !== "Z" || text[10] !== "T") return Math.floor(Date.parse(text) / 1_000)
  const year = digits(text, 0) * 100 + digits(text, 2)
  const [month, day] = [digits(text, 5), digits(text, 8)]
  return Date.UTC(year, month - 1, day, digits(text, 11), digits(text, 14), digits(text, 17)) / 1_000
}

const stamp = (writer: Writer, tag: number, value: Json | undefined, withNanos: boolean): void => {
  const text = textOf(value)
  const seconds = text === "" ? Number.NaN : secondsOf(text)
  writer.uint32(tag).fork()
  if (!Number.isNaN(seconds)) {
    const fraction = withNanos ? (/\.(\d{1,9})/.exec(text)?.[1] ?? "") : ""
    const nanos = Number(fraction.slice(0, 6).padEnd(6, "0")) * 1_000
    writer.uint32(8).int64(seconds).uint32(16).int32(nanos)
  }
  writer.ldelim()
}

/** A message with one text in it. */
const wrapped = (writer: Writer, tag: number, text: string | undefined): void => {
  writer.uint32(tag).fork()
  if (text !== undefined) writer.uint32(10).string(text)
  writer.ldelim()
}

const jsonText = (value: Json | undefined): string | undefined =>
  value === undefined || value === null ? undefined : JSON.stringify(value)

const intOrString = (writer: Writer, tag: number, value: Json | undefined): void => {
  const isText = typeof value === "string"
  writer
    .uint32(tag)
    .fork()
    .uint32(8)
    .int64(isText ? 1 : 0)
  writer.uint32(16).int32(isText ? 0 : numberOf(value))
  writer
    .uint32(26)
    .string(isText ? value : "")
    .ldelim()
}

const schemaOf = "apiextensions.k8s.io/v1.JSONSchemaProps"

/** `additionalProperties: false`, or a schema (`k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/types_jsonschema.go`). */
const orBool = (writer: Writer, tag: number, value: Json | undefined): void => {
  writer
    .uint32(tag)
    .fork()
    .uint32(8)
    .bool(value !== false)
  if (isJsonObject(value)) encodeField(schemaOf, 2)(writer, value)
  writer.ldelim()
}

const orArray = (writer: Writer, tag: number, value: Json | undefined): void => {
  writer.uint32(tag).fork()
  if (isJsonObject(value)) encodeField(schemaOf, 1)(writer, value)
  if (Array.isArray(value)) encodeField(`[]${schemaOf}`, 2)(writer, value)
  writer.ldelim()
}

const orStringArray = (writer: Writer, tag: number, value: Json | undefined): void => {
  writer.uint32(tag).fork()
  if (isJsonObject(value)) encodeField(schemaOf, 1)(writer, value)
  if (Array.isArray(value)) encodeField("[]string", 2)(writer, value)
  writer.ldelim()
}

const strings = (writer: Writer, tag: number, value: Json | undefined): void => {
  if (!Array.isArray(value)) return
  writer.uint32(tag).fork()
  for (const item of value as ReadonlyArray<Json>) writer.uint32(10).string(textOf(item))
  writer.ldelim()
}

type EncodeTagged = (writer: Writer, tag: number, value: Json | undefined) => void

/** Each with its wire type. What is no pointer is always written, empty or not. */
const scalars: { readonly [type: string]: readonly [wireType: number, encode: EncodeTagged] } = {
  string: [LENGTH, (writer, tag, value) => writer.uint32(tag).string(textOf(value))],
  bool: [VARINT, (writer, tag, value) => writer.uint32(tag).bool(value === true)],
  int32: [VARINT, (writer, tag, value) => writer.uint32(tag).int32(numberOf(value))],
  int64: [VARINT, (writer, tag, value) => writer.uint32(tag).int64(numberOf(value))],
  float64: [FIXED64, (writer, tag, value) => writer.uint32(tag).double(numberOf(value))],
  bytes: [
    LENGTH,
    (writer, tag, value) => {
      if (value !== undefined && value !== null) writer.uint32(tag).bytes(bytesOf(value))
    }
  ],
  Time: [LENGTH, (writer, tag, value) => stamp(writer, tag, value, false)],
  MicroTime: [LENGTH, (writer, tag, value) => stamp(writer, tag, value, true)],
  Quantity: [LENGTH, (writer, tag, value) => wrapped(writer, tag, textOf(value) || "0")],
  IntOrString: [LENGTH, intOrString],
  RawExtension: [LENGTH, (writer, tag, value) => wrapped(writer, tag, jsonText(value))],
  FieldsV1: [LENGTH, (writer, tag, value) => wrapped(writer, tag, jsonText(value))],
  // A JSON null is a value here.
  JSON: [LENGTH, (writer, tag, value) => wrapped(writer, tag, JSON.stringify(value))],
  OrArray: [LENGTH, orArray],
  OrBool: [LENGTH, orBool],
  OrStringArray: [LENGTH, orStringArray],
  Strings: [LENGTH, strings]
}

const scalarField = (
  [wireType, encode]: readonly [wireType: number, encode: EncodeTagged],
  number: number
): EncodeField => {
  const tag = (number << 3) | wireType
  return (writer, value) => encode(writer, tag, value)
}

const pointerField = (type: string, number: number): EncodeField => {
  const inner = encodeField(type, number)
  return (writer, value) => {
    if (value !== undefined && (value !== null || type === "JSON")) inner(writer, value)
  }
}

const listField = (type: string, number: number): EncodeField => {
  const inner = encodeField(type, number)
  return (writer, value) => {
    if (Array.isArray(value)) for (const item of value as ReadonlyArray<Json>) inner(writer, item)
  }
}

const mapField = (type: string, number: number): EncodeField => {
  const inner = encodeField(type, 2)
  const tag = (number << 3) | LENGTH
  return (writer, value) => {
    if (!isJsonObject(value)) return
    for (const key of Object.keys(value).sort()) {
      writer.uint32(tag).fork().uint32(10).string(key)
      inner(writer, value[key])
      writer.ldelim()
    }
  }
}

const structField = (type: string, number: number): EncodeField => {
  const inner = encodeMessage(type)
  const tag = (number << 3) | LENGTH
  return (writer, value) => {
    writer.uint32(tag).fork()
    inner(writer, isJsonObject(value) ? value : nothing)
    writer.ldelim()
  }
}

const encodeField = (type: string, number: number): EncodeField => {
  const scalar = Object.hasOwn(scalars, type) ? scalars[type] : undefined
  if (scalar !== undefined) return scalarField(scalar, number)
  if (type.startsWith("*")) return pointerField(type.slice(1), number)
  if (type.startsWith("[]")) return listField(type.slice(2), number)
  return type.startsWith("{}") ? mapField(type.slice(2), number) : structField(type, number)
}

const messages = new Map<string, EncodeMessage>()

/** How a type of the table is written; made once, when it is first met: types hold each other. */
export const encodeMessage = (type: string): EncodeMessage => {
  const known = messages.get(type)
  if (known !== undefined) return known
  let parts: ReadonlyArray<{ readonly name: string | undefined; readonly encode: EncodeField }> | undefined
  const encode: EncodeMessage = (writer, object) => {
    parts ??= (fieldsOf(type) ?? [])
      .toSorted((a, b) => a.number - b.number)
      .map((field) => ({ name: field.name, encode: encodeField(field.type, field.number) }))
    for (const part of parts) part.encode(writer, part.name === undefined ? object : object[part.name])
  }
  messages.set(type, encode)
  return encode
}
