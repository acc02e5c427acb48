/** What a path finds in an object (`FindResults`, k8s.io/client-go/util/jsonpath/jsonpath.go, with missing keys allowed). */
import { isJsonObject, type Json } from "../../../event/Json.ts"
import type { Path, Step } from "./jsonPath.ts"

/** A value, and whether it counts as a number with a fraction: Go compares such numbers with their like only. */
interface Found {
  readonly value: Json
  readonly isFloat: boolean
}

const found = (value: Json): Found => ({ value, isFloat: typeof value === "number" && !Number.isInteger(value) })

class Wrong {}

/** In their order; `undefined` if the path cannot be gone in this object: an index out of bounds, a comparison of unlike things. */
export const findResults = (path: Path, object: Json): ReadonlyArray<Json> | undefined => {
  try {
    return walk(path, [found(object)]).map(({ value }) => value)
  } catch (wrong) {
    if (wrong instanceof Wrong) return undefined
    throw wrong
  }
}

type Values = ReadonlyArray<Found>

const walk = (path: Path, values: Values): Values => {
  let current = values
  for (const step of path) current = take(step, current)
  return current
}

const take = (step: Step, values: Values): Values => {
  switch (step._tag) {
    case "Field":
      return values.flatMap(({ value }) => {
        const item = isJsonObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined
        return item === undefined ? [] : [found(item)]
      })
    case "Slice":
      return values.flatMap(({ value }) => (value === null ? [] : sliceOf(step, value)))
    case "Filter":
      return values.flatMap(({ value }) =>
        listOf(value)
          .filter((item) => passes(step, item))
          .map(found)
      )
    case "Union":
      return step.paths.flatMap((path) => walk(path, values))
    case "Value":
      return values.map(() => ({ value: step.value, isFloat: step.isFloat }))
    case "Wildcard":
      return values.flatMap(({ value }) => children(value).map(found))
    case "Recursive":
      return values.flatMap(({ value }) => withDescendants(value).map(found))
    case "Identifier":
      throw new Wrong()
  }
}

const listOf = (value: Json): ReadonlyArray<Json> => {
  if (!Array.isArray(value)) throw new Wrong()
  return value
}

const children = (value: Json): ReadonlyArray<Json> =>
  Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value).filter((item) => item !== undefined) : []

/** All that have children, from the top down. */
const withDescendants = (value: Json): ReadonlyArray<Json> => {
  const inside = children(value)
  return inside.length === 0 ? [] : [value, ...inside.flatMap(withDescendants)]
}

const sliceOf = ({ from: first = 0, isIndex, step = 1, to }: Extract<Step, { _tag: "Slice" }>, value: Json): Values => {
  const items = listOf(value)
  const last = isIndex ? first + 1 : (to ?? items.length)
  const start = first < 0 ? first + items.length : first
  const end = last < 0 || (last === 0 && isIndex) ? last + items.length : last
  if (start === end) return []
  if (start < 0 || start >= items.length || end < 0 || end > items.length || start > end || step <= 0) throw new Wrong()
  return items
    .slice(start, end)
    .filter((_, i) => i % step === 0)
    .map(found)
}

const passes = ({ left, operator, right }: Extract<Step, { _tag: "Filter" }>, item: Json): boolean => {
  if (operator === "exists") return exists(left, item)
  const a = one(walk(left, [found(item)]))
  if (a === undefined) return false
  const b = one(walk(right, [found(item)]))
  return b !== undefined && compare(operator, a, b)
}

const exists = (path: Path, item: Json): boolean => {
  const results = findResults(path, item)
  return results !== undefined && results.length > 0
}

const one = (values: Values): Found | undefined => {
  if (values.length > 1) throw new Wrong()
  return values[0]
}

type Scalar = boolean | number | string

/** `k8s.io/client-go/third_party/forked/golang/template/funcs.go` */
const compare = (operator: string, a: Found, b: Found): boolean => {
  const [x, y] = [scalar(a), scalar(b)]
  if (typeof x !== typeof y || a.isFloat !== b.isFloat) throw new Wrong()
  const isOrdered = typeof x !== "boolean"
  switch (operator) {
    case "==":
      return x === y
    case "!=":
      return x !== y
    case "<":
    case "<=":
    case ">":
    case ">=":
      if (!isOrdered) throw new Wrong()
      return operator.startsWith("<")
        ? x < y || (operator === "<=" && x === y)
        : x > y || (operator === ">=" && x === y)
    default:
      throw new Wrong()
  }
}

const scalar = ({ value }: Found): Scalar => {
  if (typeof value === "object") throw new Wrong()
  return value
}
