/** What a change of a JSON value is, apart from the values that it puts there, and carrying it out; exact, whatever the keys. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"

/*
 * A shape is one of
 *   0                                          the next value takes this place
 *   {"~": {i: shape}, "<": n, "+": 0}          an array: shapes by index, cut to n items, the items of the next value put behind
 *   {key: shape, "-": [key]}                   an object: changed or new keys, keys that went
 * A key that begins with one of the markers, or that JavaScript treats specially, has an exclamation mark before it.
 *
 * Formats 1 and 2 have the values in their places instead of the zeros, {"=": value} where the value is an object.
 */

type Mutable = { [key: string]: Json }

const marker = /^[-=~<+!]|^__proto__$/
export const markedKey = (key: string): string => (marker.test(key) ? `!${key}` : key)
const plainKey = (key: string): string => (key.startsWith("!") ? key.slice(1) : key)

interface ObjectPart {
  /** In canonical order. */
  readonly keys: ReadonlyArray<string>
  readonly parts: ReadonlyArray<Part>
  readonly gone: ReadonlyArray<string>
}

interface ArrayPart {
  readonly indexes: ReadonlyArray<number>
  readonly parts: ReadonlyArray<Part>
  readonly length: number | undefined
  /** Which value has the items behind. */
  readonly more: number | undefined
}

/** A number: which of the values takes this place. */
export type Part = number | ObjectPart | ArrayPart

export const isObjectPart = (part: Part): part is ObjectPart => typeof part === "object" && "keys" in part

/** The keys that lead to a value, the same for all items of an array: one object for each path of a book. */
export class Path {
  readonly #next = new Map<string, Path>()

  at(key: string): Path {
    const known = this.#next.get(key)
    if (known !== undefined) return known
    const next = new Path()
    this.#next.set(key, next)
    return next
  }
}

/** Where the values of a change go. */
export interface Shape {
  readonly part: Part
  /** Of each value. */
  readonly paths: ReadonlyArray<Path>
  readonly text: string
}

/** An own key's value. JSON has no functions, so of what is inherited only `__proto__` could be taken for a value. */
const own = (object: JsonObject, key: string): Json | undefined => {
  const value = object[key]
  return typeof value === "function" || (key === "__proto__" && !Object.hasOwn(object, key)) ? undefined : value
}

const put = (object: Mutable, key: string, value: Json): void => {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  else object[key] = value
}

const NONE: ReadonlyArray<string> = []

/** The keys of a change in the order of what they mean. `JSON.parse` puts numbers first. */
const orderedKeys = (change: JsonObject): ReadonlyArray<string> => {
  const marked = Object.keys(change)
  const gone = marked.indexOf("-")
  if (gone !== -1) marked.splice(gone, 1)
  let isOrdered = true
  for (let i = 0; i < marked.length; i++) {
    marked[i] = plainKey(marked[i] as string)
    if (i > 0 && (marked[i - 1] as string) > (marked[i] as string)) isOrdered = false
  }
  return isOrdered ? marked : marked.sort()
}

/** Takes a change with its values in their places apart. */
class Parting {
  readonly values: Array<Json> = []
  readonly paths: Array<Path> = []

  part(change: Json, path: Path): Part {
    if (!isJsonObject(change)) return this.#value(change, path)
    if (change["="] !== undefined) return this.#value(change["="], path)
    return change["~"] === undefined ? this.#object(change, path) : this.#array(change, path)
  }

  #value(value: Json, path: Path): number {
    this.paths.push(path)
    return this.values.push(value) - 1
  }

  #object(change: JsonObject, path: Path): ObjectPart {
    const keys = orderedKeys(change)
    const parts = keys.map((key) => this.part(own(change, markedKey(key)) ?? null, path.at(key)))
    return { keys, parts, gone: (change["-"] ?? NONE) as ReadonlyArray<string> }
  }

  #array(change: JsonObject, path: Path): ArrayPart {
    const changes = change["~"] as JsonObject
    const items = path.at("")
    const indexes = Object.keys(changes).map(Number)
    const parts = indexes.map((i) => this.part(changes[i] ?? null, items))
    const more = change["+"]
    return {
      indexes,
      parts,
      length: typeof change["<"] === "number" ? change["<"] : undefined,
      more: more === undefined ? undefined : this.#value(more, path.at("+"))
    }
  }
}

const textOf = (part: Part): string => {
  if (typeof part === "number") return "0"
  if (isObjectPart(part)) {
    const members = part.keys.map((key, i) => `${JSON.stringify(markedKey(key))}:${textOf(part.parts[i] as Part)}`)
    if (part.gone.length > 0) members.push(`"-":${JSON.stringify(part.gone)}`)
    return `{${members.join(",")}}`
  }
  const items = part.indexes.map((index, i) => `"${index}":${textOf(part.parts[i] as Part)}`)
  const cut = part.length === undefined ? "" : `,"<":${part.length}`
  return `{"~":{${items.join(",")}}${cut}${part.more === undefined ? "" : ',"+":0'}}`
}

/** A change with its values in their places, as formats 1 and 2 have it. */
export const apart = (change: Json): { readonly shape: Shape; readonly values: ReadonlyArray<Json> } => {
  const parting = new Parting()
  const part = parting.part(change, new Path())
  return { shape: { part, paths: parting.paths, text: textOf(part) }, values: parting.values }
}

/** A shape is a change whose values are all 0. */
const shapeIn = (text: string, root: Path): Shape => {
  const parting = new Parting()
  return { part: parting.part(JSON.parse(text) as Json, root), paths: parting.paths, text }
}

/** The shape of an event that is whole: its one value is all of it. */
export const WHOLE: Shape = shapeIn("0", new Path())

const copyWithout = (base: JsonObject, gone: ReadonlyArray<string>): Mutable => {
  const out: Mutable = {}
  // Not `delete`: what has lost a key is slow to copy ever after.
  for (const key of Object.keys(base)) if (!gone.includes(key)) put(out, key, base[key] as Json)
  return out
}

/** The values of a change, in the order of their places. */
export interface Values {
  value(place: number): Json
}

const changedObject = ({ gone, keys, parts }: ObjectPart, base: Json | undefined, values: Values): Json => {
  if (!isJsonObject(base)) throw new TypeError("the change is for an object")
  if (keys.length === 0 && gone.length === 0) return base
  const out = (gone.length === 0 ? { ...base } : copyWithout(base, gone)) as Mutable
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string
    const part = parts[i] as Part
    const value = typeof part === "number" ? values.value(part) : carryOut(part, own(base, key), values)
    if (key === "__proto__") put(out, key, value)
    else out[key] = value
  }
  return out
}

const changedArray = ({ indexes, length, more, parts }: ArrayPart, base: Json | undefined, values: Values): Json => {
  if (!Array.isArray(base)) throw new TypeError("the change is for an array")
  const out: Array<Json> = length === undefined ? base.slice() : base.slice(0, length)
  for (let i = 0; i < indexes.length; i++) {
    const index = indexes[i] as number
    out[index] = carryOut(parts[i] as Part, out[index], values)
  }
  return more === undefined ? out : out.concat(values.value(more) as ReadonlyArray<Json>)
}

/** What the change makes of `base`, which stays as it is and shares its parts. Throws if they do not belong together. */
export const carryOut = (part: Part, base: Json | undefined, values: Values): Json => {
  if (typeof part === "number") return values.value(part)
  return isObjectPart(part) ? changedObject(part, base, values) : changedArray(part, base, values)
}

/** So many shapes are remembered. */
const SHAPES_MAX = 4_096

/** Shapes by their text: there are few, and each is taken apart once. */
export class ShapeBook {
  #shapes = new Map<string, Shape>()
  #root = new Path()

  at(text: string): Shape {
    const known = this.#shapes.get(text)
    if (known !== undefined) return known
    const shape = shapeIn(text, this.#root)
    this.#shapes.set(text, shape)
    return shape
  }

  /** Forgets all where there are many. What was taken out before has other paths than what will be. */
  trim(): void {
    if (this.#shapes.size < SHAPES_MAX) return
    this.#shapes = new Map()
    this.#root = new Path()
  }
}
