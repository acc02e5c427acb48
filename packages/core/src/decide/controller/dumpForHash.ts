/**
 * An object as Go's printer of structures shows it, types and all (`k8s.io/utils/dump/dump.go`, ForHash: spew's `%#v`).
 *
 * Kubernetes hashes that text, so two templates have the same hash when they print the same, and a template's hash here is the one
 * that a real cluster gives it. The times in a template's metadata, which nobody sets, are printed as unset.
 */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { aliasOf } from "../apiserver/apiTypes.ts"
import { goStructs } from "../apiserver/goStructs.ts"
import { dumpQuantity } from "./dumpQuantity.ts"

interface GoField {
  readonly name: string
  /** Its key in the JSON; `-`: it is embedded, its keys are its holder's. */
  readonly json: string
  readonly type: string
}

type Value = Json | undefined

const NIL = "<nil>"
const ZERO_TIME = "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}"

const parsed = new Map<string, ReadonlyArray<GoField>>()

const fieldsOf = (struct: string): ReadonlyArray<GoField> | undefined => {
  const line = Object.hasOwn(goStructs, struct) ? goStructs[struct] : undefined
  if (line === undefined) return undefined
  const fields =
    parsed.get(struct) ??
    (line === "" ? [] : line.split(", ")).map((field) => {
      const [name = "", json = "", type = ""] = field.split(" ")
      return { name, json, type }
    })
  parsed.set(struct, fields)
  return fields
}

const structText = (fields: ReadonlyArray<GoField>, value: Value): string => {
  const object = isJsonObject(value) ? value : {}
  const shown = fields.map(({ json, name, type }) => `${name}:${typed(type, json === "-" ? object : object[json])}`)
  return `{${shown.join(" ")}}`
}

const listText = (item: string, value: Value): string =>
  Array.isArray(value) && value.length > 0 ? `[${value.map((one: Json) => bare(item, one)).join(" ")}]` : NIL

const mapText = (item: string, value: Value): string => {
  if (!isJsonObject(value) || Object.keys(value).length === 0) return NIL
  const object: JsonObject = value
  const keys = Object.keys(object).sort()
  return `map[${keys.map((key) => `${key}:${bare(item, object[key])}`).join(" ")}]`
}

/** `{type:(intstr.Type)0 …}`: a whole number, or a text. */
const intOrString = (value: Value): string =>
  typeof value === "string"
    ? `{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)${value}}`
    : `{Type:(intstr.Type)0 IntVal:(int32)${value ?? 0} StrVal:(string)}`

const zeros: { readonly [kind: string]: string } = { string: "", bool: "false" }

/** A type that is no pointer, list or map by its looks. */
const namedText = (type: string, value: Value): string => {
  const name = type.replace(/^v1\./, "")
  const fields = fieldsOf(name)
  if (fields !== undefined) return structText(fields, value)
  switch (type) {
    case "v1.Time":
      return ZERO_TIME
    case "resource.Quantity":
      return dumpQuantity(String(value ?? "0"))
    case "intstr.IntOrString":
      return intOrString(value)
    case "types.UID":
      return String(value ?? "")
  }
  const alias = name === type ? undefined : aliasOf(name)
  // The table writes a map of quantities as `{}Quantity`.
  if (alias?.startsWith("{}")) return mapText(alias === "{}Quantity" ? "resource.Quantity" : alias.slice(2), value)
  return alias === undefined || alias === "string" ? String(value ?? zeros[alias ?? type] ?? "0") : bare(alias, value)
}

/** The value alone: what is in a list or a map is shown without its type. */
const bare = (type: string, value: Value): string => {
  if (type.startsWith("*")) return value === undefined || value === null ? NIL : `<*>${bare(type.slice(1), value)}`
  if (type.startsWith("[]")) return listText(type.slice(2), value)
  const map = /^map\[[\w.]+\](.+)$/.exec(type)
  return map === null ? namedText(type, value) : mapText(map[1] ?? "", value)
}

const typed = (type: string, value: Value): string => {
  if (!type.startsWith("*")) return `(${type})${bare(type, value)}`
  return `(${type})${value === undefined || value === null ? NIL : bare(type.slice(1), value)}`
}

/** `struct`: one that `goStructs` has. Fields that are absent print as Go's zero values. */
export const dumpForHash = (struct: string, value: JsonObject): string => typed(`v1.${struct}`, value)
