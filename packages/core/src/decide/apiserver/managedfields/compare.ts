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
  if (shape.kind === "struct" || shape.kind === "map")
    return isJsonObject(value)
      ? partsOf(shape, value).map(({ element, name, shape: of }) => [element, wholeNode(of(), value[name] ?? null)])
      : []
  return inOrder(
    [...itemsOf(shape, value)].map(([element, items]) => [
      element,
      items.length > 1 ? LEAF : wholeNode(itemShape(shape), items[0] ?? null)
    ])
  )
}

/** The node of a value that is new or gone as a whole: itself and all that is in it. */
const wholeNode = (shape: Shape, value: Json): FieldSet => nodeOf(kidsOf(shape, value), true) ?? LEAF

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

const gathered = (changed: Nodes, removed: Nodes): Nodal | undefined =>
  changed.length === 0 && removed.length === 0
    ? undefined
    : { changed: nodeOf(changed, false), removed: nodeOf(removed, false) }

/** Items of which each may be compared with each. */
const FEW = 12

const nothing: JsonObject = {}

const compareFields = (shape: FieldsShape, old: Json, next: Json): Nodal | undefined => {
  const [a, b] = [isJsonObject(old) ? old : nothing, isJsonObject(next) ? next : nothing]
  const changed: Nodes = []
  const removed: Nodes = []
  const visit = (name: string, element: PathElement, of: Shape): void => {
    const found = compareValues(of, a[name], b[name])
    if (found?.changed !== undefined) changed.push([element, found.changed])
    if (found?.removed !== undefined) removed.push([element, found.removed])
  }
  if (shape.kind === "struct") {
    for (const { element, name, shape: of } of shape.fields) if (a[name] !== b[name]) visit(name, element, of())
  } else for (const { element, name, shape: of } of partsOf(shape, { ...a, ...b })) visit(name, element, of())
  return gathered(changed, removed)
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
  const changed: Nodes = []
  const removed: Nodes = []
  for (const [i, item] of old.entries()) {
    const found = compareValues(itemShape(shape), item, next[i])
    const element = found === undefined ? undefined : itemElement(shape, item)
    if (found === undefined || element === undefined) continue
    if (found.changed !== undefined) changed.push([element, found.changed])
    if (found.removed !== undefined) removed.push([element, found.removed])
  }
  return gathered(inOrder(changed), inOrder(removed))
}

const compareItems = (shape: ListShape, old: Json, next: Json): Nodal | undefined => {
  const same = pairs(shape, old, next)
  if (same !== undefined) return comparePairs(shape, same, next as ReadonlyArray<Json>)
  const [before, after] = [itemsOf(shape, old), itemsOf(shape, next)]
  const changed: Nodes = []
  const removed: Nodes = []
  const item = itemShape(shape)
  for (const element of new Set([...before.keys(), ...after.keys()])) {
    const found = compareDuplicates(item, before.get(element) ?? [], after.get(element) ?? [])
    if (found?.changed !== undefined) changed.push([element, found.changed])
    if (found?.removed !== undefined) removed.push([element, found.removed])
  }
  return gathered(inOrder(changed), inOrder(removed))
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
