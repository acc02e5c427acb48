/** Properties that say what a known false belief says. */
import { type Formula, formulaJson, type Property } from "@kubereel/core"
import { known } from "./chooseProperties.ts"

type Json = unknown

/** The order of a conjunction's parts says nothing, and at the top everything is meant always. */
const said = (formula: Formula<never>): Formula<never> =>
  formula._tag === "Always" || formula._tag === "Named" ? said(formula.of) : formula

const withoutNames = (json: Json): Json => {
  if (Array.isArray(json)) return json.map(withoutNames)
  if (typeof json !== "object" || json === null) return json
  const { op, of } = json as { readonly op?: unknown; readonly of?: unknown }
  if (op === "Named") return withoutNames(of)
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withoutNames(value)]))
}

const partsOf = (json: Json): ReadonlyArray<Json> => {
  if (typeof json !== "object" || json === null) return []
  const inner = Array.isArray(json) ? json.flatMap(partsOf) : Object.values(json).flatMap(partsOf)
  return Array.isArray(json) ? inner : [json, ...inner]
}

/** The belief whose formula is that of the property, or a part of it. */
export const beliefIn = (property: Property, among: ReadonlyArray<Property> = known): Property | undefined => {
  if (property.kind === "refuted") return property
  const parts = new Set(partsOf(withoutNames(formulaJson(said(property.formula)))).map((part) => JSON.stringify(part)))
  return among.find(
    ({ each, formula, kind }) =>
      kind === "refuted" &&
      each.name === property.each.name &&
      parts.has(JSON.stringify(withoutNames(formulaJson(said(formula)))))
  )
}

/** What whoever believes it should know. */
export const beliefNotes = (property: Property): ReadonlyArray<readonly [label: string, text: string]> => {
  const belief = beliefIn(property)
  if (belief?.refutation === undefined) return []
  const { insteadUse, why } = belief.refutation
  const same = belief === property ? "" : `it says what the belief ${belief.id} says: `
  return [
    ["false", `${same}${why}`],
    ["instead", insteadUse.join(", ")]
  ]
}
