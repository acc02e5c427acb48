/** The second version of OpenAPI as protobuf (`github.com/google/gnostic-models/openapiv2/OpenAPIv2.proto`), for kubectl before 1.29 and other old clients. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import protobuf from "protobufjs/minimal.js"

/** Writes what is within a message. */
type Message = (writer: protobuf.Writer, object: JsonObject) => void
/** Writes a field, nothing if its value is empty. */
type Field = (writer: protobuf.Writer, value: Json | undefined) => void

const VARINT = 0
const LENGTH = 2

const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})
const list = (value: Json | undefined): ReadonlyArray<Json> =>
  Array.isArray(value) ? (value as ReadonlyArray<Json>) : value === undefined || value === null ? [] : [value]

const within = (writer: protobuf.Writer, number: number, write: () => void): void => {
  writer.uint32((number << 3) | LENGTH).fork()
  write()
  writer.ldelim()
}

const string =
  (number: number): Field =>
  (writer, value) => {
    if (typeof value === "string" && value !== "") writer.uint32((number << 3) | LENGTH).string(value)
  }

const strings =
  (number: number): Field =>
  (writer, value) => {
    for (const item of list(value)) writer.uint32((number << 3) | LENGTH).string(String(item))
  }

const bool =
  (number: number): Field =>
  (writer, value) => {
    if (value === true) writer.uint32((number << 3) | VARINT).bool(true)
  }

const sub =
  (number: number, message: () => Message): Field =>
  (writer, value) => {
    if (isJsonObject(value)) within(writer, number, () => message()(writer, value))
  }

const subs =
  (number: number, message: () => Message): Field =>
  (writer, value) => {
    for (const item of list(value)) within(writer, number, () => message()(writer, object(item)))
  }

/** A mapping is a list of names with values. */
const named =
  (number: number, message: () => Message): Field =>
  (writer, value) => {
    for (const [name, item] of Object.entries(object(value)))
      within(writer, number, () => {
        string(1)(writer, name)
        within(writer, 2, () => message()(writer, object(item)))
      })
  }

/** A mapping in a message of its own. */
const mapping =
  (number: number, message: () => Message): Field =>
  (writer, value) => {
    if (isJsonObject(value)) within(writer, number, () => named(1, message)(writer, value))
  }

/** What is no part of OpenAPI is YAML, of which JSON is one. */
const extension: Message = (writer, { value = null }) => string(2)(writer, JSON.stringify(value))

const extensions =
  (number: number) =>
  (writer: protobuf.Writer, of: JsonObject): void => {
    const own = Object.entries(of).filter(([key]) => key.startsWith("x-"))
    named(number, () => extension)(writer, Object.fromEntries(own.map(([key, value]) => [key, { value }])))
  }

/** Fields by their names in JSON, in the order of their numbers; the last number is that of the extensions. */
const message = (fields: { readonly [name: string]: Field }, extended?: number): Message => {
  const all = Object.entries(fields)
  const rest = extended === undefined ? undefined : extensions(extended)
  return (writer, of) => {
    for (const [name, write] of all) write(writer, of[name])
    rest?.(writer, of)
  }
}

/** One of two messages. */
const either =
  (isFirst: (of: JsonObject) => boolean, first: () => Message, second: () => Message): Message =>
  (writer, of) =>
    within(writer, isFirst(of) ? 1 : 2, () => (isFirst(of) ? first() : second())(writer, of))

const isNoReference = (of: JsonObject): boolean => of["$ref"] === undefined

const reference = message({ $ref: string(1), description: string(2) })

const schema: Message = message(
  {
    $ref: string(1),
    format: string(2),
    title: string(3),
    description: string(4),
    default: (writer, value) => {
      if (value !== undefined) within(writer, 5, () => extension(writer, { value }))
    },
    required: strings(19),
    enum: (writer, values) => {
      for (const value of list(values)) within(writer, 20, () => extension(writer, { value }))
    },
    additionalProperties: (writer, value) => {
      if (isJsonObject(value)) within(writer, 21, () => sub(1, () => schema)(writer, value))
      else if (value === true) within(writer, 21, () => bool(2)(writer, value))
    },
    type: (writer, value) => {
      if (value !== undefined) within(writer, 22, () => strings(1)(writer, value))
    },
    items: (writer, value) => {
      if (value !== undefined) within(writer, 23, () => subs(1, () => schema)(writer, value))
    },
    allOf: subs(24, () => schema),
    properties: mapping(25, () => schema)
  },
  31
)

const bodyParameter = message(
  { description: string(1), name: string(2), in: string(3), required: bool(4), schema: sub(5, () => schema) },
  6
)

const queryParameter = message(
  {
    required: bool(1),
    in: string(2),
    description: string(3),
    name: string(4),
    type: string(6),
    format: string(7),
    uniqueItems: bool(20)
  },
  23
)

const pathParameter = message(
  {
    required: bool(1),
    in: string(2),
    description: string(3),
    name: string(4),
    type: string(5),
    format: string(6),
    uniqueItems: bool(19)
  },
  22
)

const elsewhere: Message = (writer, of) =>
  of["in"] === "path"
    ? within(writer, 4, () => pathParameter(writer, of))
    : within(writer, 3, () => queryParameter(writer, of))

const parameter: Message = either(
  (of) => of["in"] === "body",
  () => bodyParameter,
  () => elsewhere
)

const parameterItem: Message = either(
  isNoReference,
  () => parameter,
  () => reference
)

const response: Message = message(
  {
    description: string(1),
    schema: (writer, value) => {
      if (isJsonObject(value)) within(writer, 2, () => sub(1, () => schema)(writer, value))
    }
  },
  5
)

const responseItem: Message = either(
  isNoReference,
  () => response,
  () => reference
)

const operation: Message = message(
  {
    tags: strings(1),
    summary: string(2),
    description: string(3),
    operationId: string(5),
    produces: strings(6),
    consumes: strings(7),
    parameters: subs(8, () => parameterItem),
    responses: (writer, value) => {
      if (isJsonObject(value)) within(writer, 9, () => named(1, () => responseItem)(writer, value))
    },
    schemes: strings(10),
    deprecated: bool(11)
  },
  13
)

const pathItem: Message = message(
  {
    get: sub(2, () => operation),
    put: sub(3, () => operation),
    post: sub(4, () => operation),
    delete: sub(5, () => operation),
    options: sub(6, () => operation),
    head: sub(7, () => operation),
    patch: sub(8, () => operation),
    parameters: subs(9, () => parameterItem)
  },
  10
)

const apiKey = message({ type: string(1), name: string(2), in: string(3), description: string(4) }, 5)

const securityDefinition: Message = (writer, of) => within(writer, 2, () => apiKey(writer, of))

const securityRequirement: Message = (writer, of) =>
  named(1, () => message({ value: strings(1) }))(
    writer,
    Object.fromEntries(Object.entries(of).map(([name, value]) => [name, { value }]))
  )

const document: Message = message(
  {
    swagger: string(1),
    info: sub(2, () => message({ title: string(1), version: string(2), description: string(3) }, 7)),
    paths: (writer, value) => {
      if (isJsonObject(value)) within(writer, 8, () => named(2, () => pathItem)(writer, value))
    },
    definitions: mapping(9, () => schema),
    parameters: mapping(10, () => parameter),
    security: subs(12, () => securityRequirement),
    securityDefinitions: mapping(13, () => securityDefinition)
  },
  16
)

/** A document of Kubernetes: what it has, not everything that OpenAPI has. */
export const swaggerProtobuf = (swagger: JsonObject): Uint8Array => {
  const writer = protobuf.Writer.create()
  document(writer, swagger)
  return writer.finish()
}
