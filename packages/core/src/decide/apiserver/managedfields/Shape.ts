/** What a value of an API type is made of: where it is owned and merged as a whole, and where part by part (`sigs.k8s.io/structured-merge-diff/v6/schema`). */
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import { aliasOf, fieldsOf } from "../apiTypes.ts"
import type { FieldSet } from "./fieldSet.ts"
import { looseTypes, mergeTypes } from "./mergeTypes.ts"
import { fieldElement, keyElement, type PathElement, valueElement } from "./pathElement.ts"

export interface FieldOfShape {
  readonly name: string
  readonly element: PathElement
  readonly shape: () => Shape
}

export interface Key {
  readonly name: string
  /** What it is where an item leaves it out. */
  readonly otherwise: Json | undefined
}

export type Shape =
  /** One value: scalars, and what is atomic. `is`: which JSON it may be. */
  | { readonly kind: "leaf" }
  | {
      readonly kind: "struct"
      /** In the order of their names. */
      readonly fields: ReadonlyArray<FieldOfShape>
      readonly byName: ReadonlyMap<string, FieldOfShape>
      /** The set of fields that a whole value was last found to have, by which fields it had: a bit for each in their order. */
      readonly latest: Map<number, FieldSet>
    }
  | { readonly kind: "map"; readonly item: Shape }
  | { readonly kind: "set" }
  /** A list of items that are told apart by their keys, which are sorted by name. */
  | { readonly kind: "keyed"; readonly keys: ReadonlyArray<Key>; readonly item: () => Shape }

export type ListShape = Extract<Shape, { readonly kind: "set" | "keyed" }>

const LEAF: Shape = { kind: "leaf" }
const shapes = new Map<string, Shape>()

const looseFields = (type: string) =>
  looseTypes[type]?.split(", ").map((field) => {
    const [name = "", of = ""] = field.split(" ")
    return { name, type: of }
  })

const structOf = (type: string, fields: ReadonlyArray<{ readonly name: string; readonly type: string }>): Shape => {
  const made = fields
    .map((field) => {
      let known: Shape | undefined
      const shape = (): Shape => {
        known ??= shapeOfField(type, field.name, field.type)
        return known
      }
      return { name: field.name, element: fieldElement(field.name), shape }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return { kind: "struct", fields: made, byName: new Map(made.map((field) => [field.name, field])), latest: new Map() }
}

const made = (type: string): Shape => {
  if (type.startsWith("*")) return shapeOf(type.slice(1))
  if (type.startsWith("{}")) return { kind: "map", item: shapeOf(type.slice(2)) }
  if (type.startsWith("[]") || mergeTypes[type] === "atomic") return LEAF
  const fields = fieldsOf(type) ?? looseFields(type)
  if (fields !== undefined) return structOf(type, fields)
  const alias = aliasOf(type)
  return alias === undefined ? LEAF : shapeOf(alias)
}

/** Of a type in the words of `goTypes`. */
export const shapeOf = (type: string): Shape => {
  const known = shapes.get(type)
  if (known !== undefined) return known
  const shape = made(type)
  shapes.set(type, shape)
  return shape
}

const zeroOf = (type: string): Json => {
  const alias = aliasOf(type)
  if (alias !== undefined) return zeroOf(alias)
  return type === "int32" ? 0 : ""
}

const keysOf = (rule: string, item: string): ReadonlyArray<Key> =>
  rule
    .split(" ")
    .map((key) => {
      const [name = "", otherwise] = key.split("=")
      const type = fieldsOf(item)?.find((field) => field.name === name)?.type ?? "string"
      return { name, otherwise: otherwise === "" ? zeroOf(type) : otherwise }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))

const shapeOfField = (struct: string, name: string, type: string): Shape => {
  const rule = mergeTypes[`${struct}.${name}`]
  if (rule === undefined) return shapeOf(type)
  if (rule === "atomic") return LEAF
  if (rule === "set") return { kind: "set" }
  const item = type.replace(/^\*?\[\]/, "")
  return { kind: "keyed", keys: keysOf(rule, item), item: () => shapeOf(item) }
}

export const hasSameKeys = (
  { keys }: Extract<Shape, { readonly kind: "keyed" }>,
  a: Json | undefined,
  b: Json | undefined
): boolean =>
  a === b ||
  (isJsonObject(a) && isJsonObject(b) && keys.every(({ name }) => a[name] !== undefined && a[name] === b[name]))

/** The element of a list's item; `undefined` for one that cannot be told apart from others. */
export const itemElement = (shape: ListShape, item: Json): PathElement | undefined => {
  if (shape.kind === "set") return typeof item === "object" ? undefined : valueElement(item)
  if (!isJsonObject(item)) return undefined
  const keys: Array<readonly [string, Json]> = []
  for (const { name, otherwise } of shape.keys) {
    const value = item[name] ?? otherwise
    if (value !== undefined) keys.push([name, value])
  }
  return keys.length === 0 ? undefined : keyElement(keys)
}

/** The fields of a value that is a struct or a map, each with its element and its shape; those that are absent are left out. */
export const partsOf = (
  shape: Extract<Shape, { readonly kind: "struct" | "map" }>,
  value: JsonObject
): ReadonlyArray<FieldOfShape> => {
  if (shape.kind === "struct") return shape.fields.filter(({ name }) => value[name] !== undefined)
  const item = (): Shape => shape.item
  return Object.keys(value)
    .sort()
    .map((name) => ({ name, element: fieldElement(name), shape: item }))
}
