/** A formula with other leaves: the same tree over another view. */
import type { Atom, Bind, Formula } from "./Formula.ts"

/** What becomes of the leaves. */
export interface Leaves<V, W> {
  readonly atom: (atom: Atom<V>) => Atom<W>
  readonly bind: (bind: Bind<V>) => Bind<W>
}

export const withLeaves = <V, W>(formula: Formula<V>, leaves: Leaves<V, W>): Formula<W> => {
  const of = (part: Formula<V>): Formula<W> => withLeaves(part, leaves)
  switch (formula._tag) {
    case "Atom":
      return leaves.atom(formula)
    case "Bind":
      return leaves.bind(formula)
    case "Constant":
      return formula
    case "And":
    case "Or":
      return { _tag: formula._tag, of: formula.of.map(of) }
    case "Implies":
      return { _tag: "Implies", given: of(formula.given), asked: of(formula.asked) }
    case "Since":
      return { _tag: "Since", held: of(formula.held), from: of(formula.from) }
    case "Until":
      return { ...formula, held: of(formula.held), by: of(formula.by) }
    case "Eventually": {
      const { excuse, limit } = formula
      return {
        _tag: "Eventually",
        of: of(formula.of),
        ...(limit === undefined ? {} : { limit }),
        ...(excuse === undefined ? {} : { excuse: of(excuse) })
      }
    }
    case "Once":
    case "Historically": {
      const { _tag, limit } = formula
      return { _tag, of: of(formula.of), ...(limit === undefined ? {} : { limit }) }
    }
    case "HoldsFor":
      return { _tag: "HoldsFor", of: of(formula.of), lasting: formula.lasting }
    case "Named":
      return { _tag: "Named", name: formula.name, of: of(formula.of) }
    default:
      return { _tag: formula._tag, of: of(formula.of) }
  }
}
