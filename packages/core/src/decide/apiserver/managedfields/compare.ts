/** Which fields an object has, and which a write changed (`sigs.k8s.io/structured-merge-diff/v6/typed/{tofieldset,compare}.go`). */
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { type FieldSet, LEAF, nodeOf } from "./fieldSet.ts"
import { comparePathElements, type PathElement } from "./pathElement.ts"
import { hasSameKeys, itemElement, type ListShape, partsOf, type Shape } from "./Shape.ts"

/** Two sets: what is new or otherwise than before, and what is gone. */
export interface Comparison {
  readonly changed: FieldSet
  readonly removed: FieldSet
}

type FieldsShape = Extract<Shape, { readonly kind: "struct" | "map" }>
type StructShape = Extract<Shape, { readonly kind: "struct" }>
type Nodes = Array<readonly [PathElement, FieldSet]>

const isEmptyValue = (value: Json | undefined): boolean => {
  if (value === undefined || value === null) return true
  if (Array.isArray(value)) return value.length === 0
  if (typeof value !== "object") return false
  for (const _ in value) return false
  return true
}

/** The items of a list by their elements, in the order of the set: several where the list has duplicates. */
const itemsOf = (shape: ListShape, value: Json | undefined): ReadonlyMap<PathElement, ReadonlyArray<Json>> => {
  const items = new Map<PathElement, ReadonlyArray<Json>>()
  for (const item of Array.isArray(value) ? (value as ReadonlyArray<Json>) : []) {
    const element = itemElement(shape, item)
    if (element === undefined) continue
    const same = items.get(element)
    items.set(element, same === undefined ? [item] : [...same, item])
  }
  return items
}

const inOrder = (nodes: Nodes): Nodes =>
  nodes.length < 2 ? nodes : nodes.sort(([a], [b]) => comparePathElements(a, b))

const itemShape = (shape: ListShape): Shape => (shape.kind === "set" ? { kind: "leaf" } : shape.item())

const kidsOf = (shape: Shape, value: Json): Nodes => {
  if (shape.kind === "leaf") return []
  if (shape.kind === "struct" || shape.kind === "map") return isJsonObject(value) ? fieldNodes(shape, value) : []
  return inOrder(
    [...itemsOf(shape, value)].map(([element, items]) => [
      element,
      items.length > 1 ? LEAF : wholeNode(itemShape(shape), items[0] ?? null)
    ])
  )
}

const fieldNodes = (shape: FieldsShape, value: JsonObject): Nodes =>
  partsOf(shape, value).map(({ element, name, shape: of }) => [element, wholeNode(of(), value[name] ?? null)])

/** The node of a value that is new or gone as a whole: itself and all that is in it. */
const wholeNode = (shape: Shape, value: Json): FieldSet => {
  if (shape.kind === "leaf") return LEAF
  if (shape.kind === "struct" && isJsonObject(value)) return structNode(shape, value)
  return nodeOf(kidsOf(shape, value), true) ?? LEAF
}

/** As the last one of the struct that had the same fields, if it is: there are many conditions, and few sets of fields of conditions. */
const structNode = (shape: StructShape, value: JsonObject): FieldSet => {
  const present = shape.fields.reduce((bits, { name }, i) => (value[name] === undefined ? bits : bits | (1 << i)), 0)
  const known = shape.latest.get(present)
  if (known !== undefined && hasNodes(known, shape, value)) return known
  const made = nodeOf(fieldNodes(shape, value), true) ?? LEAF
  if (shape.fields.length < BITS) shape.latest.set(present, made)
  return made
}

/** Of a number's bits those that are not its sign. */
const BITS = 32

const hasNodes = (node: FieldSet, { fields }: StructShape, value: JsonObject): boolean =>
  fields.every(({ element, name, shape }) => {
    const given = value[name]
    return given === undefined || wholeNode(shape(), given) === node[element]
  })

/** ToFieldSet: structs are in it for their fields' sake only, items and entries of maps as such. */
const appliedNode = (shape: Shape, value: Json, named: boolean): FieldSet | undefined => {
  if (shape.kind === "leaf") return LEAF
  const isEmpty = value === null || (isJsonObject(value) && isEmptyValue(value))
  return nodeOf(appliedKids(shape, value), isEmpty || !named)
}

const appliedKids = (shape: Shape, value: Json): Nodes => {
  if (shape.kind === "leaf") return []
  if (shape.kind === "struct" || shape.kind === "map") {
    const parts = isJsonObject(value) ? partsOf(shape, value) : []
    return parts.flatMap(({ element, name, shape: of }): Nodes => {
      const node = appliedNode(of(), (value as JsonObject)[name] ?? null, shape.kind === "struct")
      return node === undefined ? [] : [[element, node]]
    })
  }
  const items = [...itemsOf(shape, value)].map(([element, [item = null, ...more]]): Nodes[number] => [
    element,
    (more.length > 0 ? LEAF : appliedNode(itemShape(shape), item, false)) ?? LEAF
  ])
  return inOrder(items)
}

/** Every field that an object names. */
export const fieldSetOf = (shape: FieldsShape, value: JsonObject): FieldSet =>
  nodeOf(appliedKids(shape, value), false) ?? LEAF

interface Nodal {
  readonly changed: FieldSet | undefined
  readonly removed: FieldSet | undefined
}

const CHANGED: Nodal = { changed: LEAF, removed: undefined }

/** `undefined`: there is no difference. */
const compareValues = (shape: Shape, old: Json | undefined, next: Json | undefined): Nodal | undefined => {
  if (old === next) return undefined
  if (old === undefined) return { changed: wholeNode(shape, next as Json), removed: undefined }
  if (next === undefined) return { changed: undefined, removed: wholeNode(shape, old) }
  if (shape.kind === "leaf" || (isEmptyValue(old) && isEmptyValue(next)))
    return jsonEqual(old, next) ? undefined : CHANGED
  return shape.kind === "set" || shape.kind === "keyed"
    ? compareItems(shape, old, next)
    : compareFields(shape, old, next)
}

const none: Nodes = []

const added = (nodes: Nodes, node: Nodes[number]): Nodes => {
  if (nodes === none) return [node]
  nodes.push(node)
  return nodes
}

/** What is found while the parts of two values are compared: mostly nothing. */
class Findings {
  private changed = none
  private removed = none

  add(element: PathElement, found: Nodal | undefined): void {
    if (found?.changed !== undefined) this.changed = added(this.changed, [element, found.changed])
    if (found?.removed !== undefined) this.removed = added(this.removed, [element, found.removed])
  }

  /** The items of a list are found in its order, not in that of sets. */
  get ofItems(): Nodal | undefined {
    inOrder(this.changed)
    inOrder(this.removed)
    return this.nodal
  }

  /** `undefined`: there is no difference. */
  get nodal(): Nodal | undefined {
    const { changed, removed } = this
    if (changed === none && removed === none) return undefined
    return { changed: nodeOf(changed, false), removed: nodeOf(removed, false) }
  }
}

/** Items of which each may be compared with each. */
const FEW = 12

const nothing: JsonObject = {}

const compareFields = (shape: FieldsShape, old: Json, next: Json): Nodal | undefined => {
  const [a, b] = [isJsonObject(old) ? old : nothing, isJsonObject(next) ? next : nothing]
  const findings = new Findings()
  for (const { element, name, shape: of } of shape.kind === "struct" ? shape.fields : partsOf(shape, { ...a, ...b })) {
    const [before, after] = [a[name], b[name]]
    if (before !== after) findings.add(element, compareValues(of(), before, after))
  }
  return findings.nodal
}

/** Lists of the same items in the same order, none of them twice: most writes of a status leave them so. */
const pairs = (shape: ListShape, old: Json, next: Json): ReadonlyArray<Json> | undefined => {
  if (shape.kind === "set" || !Array.isArray(old) || !Array.isArray(next)) return undefined
  const [before, after] = [old as ReadonlyArray<Json>, next as ReadonlyArray<Json>]
  const matched = before.length === after.length && before.every((item, i) => hasSameKeys(shape, item, after[i]))
  const alike = (item: Json, i: number) => after.some((other, j) => j > i && hasSameKeys(shape, item, other))
  return matched && before.length <= FEW && !after.some(alike) ? before : undefined
}

const comparePairs = (shape: ListShape, old: ReadonlyArray<Json>, next: ReadonlyArray<Json>): Nodal | undefined => {
  const findings = new Findings()
  for (let i = 0; i < old.length; i++) {
    const item = old[i] ?? null
    const found = compareValues(itemShape(shape), item, next[i])
    const element = found === undefined ? undefined : itemElement(shape, item)
    if (element !== undefined) findings.add(element, found)
  }
  return findings.ofItems
}

const compareItems = (shape: ListShape, old: Json, next: Json): Nodal | undefined => {
  const same = pairs(shape, old, next)
  if (same !== undefined) return comparePairs(shape, same, next as ReadonlyArray<Json>)
  const [before, after] = [itemsOf(shape, old), itemsOf(shape, next)]
  const findings = new Findings()
  const item = itemShape(shape)
  for (const element of new Set([...before.keys(), ...after.keys()]))
    findings.add(element, compareDuplicates(item, before.get(element) ?? [], after.get(element) ?? []))
  return findings.ofItems
}

/** Duplicates are one value; where there were some and now are none, the item is compared with nothing. */
const compareDuplicates = (shape: Shape, old: ReadonlyArray<Json>, next: ReadonlyArray<Json>): Nodal | undefined => {
  if (old.length <= 1 && next.length <= 1) return compareValues(shape, old[0], next[0])
  if (old.length > 1 && next.length > 1) return jsonEqual(old, next) ? undefined : CHANGED
  if (old.length > 1) return { changed: next[0] === undefined ? undefined : wholeNode(shape, next[0]), removed: LEAF }
  return { changed: LEAF, removed: old[0] === undefined ? undefined : wholeNode(shape, old[0]) }
}

export const noChange: Comparison = { changed: LEAF, removed: LEAF }

/** What `next` has that `old` has not or has otherwise, and what it has no more. */
export const compare = (shape: FieldsShape, old: JsonObject, next: JsonObject): Comparison => {
  const found = compareFields(shape, old, next)
  return found === undefined ? noChange : { changed: found.changed ?? LEAF, removed: found.removed ?? LEAF }
}
