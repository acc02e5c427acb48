/** What is applied over what is there, and what is taken out of it (`sigs.k8s.io/structured-merge-diff/v6/typed/{merge,remove}.go`). */
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import { below, type FieldSet, hasElement, isEmptySet, LEAF, union } from "./fieldSet.ts"
import type { PathElement } from "./pathElement.ts"
import { itemElement, type ListShape, partsOf, type Shape } from "./Shape.ts"

const itemsOf = (value: Json | undefined): ReadonlyArray<Json> =>
  Array.isArray(value) ? (value as ReadonlyArray<Json>) : []

const isEmptyValue = (value: Json): boolean =>
  value === null || (Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0)

const itemShape = (shape: ListShape): Shape => (shape.kind === "set" ? { kind: "leaf" } : shape.item())

/** Fields that only one of them has stay; of values that both have the applied one counts. */
export const merge = (shape: Shape, live: Json | undefined, applied: Json | undefined): Json | undefined => {
  if (applied === undefined || live === undefined) return applied ?? live
  if (shape.kind === "leaf" || (isEmptyValue(live) && isEmptyValue(applied))) return applied
  if (shape.kind === "set" || shape.kind === "keyed") return mergeItems(shape, itemsOf(live), itemsOf(applied))
  const [a, b] = [isJsonObject(live) ? live : {}, isJsonObject(applied) ? applied : {}]
  return Object.fromEntries(
    partsOf(shape, { ...a, ...b }).map(({ name, shape: of }) => [name, merge(of(), a[name], b[name])])
  ) as JsonObject
}

/** The items that both have are in the order of what is applied, the others where they were (visitListItems). */
const mergeItems = (shape: ListShape, live: ReadonlyArray<Json>, applied: ReadonlyArray<Json>): Json => {
  const elements = (items: ReadonlyArray<Json>) => items.map((item) => itemElement(shape, item) ?? "")
  const [left, right] = [elements(live), elements(applied)]
  const [byLeft, byRight] = [new Map(left.map((e, i) => [e, live[i]])), new Map(right.map((e, i) => [e, applied[i]]))]
  const shared = right.filter((element) => byLeft.has(element))
  const merged = new Set<PathElement>()
  const out: Array<Json> = []
  const put = (element: PathElement): void => {
    out.push(merge(itemShape(shape), byLeft.get(element), byRight.get(element)) ?? null)
  }
  const take = (element: PathElement): void => {
    merged.add(element)
    put(element)
    if (shared[0] === element) shared.shift()
  }
  let [l, r] = [0, 0]
  while (l < left.length || r < right.length) {
    const [mine, other] = [left[l], right[r]]
    if (mine !== undefined && mine === other) {
      take(mine)
      l++
      r++
    } else if (
      mine !== undefined &&
      other !== undefined &&
      byRight.has(mine) &&
      shared[0] !== undefined &&
      shared[0] !== mine
    )
      l++
    else if (mine !== undefined && !byRight.has(mine)) {
      put(mine)
      l++
    } else {
      if (mine !== undefined && merged.has(mine)) l++
      if (other !== undefined) {
        take(other)
        r++
      }
    }
  }
  return out
}

const removeFromItems = (shape: ListShape, value: Json, set: FieldSet): Json => {
  const left = itemsOf(value).flatMap((item): ReadonlyArray<Json> => {
    const element = itemElement(shape, item)
    if (element === undefined) return [item]
    if (hasElement(set, element)) return []
    const part = below(set, element)
    return [isEmptySet(part) ? item : removeItems(itemShape(shape), item, part)]
  })
  return left.length === 0 ? null : left
}

/** A value without what is in the set. */
export const removeItems = (shape: Shape, value: Json, set: FieldSet): Json => {
  if (shape.kind === "leaf") return value
  if (shape.kind === "set" || shape.kind === "keyed") return removeFromItems(shape, value, set)
  if (!isJsonObject(value)) return null
  const left = partsOf(shape, value).flatMap(({ element, name, shape: of }): ReadonlyArray<readonly [string, Json]> => {
    if (hasElement(set, element)) return []
    const [part, held] = [below(set, element), value[name] ?? null]
    return [[name, isEmptySet(part) ? held : removeItems(of(), held, part)]]
  })
  return left.length === 0 ? null : Object.fromEntries(left)
}

/** The set with all fields of structs that something in it is below of (EnsureNamedFieldsAreMembers). */
export const withNamedFields = (shape: Shape, set: FieldSet): FieldSet => {
  let all: FieldSet = {}
  for (const element in set) {
    if (element === ".") continue
    const node = set[element] as FieldSet
    const field = shape.kind === "struct" ? shape.byName.get(element.slice(2)) : undefined
    const inner: Shape =
      field?.shape() ??
      (shape.kind === "map" ? shape.item : shape.kind === "keyed" ? shape.item() : ({ kind: "leaf" } as const))
    const kids = withNamedFields(inner, below(set, element))
    const self = field !== undefined || hasElement(set, element)
    const made = isEmptySet(kids) ? LEAF : self ? { ".": LEAF, ...kids } : kids
    if (!isEmptySet(node) || self) all = union(all, { [element]: made })
  }
  return all
}
