/** One step on the way to a field, as `fieldsV1` writes it (`sigs.k8s.io/structured-merge-diff/v6/fieldpath/{element,serialize-pe}.go`). */
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"

/** `f:name` of a field, `k:{…}` of the item with these keys, `v:…` of the item that is this scalar, `i:0` of a place in a list. */
export type PathElement = string

/** Go's JSON also escapes what means something in HTML. */
const escapes: { readonly [character: string]: string } = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029"
}

/** Most keys are names. */
const plain = /^[\w./:-]*$/

const goJson = (value: Json): string =>
  typeof value === "string" && plain.test(value)
    ? `"${value}"`
    : JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => escapes[c] ?? c)

export const fieldElement = (name: string): PathElement => `f:${name}`
export const valueElement = (value: Json): PathElement => `v:${goJson(value)}`

/** `keys`: sorted by name. */
export const keyElement = (keys: ReadonlyArray<readonly [name: string, value: Json]>): PathElement =>
  `k:{${keys.map(([name, value]) => `${goJson(name)}:${goJson(value)}`).join(",")}}`

const order = "fkvi"
const number = /:[\d-]|\\/

const compareScalars = (a: Json | undefined, b: Json | undefined): number => {
  if (a === b) return 0
  if (typeof a === "number" && typeof b === "number") return a - b
  return String(a) < String(b) ? -1 : 1
}

const compareKeys = (a: JsonObject, b: JsonObject): number => {
  const [x, y] = [Object.entries(a), Object.entries(b)]
  for (const [i, [name, value]] of x.entries()) {
    const other = y[i]
    if (other === undefined) return 1
    if (name !== other[0]) return name < other[0] ? -1 : 1
    const compared = compareScalars(value, other[1])
    if (compared !== 0) return compared
  }
  return x.length - y.length
}

/** The order in which a set's elements are written. */
export const comparePathElements = (a: PathElement, b: PathElement): number => {
  if (a === b) return 0
  if (a === "." || b === ".") return a === "." ? -1 : 1
  const kind = a.charAt(0)
  if (kind !== b.charAt(0)) return order.indexOf(kind) - order.indexOf(b.charAt(0))
  // Names, and keys that are plain texts, are in the order of their letters; numbers are not.
  if (kind === "f" || (kind === "k" && !number.test(a) && !number.test(b))) return a < b ? -1 : 1
  const [x, y] = [JSON.parse(a.slice(2)) as Json, JSON.parse(b.slice(2)) as Json]
  return isJsonObject(x) && isJsonObject(y) ? compareKeys(x, y) : compareScalars(x, y)
}

/** As people are told of it: `.spec`, `[name="main"]`, `[="a"]`. */
export const pathElementText = (element: PathElement): string => {
  const rest = element.slice(2)
  if (element.startsWith("f:")) return `.${rest}`
  if (element.startsWith("v:")) return `[=${JSON.stringify(JSON.parse(rest))}]`
  if (element.startsWith("i:")) return `[${rest}]`
  const keys = Object.entries(JSON.parse(rest) as JsonObject)
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",")}]`
}
