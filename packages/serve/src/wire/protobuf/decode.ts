/** Protobuf → the JSON that Go writes of the same object: what it leaves out when it is empty is left out, the rest is there. */
import type { Json, JsonObject } from "@kubereel/core"
import type { Reader } from "protobufjs/minimal.js"
import { fieldsOf } from "./fields.ts"

/** How a type is read. */
interface Decoder {
  /** `before`: what was read of the same field, of a list or a map. `end`: where the message that the field is in ends. */
  readonly read: (reader: Reader, before: Json | undefined) => Json
  /** What the JSON says where nothing was sent. */
  readonly zero: () => Json
}

/** Reads fields until the message of this length ends; what `field` does not read is skipped. */
const eachField = (reader: Reader, end: number, field: (number: number) => boolean): void => {
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (!field(tag >>> 3)) reader.skipType(tag & 7)
  }
}

const endOf = (reader: Reader): number => {
  const length = reader.uint32()
  const end = reader.pos + length
  if (end > reader.len) throw new RangeError("unexpected EOF")
  return end
}

const whole = (value: ReturnType<Reader["int64"]>): number => Number(value)

const pad = (value: number, width: number): string => String(value).padStart(width, "0")

const stampOf = (seconds: number, nanos: number, withMicros: boolean): string => {
  const text = new Date(seconds * 1_000).toISOString().slice(0, 19)
  return `${text}${withMicros ? `.${pad(Math.floor(nanos / 1_000), 6)}` : ""}Z`
}

/** A stamp without anything in it is none. */
const stamp = (withMicros: boolean): Decoder => ({
  read: (reader) => {
    const end = endOf(reader)
    if (reader.pos === end) return null
    let [seconds, nanos] = [0, 0]
    eachField(reader, end, (number) => {
      if (number === 1) seconds = whole(reader.int64())
      else if (number === 2) nanos = reader.int32()
      return number === 1 || number === 2
    })
    return stampOf(seconds, nanos, withMicros)
  },
  zero: () => null
})

/** A message whose first field is a text. */
const textIn = (reader: Reader): string | undefined => {
  let text: string | undefined
  eachField(reader, endOf(reader), (number) => {
    if (number === 1) text = reader.string()
    return number === 1
  })
  return text
}

const jsonIn: Decoder = {
  read: (reader) => {
    const text = textIn(reader)
    return text === undefined || text === "" ? null : (JSON.parse(text) as Json)
  },
  zero: () => null
}

const intOrString: Decoder = {
  read: (reader) => {
    let [isText, number, text] = [false, 0, ""]
    eachField(reader, endOf(reader), (at) => {
      if (at === 1) isText = whole(reader.int64()) === 1
      else if (at === 2) number = reader.int32()
      else if (at === 3) text = reader.string()
      return at >= 1 && at <= 3
    })
    return isText ? text : number
  },
  zero: () => 0
}

const strings: Decoder = {
  read: (reader) => {
    const items: Array<string> = []
    eachField(reader, endOf(reader), (number) => {
      if (number === 1) items.push(reader.string())
      return number === 1
    })
    return items
  },
  zero: () => null
}

const schemaOf = "apiextensions.k8s.io/v1.JSONSchemaProps"

/** One of two forms: `first` is field 1, `second` field 2. */
const either = (
  first: string,
  second: string,
  pick: (first: Json | undefined, second: Json | undefined) => Json
): Decoder => ({
  read: (reader) => {
    let [a, b]: [Json | undefined, Json | undefined] = [undefined, undefined]
    eachField(reader, endOf(reader), (number) => {
      if (number === 1) a = decoderOf(first).read(reader, a)
      else if (number === 2) b = decoderOf(second).read(reader, b)
      return number === 1 || number === 2
    })
    return pick(a, b)
  },
  zero: () => null
})

const scalars: { readonly [type: string]: Decoder } = {
  string: { read: (reader) => reader.string(), zero: () => "" },
  bool: { read: (reader) => reader.bool(), zero: () => false },
  int32: { read: (reader) => reader.int32(), zero: () => 0 },
  int64: { read: (reader) => whole(reader.int64()), zero: () => 0 },
  float64: { read: (reader) => reader.double(), zero: () => 0 },
  bytes: { read: (reader) => Buffer.from(reader.bytes()).toString("base64"), zero: () => null },
  Time: stamp(false),
  MicroTime: stamp(true),
  Quantity: { read: (reader) => textIn(reader) || "0", zero: () => "0" },
  IntOrString: intOrString,
  RawExtension: jsonIn,
  FieldsV1: jsonIn,
  JSON: jsonIn,
  OrArray: either(schemaOf, `[]${schemaOf}`, (one, many) => many ?? one ?? null),
  OrBool: either("bool", schemaOf, (allows, schema) => schema ?? allows === true),
  OrStringArray: either(schemaOf, "[]string", (schema, texts) => texts ?? schema ?? null),
  Strings: strings
}

const list = (type: string): Decoder => {
  const item = decoderOf(type)
  return {
    read: (reader, before) => {
      const items = (before ?? []) as Array<Json>
      items.push(item.read(reader, undefined))
      return items
    },
    zero: () => null
  }
}

const map = (type: string): Decoder => {
  const item = decoderOf(type)
  return {
    read: (reader, before) => {
      const entries = (before ?? {}) as { [key: string]: Json }
      let [key, value]: [string, Json | undefined] = ["", undefined]
      eachField(reader, endOf(reader), (number) => {
        if (number === 1) key = reader.string()
        else if (number === 2) value = item.read(reader, undefined)
        return number === 1 || number === 2
      })
      // Not by assignment: a key may be `__proto__`.
      Object.defineProperty(entries, key, {
        value: value ?? item.zero(),
        enumerable: true,
        configurable: true,
        writable: true
      })
      return entries
    },
    zero: () => null
  }
}

const struct = (type: string): Decoder => ({
  read: (reader) => decodeMessage(type, reader, endOf(reader)),
  zero: () => decodeMessage(type, undefined, 0)
})

const make = (type: string): Decoder => {
  const scalar = Object.hasOwn(scalars, type) ? scalars[type] : undefined
  if (scalar !== undefined) return scalar
  if (type.startsWith("*")) return { read: decoderOf(type.slice(1)).read, zero: () => null }
  if (type.startsWith("[]")) return list(type.slice(2))
  return type.startsWith("{}") ? map(type.slice(2)) : struct(type)
}

const decoders = new Map<string, Decoder>()

const decoderOf = (type: string): Decoder => {
  const decoder = decoders.get(type) ?? make(type)
  decoders.set(type, decoder)
  return decoder
}

interface Part {
  readonly name: string | undefined
  /** Left out of the JSON when it is empty; behind a pointer only when there is none: `replicas: 0` is something. */
  readonly omitted: "empty" | "nil" | "never"
  readonly decoder: Decoder
}

interface Message {
  /** In the order of the JSON. */
  readonly parts: ReadonlyArray<Part>
  readonly byNumber: ReadonlyMap<number, number>
}

const messages = new Map<string, Message>()

const messageOf = (type: string): Message => {
  const known = messages.get(type)
  if (known !== undefined) return known
  const fields = fieldsOf(type) ?? []
  const message = {
    parts: fields.map(({ name, omitted, type: of }): Part => {
      const when = !omitted ? "never" : of.startsWith("*") ? "nil" : "empty"
      return { name, omitted: when, decoder: decoderOf(of) }
    }),
    byNumber: new Map(fields.map(({ number }, index) => [number, index]))
  }
  messages.set(type, message)
  return message
}

const isOmitted = (value: Json, omitted: Part["omitted"]): boolean =>
  omitted === "empty" ? isEmpty(value) : omitted === "nil" && value === null

const isEmpty = (value: Json): boolean =>
  value === null || value === "" || value === 0 || value === false || (Array.isArray(value) && value.length === 0)

/** An object of this type out of what is up to `end`; without a reader one of which nothing was sent. */
export const decodeMessage = (type: string, reader: Reader | undefined, end: number): JsonObject => {
  const { byNumber, parts } = messageOf(type)
  const values: Array<Json | undefined> = new Array(parts.length)
  if (reader !== undefined) {
    eachField(reader, end, (number) => {
      const index = byNumber.get(number)
      const part = index === undefined ? undefined : parts[index]
      if (index === undefined || part === undefined) return false
      values[index] = part.decoder.read(reader, values[index])
      return true
    })
  }
  const object: { [name: string]: Json } = {}
  for (let i = 0; i < parts.length; i++) {
    const { decoder, name, omitted } = parts[i] as Part
    const value = values[i] ?? decoder.zero()
    if (name === undefined) Object.assign(object, value)
    else if (!isOmitted(value, omitted)) object[name] = value
  }
  return object
}
