/** Formulas made ready to be watched: negation pushed down to what has a truth at a moment, operators made few. */
import type { Bind, Formula } from "../language/Formula.ts"
import { negated } from "../language/Verdict.ts"
import { isNow, type Past, type Read, readNow } from "./now.ts"

export type Node<V> =
  | { readonly _tag: "Now"; readonly read: Read<V> }
  | { readonly _tag: "All" | "Any"; readonly of: ReadonlyArray<Node<V>> }
  | Temporal<V>
  | { readonly _tag: "Bind"; readonly bind: Bind<V>; readonly isNegated: boolean }

/** What reaches into the future. `id`: obligations of one node are of one shape, and can be merged. */
export type Temporal<V> =
  | { readonly _tag: "Always" | "Eventually"; readonly id: number; readonly of: Node<V>; readonly limit: number }
  | {
      readonly _tag: "Until"
      readonly id: number
      readonly held: Node<V>
      readonly by: Node<V>
      readonly mustCome: boolean
    }

/** A formula that is ready: what it asks, and what must be remembered of the past for it. */
export interface Compiled<V> {
  readonly node: Node<V>
  readonly pasts: ReadonlyArray<Past<V>>
}

let nodes = 0
const nextId = (): number => {
  nodes += 1
  return nodes
}

/** `pasts`: what is remembered already beside it. */
export const compile = <V>(formula: Formula<V>, isNegated = false, pasts: Array<Past<V>> = []): Compiled<V> => {
  return { node: nodeOf(formula, isNegated, pasts), pasts }
}

const nodeOf = <V>(formula: Formula<V>, isNegated: boolean, pasts: Array<Past<V>>): Node<V> => {
  if (isNow(formula)) {
    const read = readNow(formula, pasts)
    return { _tag: "Now", read: isNegated ? (moment, registers) => negated(read(moment, registers)) : read }
  }
  switch (formula._tag) {
    case "Not":
      return nodeOf(formula.of, !isNegated, pasts)
    case "Named":
      return nodeOf(formula.of, isNegated, pasts)
    case "And":
      return { _tag: isNegated ? "Any" : "All", of: formula.of.map((part) => nodeOf(part, isNegated, pasts)) }
    case "Or":
      return { _tag: isNegated ? "All" : "Any", of: formula.of.map((part) => nodeOf(part, isNegated, pasts)) }
    case "Implies":
      return {
        _tag: isNegated ? "All" : "Any",
        of: [nodeOf(formula.given, !isNegated, pasts), nodeOf(formula.asked, isNegated, pasts)]
      }
    case "Bind":
      return { _tag: "Bind", bind: formula, isNegated }
    default:
      return temporalOf(formula as TemporalFormula<V>, isNegated, pasts)
  }
}

type TemporalFormula<V> = Extract<Formula<V>, { readonly _tag: "Always" | "Eventually" | "HoldsFor" | "Until" }>

const temporalOf = <V>(formula: TemporalFormula<V>, isNegated: boolean, pasts: Array<Past<V>>): Node<V> => {
  const id = nextId()
  switch (formula._tag) {
    case "Always":
      return {
        _tag: isNegated ? "Eventually" : "Always",
        id,
        of: nodeOf(formula.of, isNegated, pasts),
        limit: Number.POSITIVE_INFINITY
      }
    case "HoldsFor":
      return {
        _tag: isNegated ? "Eventually" : "Always",
        id,
        of: nodeOf(formula.of, isNegated, pasts),
        limit: formula.lasting
      }
    case "Eventually": {
      const of: Formula<V> =
        formula.excuse === undefined ? formula.of : { _tag: "Or", of: [formula.of, formula.excuse] }
      return {
        _tag: isNegated ? "Always" : "Eventually",
        id,
        of: nodeOf(of, isNegated, pasts),
        limit: formula.limit ?? Number.POSITIVE_INFINITY
      }
    }
    case "Until":
      return untilOf(formula, id, isNegated, pasts)
  }
}

/** ¬(a until b) is (¬b unless ¬a ∧ ¬b), and ¬(a unless b) is (¬b until ¬a ∧ ¬b). */
const untilOf = <V>(
  formula: Extract<Formula<V>, { readonly _tag: "Until" }>,
  id: number,
  isNegated: boolean,
  pasts: Array<Past<V>>
): Node<V> => {
  const { held, by, mustCome } = formula
  if (!isNegated) {
    return { _tag: "Until", id, held: nodeOf(held, false, pasts), by: nodeOf(by, false, pasts), mustCome }
  }
  const noBy = nodeOf(by, true, pasts)
  return {
    _tag: "Until",
    id,
    held: noBy,
    by: { _tag: "All", of: [nodeOf(held, true, pasts), noBy] },
    mustCome: !mustCome
  }
}
