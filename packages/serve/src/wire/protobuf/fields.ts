/** The fields of Kubernetes' API types as protobuf has them, read out of the generated table when a type is first met. */
import { protobufTypes } from "./protobufTypes.ts"

export interface WireField {
  /** Of the field on the wire. */
  readonly number: number
  /** In the JSON; `undefined`: its own fields stand in the place of it there. */
  readonly name: string | undefined
  /** Of the table; names of types with their group and version. */
  readonly type: string
  /** Left out of the JSON when it is empty. */
  readonly omitted: boolean
}

const scalars: ReadonlySet<string> = new Set([
  ...[
    "string",
    "bool",
    "int32",
    "int64",
    "float64",
    "bytes",
    "Strings",
    "Time",
    "MicroTime",
    "Quantity",
    "IntOrString"
  ],
  ...["RawExtension", "FieldsV1", "JSON", "OrArray", "OrBool", "OrStringArray"]
])

/** `[]Container` in `v1` is `[]v1.Container`. */
const qualified = (type: string, groupVersion: string): string => {
  const [, prefix = "", name = ""] = /^((?:\*|\[\]|\{\})*)(.+)$/.exec(type) ?? []
  return scalars.has(name) || name.includes(".") ? type : `${prefix}${groupVersion}.${name}`
}

const fieldOf = (text: string, groupVersion: string): WireField => {
  const words = text.split(" ")
  const [number = "", name = ""] = words
  const isInline = words.length === 2
  return {
    number: Number(number),
    name: isInline ? undefined : name.replace("?", ""),
    type: qualified(words.at(-1) ?? "", groupVersion),
    omitted: !isInline && name.endsWith("?")
  }
}

const lineOf = (type: string): string | undefined =>
  Object.hasOwn(protobufTypes, type) ? protobufTypes[type] : undefined

/** In the order of Go, which is that of the JSON; `undefined`: no such type. */
export const fieldsOf = (type: string): ReadonlyArray<WireField> | undefined => {
  const line = lineOf(type)?.replace(/^@/, "")
  const groupVersion = type.slice(0, type.lastIndexOf("."))
  return line === undefined ? undefined : line === "" ? [] : line.split(", ").map((text) => fieldOf(text, groupVersion))
}

/** Known in every group and version, as what is sent with a request or answers one. */
const everywhere = /^(?:Status|\w+Options|API\w+|List|PartialObjectMetadata)$/

/** The type of the objects of a kind; `undefined`: none that has a form on the wire. */
export const typeOfKind = (apiVersion: string, kind: string): string | undefined =>
  [`${apiVersion}.${kind}`, ...(everywhere.test(kind) ? [`meta.k8s.io/v1.${kind}`] : [])].find((type) =>
    lineOf(type)?.startsWith("@")
  )
