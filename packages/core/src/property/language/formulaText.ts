/** A formula as it is written with the words of the language. */
import { formatDuration } from "../../event/duration.ts"
import type { Micros } from "../../event/Instant.ts"
import type { Formula } from "./Formula.ts"

/** As in `15s`; in front of what is limited by it. */
export const withinText = (limit: Micros | undefined): string =>
  limit === undefined ? "" : ` within ${formatDuration(limit)}`

const isPlain = <V>({ _tag }: Formula<V>): boolean =>
  _tag === "Atom" || _tag === "Named" || _tag === "Bind" || _tag === "Constant"

const inside = <V>(formula: Formula<V>): string =>
  isPlain(formula) || formula._tag === "Not" || formula._tag === "Previously"
    ? formulaText(formula)
    : `(${formulaText(formula)})`

export const formulaText = <V>(formula: Formula<V>): string => {
  switch (formula._tag) {
    case "Atom":
    case "Named":
      return formula.name
    case "Bind":
      return `on ${formula.name}`
    case "Constant":
      return String(formula.value)
    case "Not":
      return `not ${inside(formula.of)}`
    case "And":
      return formula.of.map(inside).join(" and ")
    case "Or":
      return formula.of.map(inside).join(" or ")
    case "Implies":
      return `${inside(formula.given)} ⇒ ${inside(formula.asked)}`
    case "Since":
      return `${inside(formula.held)} since ${inside(formula.from)}`
    case "Until":
      return `${inside(formula.held)} ${formula.mustCome ? "until" : "unless"} ${inside(formula.by)}`
    case "Eventually": {
      const unless = formula.excuse === undefined ? "" : ` unless ${inside(formula.excuse)}`
      return `eventually ${inside(formula.of)}${withinText(formula.limit)}${unless}`
    }
    case "Once":
    case "Historically":
      return `${formula._tag.toLowerCase()} ${inside(formula.of)}${withinText(formula.limit)}`
    case "HoldsFor":
      return `${inside(formula.of)} for ${formatDuration(formula.lasting)}`
    default:
      return `${formula._tag.toLowerCase()} ${inside(formula.of)}`
  }
}
