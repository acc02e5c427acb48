/**
 * Sets of fields, kept as `fieldsV1` writes them (`sigs.k8s.io/structured-merge-diff/v6/fieldpath/{set,serialize}.go`).
 *
 * A node is a mapping from path elements to nodes. `.` in it says that the node's own path is in the set, too; an empty node
 * is a path that is in the set with nothing below. The whole object is in no set: an empty root is the empty set. Sets are
 * never changed, and what two of them have in common is the same node.
 */
import { comparePathElements, type PathElement, pathElementText } from "./pathElement.ts"

export interface FieldSet {
  readonly [element: PathElement]: FieldSet
}

/** A path that is in the set, with nothing below it; also the empty set. */
export const LEAF: FieldSet = Object.freeze({})
const SELF: FieldSet = Object.freeze({ ".": LEAF })

export const isEmptySet = (set: FieldSet): boolean => {
  for (const _ in set) return false
  return true
}

/** Is the path of this node in the set? */
const isMember = (node: FieldSet): boolean => node["."] !== undefined || isEmptySet(node)

/** As mapping that says whether its own path is in the set. */
const unfolded = (node: FieldSet): FieldSet => (isEmptySet(node) ? SELF : node)

/** The node of these entries in their order; `undefined` if nothing is in the set. */
const folded = (entries: { readonly [element: PathElement]: FieldSet }): FieldSet | undefined => {
  let count = 0
  for (const _ in entries) if (++count > 1) return entries
  if (count === 0) return undefined
  return entries["."] === undefined ? entries : LEAF
}

/** A node of entries that are in order already. `self`: its own path is in the set. */
export const nodeOf = (
  entries: ReadonlyArray<readonly [PathElement, FieldSet]>,
  self: boolean
): FieldSet | undefined => {
  if (entries.length === 0) return self ? LEAF : undefined
  const node: { [element: PathElement]: FieldSet } = self ? { ".": LEAF } : {}
  for (const [element, child] of entries) node[element] = child
  return node
}

const inOrder = (entries: { readonly [element: PathElement]: FieldSet }): FieldSet =>
  Object.fromEntries(Object.entries(entries).sort(([a], [b]) => comparePathElements(a, b)))

const unionOf = (a: FieldSet, b: FieldSet): FieldSet => {
  let added = false
  let united: { [element: PathElement]: FieldSet } | undefined
  for (const element in b) {
    const [mine, other] = [a[element], b[element] as FieldSet]
    if (mine === other || (mine !== undefined && element === ".")) continue
    const before = mine && unfolded(mine)
    const both = before === undefined ? other : unionOf(before, unfolded(other))
    if (both === before) continue
    united ??= { ...a }
    united[element] = before === undefined ? other : (folded(both) ?? LEAF)
    added ||= before === undefined
  }
  if (united === undefined) return a
  return added ? inOrder(united) : united
}

/** Answers with `a` itself if it has all of `b`. */
export const union = (a: FieldSet, b: FieldSet): FieldSet => (a === b ? a : isEmptySet(a) ? b : unionOf(a, b))

type Rule = (mine: FieldSet, other: FieldSet) => FieldSet | undefined

/** What `rule` leaves of the nodes of `a`; those that `b` does not have are left as they are. */
const without = (a: FieldSet, b: FieldSet, rule: Rule): FieldSet => {
  if (!haveCommon(a, b)) return a
  let changed = false
  const left: { [element: PathElement]: FieldSet } = {}
  for (const element in a) {
    const [mine, other] = [a[element] as FieldSet, b[element]]
    const kept = other === undefined ? mine : element === "." ? undefined : rule(mine, other)
    if (kept !== mine) changed = true
    if (kept !== undefined) left[element] = kept
  }
  return changed ? left : a
}

const haveCommon = (a: FieldSet, b: FieldSet): boolean => {
  for (const element in b) if (a[element] !== undefined) return true
  return false
}

const unfoldedWithout = (mine: FieldSet, other: FieldSet, rule: Rule): FieldSet | undefined => {
  const before = unfolded(mine)
  const left = without(before, unfolded(other), rule)
  return left === before ? mine : folded(left)
}

const differenceRule: Rule = (mine, other) => unfoldedWithout(mine, other, differenceRule)

/** What is in `a` and not in `b`, path by path: a parent stays when its children go, and the other way round. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet => (isEmptySet(b) ? a : without(a, b, differenceRule))

const recursiveRule: Rule = (mine, other) => (isMember(other) ? undefined : unfoldedWithout(mine, other, recursiveRule))

/** `a` without all that is at or below a path of `b`. */
export const recursiveDifference = (a: FieldSet, b: FieldSet): FieldSet => without(a, b, recursiveRule)

export const intersection = (a: FieldSet, b: FieldSet): FieldSet => {
  if (a === b) return a
  const both: { [element: PathElement]: FieldSet } = {}
  for (const element in a) {
    const [mine, other] = [a[element] as FieldSet, b[element]]
    if (other === undefined) continue
    const common = element === "." ? LEAF : folded(intersection(unfolded(mine), unfolded(other)))
    if (common !== undefined) both[element] = common
  }
  return both
}

/** What of `set` is at or below the paths of `pattern`, in which `*` stands for any element. */
export const including = (set: FieldSet, pattern: FieldSet): FieldSet => {
  if (isEmptySet(pattern)) return set
  const left: { [element: PathElement]: FieldSet } = {}
  for (const element in set) {
    const wanted = pattern["*"] ?? pattern[element]
    if (element === "." || wanted === undefined) continue
    const node = unfolded(set[element] as FieldSet)
    const kept = isEmptySet(wanted) ? node : including(node, wanted)
    // A path on the way to the pattern's end is in the answer if it is in the set.
    const made = folded(node["."] === undefined ? kept : { ".": LEAF, ...kept })
    if (made !== undefined) left[element] = made
  }
  return left
}

export const hasPath = (set: FieldSet, path: ReadonlyArray<PathElement>): boolean => {
  const [first, ...rest] = path
  const node = first === undefined ? undefined : set[first]
  if (node === undefined) return false
  return rest.length === 0 ? isMember(node) : hasPath(node, rest)
}

/** The set of one path. */
export const setOf = (...path: ReadonlyArray<PathElement>): FieldSet =>
  path.reduceRight<FieldSet>((below, element) => ({ [element]: below }), LEAF)

/** Its part at or below an element: a set of its own. */
export const below = (set: FieldSet, element: PathElement): FieldSet => {
  const node = set[element]
  if (node?.["."] === undefined) return node ?? LEAF
  const { ".": _, ...rest } = node
  return rest
}

/** Is the element itself in the set? */
export const hasElement = (set: FieldSet, element: PathElement): boolean => {
  const node = set[element]
  return node !== undefined && isMember(node)
}

/** All paths as people are told of them: those of one depth before those below them (Iterate). */
export const pathTexts = (set: FieldSet, prefix = ""): ReadonlyArray<string> => {
  const elements = Object.keys(set).filter((element) => element !== ".")
  const own = elements.filter((element) => hasElement(set, element)).map((element) => prefix + pathElementText(element))
  return [
    ...own,
    ...elements.flatMap((element) => pathTexts(set[element] as FieldSet, prefix + pathElementText(element)))
  ]
}
