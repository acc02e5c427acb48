/**
 * What a property says, as data: a tree whose leaves are named questions about one moment of one slice.
 *
 * Time is linear and has an end. `Always`, `Eventually`, `HoldsFor` and `Until` look forward from a moment and include it; the
 * past ones look back to the beginning of the slice. What looks forward may not stand inside what looks back: so every formula
 * can be watched while it happens, with memory for what is still open alone.
 */
import type { Micros } from "../../event/Instant.ts"

/** What an atom says of one moment, in words for whoever reads a violation. */
export interface Evidence {
  readonly holds: boolean
  /** `ready=false`, `restartCount 3 → 2`: asked for when somebody reads of it. */
  readonly because: () => string
}

export type Formula<V> =
  | Atom<V>
  | { readonly _tag: "Constant"; readonly value: boolean }
  | { readonly _tag: "Not"; readonly of: Formula<V> }
  | { readonly _tag: "And"; readonly of: ReadonlyArray<Formula<V>> }
  | { readonly _tag: "Or"; readonly of: ReadonlyArray<Formula<V>> }
  | { readonly _tag: "Implies"; readonly given: Formula<V>; readonly asked: Formula<V> }
  | { readonly _tag: "Previously"; readonly of: Formula<V> }
  | { readonly _tag: "Once"; readonly of: Formula<V>; readonly limit?: Micros }
  | { readonly _tag: "Historically"; readonly of: Formula<V>; readonly limit?: Micros }
  | { readonly _tag: "Since"; readonly held: Formula<V>; readonly from: Formula<V> }
  | { readonly _tag: "Always"; readonly of: Formula<V> }
  | { readonly _tag: "Eventually"; readonly of: Formula<V>; readonly limit?: Micros; readonly excuse?: Formula<V> }
  | { readonly _tag: "HoldsFor"; readonly of: Formula<V>; readonly lasting: Micros }
  | { readonly _tag: "Until"; readonly held: Formula<V>; readonly by: Formula<V>; readonly mustCome: boolean }
  | Bind<V>
  | { readonly _tag: "Named"; readonly name: string; readonly of: Formula<V> }

/** A question about one moment. Pure; reads nothing but what it is given. */
export interface Atom<V> {
  readonly _tag: "Atom"
  readonly name: string
  readonly test: (view: V) => boolean | Evidence
  /** It compares with the moment before: true of a slice's first moment, and not asked across a gap. */
  readonly isStep: boolean
}

/** Where `match` finds something, what was found is kept for the formula that speaks of it; elsewhere nothing is asked. */
export interface Bind<V> {
  readonly _tag: "Bind"
  readonly name: string
  readonly match: (view: V) => unknown
  /** In here the past begins at the moment of the match. */
  readonly body: (found: never) => Formula<V>
}

/** What it is made of, one level down. */
export const partsOf = <V>(formula: Formula<V>): ReadonlyArray<Formula<V>> => {
  switch (formula._tag) {
    case "Atom":
    case "Constant":
    case "Bind":
      return []
    case "And":
    case "Or":
      return formula.of
    case "Implies":
      return [formula.given, formula.asked]
    case "Since":
      return [formula.held, formula.from]
    case "Until":
      return [formula.held, formula.by]
    case "Eventually":
      return formula.excuse === undefined ? [formula.of] : [formula.of, formula.excuse]
    default:
      return [formula.of]
  }
}

/** What is asked at every moment, one by one: at the top everything is meant always, and a conjunction asks for each of its parts. */
export const asked = <V>(formula: Formula<V>): ReadonlyArray<Formula<V>> => {
  if (formula._tag === "Always" || formula._tag === "Named") return asked(formula.of)
  return formula._tag === "And" ? formula.of.flatMap(asked) : [formula]
}

const forward: ReadonlySet<string> = new Set(["Always", "Eventually", "HoldsFor", "Until", "Bind"])

/** Does its truth at a moment depend on later ones? */
export const looksForward = <V>(formula: Formula<V>): boolean =>
  forward.has(formula._tag) || partsOf(formula).some(looksForward)

/** The formula as JSON: atoms and bindings by their names. */
export const formulaJson = <V>(formula: Formula<V>): { readonly [field: string]: unknown } => {
  const { _tag: op } = formula
  switch (formula._tag) {
    case "Atom":
      return { op, name: formula.name }
    case "Bind":
      return { op, name: formula.name }
    case "Constant":
      return { op, value: formula.value }
    case "And":
    case "Or":
      return { op, of: formula.of.map(formulaJson) }
    case "Implies":
      return { op, given: formulaJson(formula.given), asked: formulaJson(formula.asked) }
    case "Since":
      return { op, held: formulaJson(formula.held), from: formulaJson(formula.from) }
    case "Until":
      return { op, held: formulaJson(formula.held), by: formulaJson(formula.by), mustCome: formula.mustCome }
    case "Eventually": {
      const unless = formula.excuse === undefined ? {} : { unless: formulaJson(formula.excuse) }
      return { op, of: formulaJson(formula.of), ...within(formula.limit), ...unless }
    }
    case "Once":
    case "Historically":
      return { op, of: formulaJson(formula.of), ...within(formula.limit) }
    case "HoldsFor":
      return { op, of: formulaJson(formula.of), lastingMicros: formula.lasting }
    case "Named":
      return { op, name: formula.name, of: formulaJson(formula.of) }
    default:
      return { op, of: formulaJson(formula.of) }
  }
}

const within = (limit: Micros | undefined) => (limit === undefined ? {} : { withinMicros: limit })
