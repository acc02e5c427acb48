/**
 * Values as a writer remembers them: each version shares with the one before what is equal in both, and that part's text.
 * So a new version is compared once, and only what has changed in it is written as text again.
 */
import type { Json, JsonObject } from "@kubereel/core"
import { markedKey } from "./delta.ts"
import type { Change } from "./Line.ts"

/** Longer texts are put together from those of their parts each time: else every level would hold what lies below it. */
const TEXT_MAX = 4_096
/** So many keys are remembered with those before them. */
const SHAPES_MAX = 8_192

const plain = /^[ !#-[\]-~]*$/
const quote = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text))

/** The keys that objects have in common. */
class Shape {
  /** As they came; JSON gives them no order. */
  readonly keys: ReadonlyArray<string>
  /** Places in `keys`, in canonical order. */
  readonly order: ReadonlyArray<number>
  /** What stands before each value in the canonical text, in its order. */
  readonly heads: ReadonlyArray<string>
  /** The same in a change. */
  readonly marked: ReadonlyArray<string>
  readonly #places: ReadonlyMap<string, number>

  constructor(keys: ReadonlyArray<string>) {
    this.keys = keys
    this.#places = new Map(keys.map((key, place) => [key, place]))
    this.order = keys.toSorted((a, b) => (a < b ? -1 : 1)).map((key) => this.#places.get(key) as number)
    this.heads = this.order.map((place, i) => `${i === 0 ? "{" : ","}${quote(keys[place] as string)}:`)
    this.marked = keys.map((key) => `${quote(markedKey(key))}:`)
  }

  /** Where a key is, looked for at `hint` first. */
  placeOf(key: string, hint: number): number | undefined {
    return this.keys[hint] === key ? hint : this.#places.get(key)
  }
}

/** Shapes by their keys, one after the other. */
class Shapes {
  readonly #next = new Map<string, Shapes>()
  #shape: Shape | undefined

  /** `make` counts what is remembered. */
  at(key: string, make: () => Shapes): Shapes {
    const known = this.#next.get(key)
    if (known !== undefined) return known
    const made = make()
    this.#next.set(key, made)
    return made
  }

  shape(keys: ReadonlyArray<string>): Shape {
    this.#shape ??= new Shape(keys)
    return this.#shape
  }
}

const NO_KEYS = new Shape([])

/** An object, or an array where there is no shape. Two that share a base and are equal are the same one, but for the order of keys. */
export interface Branch {
  readonly shape: Shape | undefined
  readonly items: ReadonlyArray<Tree>
  text: string | undefined
}

export type Tree = null | boolean | number | string | Branch

const isContainer = (value: Json | Tree): value is Branch | JsonObject | ReadonlyArray<Json> =>
  typeof value === "object" && value !== null
const isBranch = (tree: Tree | undefined): tree is Branch => typeof tree === "object" && tree !== null

export class Trees {
  #shapes = new Shapes()
  #size = 0
  readonly #newShapes = (): Shapes => {
    this.#size++
    return new Shapes()
  }

  /** `next`, made of `base`'s own parts wherever they are equal. */
  grow(base: Tree | undefined, next: Json): Tree {
    if (!isContainer(next)) return next
    const branch = isBranch(base) ? base : undefined
    if (Array.isArray(next)) return this.#array(branch?.shape === undefined ? branch : undefined, next)
    return this.#object(branch, next as JsonObject)
  }

  #array(base: Branch | undefined, next: ReadonlyArray<Json>): Branch {
    const before = base?.items ?? []
    let items: Array<Tree> | undefined = base === undefined ? [] : undefined
    for (let i = 0; i < next.length; i++) {
      const value = next[i] ?? null
      const item = isContainer(value) ? this.grow(before[i], value) : value
      if (item !== before[i]) items ??= before.slice(0, i)
      items?.push(item)
    }
    if (items === undefined && before.length > next.length) items = before.slice(0, next.length)
    return items === undefined ? (base as Branch) : { shape: undefined, items, text: undefined }
  }

  #object(base: Branch | undefined, next: JsonObject): Branch {
    const shape = base?.shape ?? NO_KEYS
    const before = base?.shape === undefined ? [] : base.items
    let items: Array<Tree> | undefined
    let i = 0
    // Nearly always the keys come as they came before.
    for (const key in next) {
      const value = next[key]
      if (key !== shape.keys[i] || value === undefined)
        return this.#reshaped({ shape, items: before }, next, (items ?? before).slice(0, i))
      const item = isContainer(value) ? this.grow(before[i], value) : value
      if (item !== before[i]) {
        items ??= before.slice()
        items[i] = item
      }
      i++
    }
    if (base?.shape === undefined || i < shape.keys.length)
      return this.#reshaped({ shape, items: before }, next, (items ?? before).slice(0, i))
    return items === undefined ? base : { shape, items, text: undefined }
  }

  /** With other keys from a place on; `items` are those before it. */
  #reshaped(
    base: { readonly shape: Shape; readonly items: ReadonlyArray<Tree> },
    next: JsonObject,
    items: Array<Tree>
  ) {
    const done = items.length
    const keys: Array<string> = []
    let hint = -1
    for (const key in next) {
      const value = next[key]
      if (value === undefined) continue
      keys.push(key)
      hint++
      if (keys.length <= done) continue
      const place = base.shape.placeOf(key, hint)
      if (place !== undefined) hint = place
      items.push(isContainer(value) ? this.grow(place === undefined ? undefined : base.items[place], value) : value)
    }
    return { shape: this.#shapeOf(keys), items, text: undefined }
  }

  #shapeOf(keys: ReadonlyArray<string>): Shape {
    if (this.#size > SHAPES_MAX) [this.#shapes, this.#size] = [new Shapes(), 0]
    let shapes = this.#shapes
    for (const key of keys) shapes = shapes.at(key, this.#newShapes)
    return shapes.shape(keys)
  }
}

const branchText = ({ items, shape }: Branch): string => {
  if (shape === undefined) {
    let list = ""
    for (let i = 0; i < items.length; i++) list += (i === 0 ? "[" : ",") + textOf(items[i] as Tree)
    return list === "" ? "[]" : `${list}]`
  }
  const { heads, order } = shape
  let out = ""
  for (let i = 0; i < order.length; i++) {
    const place = order[i] as number
    out += (heads[i] as string) + textOf(items[place] as Tree)
  }
  return out === "" ? "{}" : `${out}}`
}

/** Canonical JSON. */
export const textOf = (tree: Tree): string => {
  if (typeof tree === "string") return quote(tree)
  if (!isBranch(tree)) return JSON.stringify(tree)
  if (tree.text !== undefined) return tree.text
  const text = branchText(tree)
  if (text.length > TEXT_MAX) return text
  // V8 keeps a sum of strings as a tree of them until somebody looks into it; here it would be walked for every version.
  Number(text)
  tree.text = text
  return text
}

/** The value itself takes the place. */
const literal = (tree: Tree, values: Array<string>): string => {
  values.push(textOf(tree))
  return "0"
}

const changeOfArray = (base: Branch, next: Branch, values: Array<string>): string | undefined => {
  let changes = ""
  const common = Math.min(base.items.length, next.items.length)
  for (let i = 0; i < common; i++) {
    const change = shapeOf(base.items[i] as Tree, next.items[i] as Tree, values)
    if (change !== undefined) changes += `${changes === "" ? "" : ","}"${i}":${change}`
  }
  if (changes === "" && base.items.length === next.items.length) return undefined
  const cut = next.items.length < base.items.length ? `,"<":${next.items.length}` : ""
  if (next.items.length === common) return `{"~":{${changes}}${cut}}`
  values.push(`[${next.items.slice(common).map(textOf).join(",")}]`)
  return `{"~":{${changes}}${cut},"+":0}`
}

const goneKeys = (base: Shape, next: Shape): ReadonlyArray<string> => {
  const gone: Array<string> = []
  if (base === next) return gone
  for (const place of base.order) {
    const key = base.keys[place] as string
    if (next.placeOf(key, place) === undefined) gone.push(quote(key))
  }
  return gone
}

const changeOfObject = (
  base: Branch & { shape: Shape },
  next: Branch & { shape: Shape },
  values: Array<string>
): string | undefined => {
  let changes = ""
  for (const place of next.shape.order) {
    const item = next.items[place] as Tree
    const before = base.shape.placeOf(next.shape.keys[place] as string, place)
    if (before !== undefined && base.items[before] === item) continue
    const change = before === undefined ? literal(item, values) : shapeOf(base.items[before] as Tree, item, values)
    if (change !== undefined) changes += (changes === "" ? "{" : ",") + (next.shape.marked[place] as string) + change
  }
  const gone = goneKeys(base.shape, next.shape)
  if (gone.length > 0) changes += `${changes === "" ? "{" : ","}"-":[${gone.join(",")}]`
  return changes === "" ? undefined : `${changes}}`
}

const isObject = (branch: Branch): branch is Branch & { shape: Shape } => branch.shape !== undefined

const shapeOf = (base: Tree, next: Tree, values: Array<string>): string | undefined => {
  if (base === next) return undefined
  if (!isBranch(base) || !isBranch(next)) return literal(next, values)
  if (isObject(base)) return isObject(next) ? changeOfObject(base, next, values) : literal(next, values)
  return isObject(next) ? literal(next, values) : changeOfArray(base, next, values)
}

/** The change that turns `base` into `next`, which was grown from it. */
export const changeOf = (base: Tree, next: Tree): Change => {
  const values: Array<string> = []
  return { shape: shapeOf(base, next, values) ?? "{}", values }
}
