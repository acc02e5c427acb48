/** What `kubereel check` prints for people. */
import { countText, type Explanation, nameText, type Outcome, renderExplanation } from "@kubereel/core"
import { beliefNotes } from "./beliefs.ts"
import type { Checked } from "./checkHistory.ts"
import { type Standing, standingOf } from "./standing.ts"

const others = (outcome: Outcome, all: ReadonlyArray<Explanation>): ReadonlyArray<readonly [string, string]> => {
  const rest = outcome.violations.length - 1
  if (rest === 0) return []
  const named = all.slice(1).map(({ slice }) => {
    const container = slice.container === undefined ? "" : `/${slice.container}`
    return slice.name === undefined ? slice.key : `${slice.namespace ?? ""}/${slice.name}${container}`
  })
  const more = rest > named.length ? `, and ${countText(rest - named.length)} more` : ""
  return [["also", `${named.join(", ")}${more}`]]
}

/** The counter-example of one property: of all the shortest. */
export const violationText = (checked: Checked, outcome: Outcome, width?: number): string => {
  const all = checked.explanations.get(outcome.property) ?? []
  const [first] = all
  if (first === undefined) return ""
  return renderExplanation(first, outcome, {
    width,
    notes: [...beliefNotes(outcome.property), ...others(outcome, all), ["replay", checked.replay(outcome.property)]]
  })
}

const reasonsOf = ({ inconclusive, notApplicable }: Outcome): string => {
  if (notApplicable !== undefined) return notApplicable
  return [...inconclusive]
    .map(([reason, times]) => (times === 1 ? reason : `${reason} (${countText(times)}×)`))
    .join("; ")
}

const rowOf = (outcome: Outcome): ReadonlyArray<string> => [
  standingOf(outcome),
  outcome.property.id,
  `${countText(outcome.slices)} slice${outcome.slices === 1 ? "" : "s"}`,
  `fired ${countText(outcome.fired)}×`,
  outcome.property.name === outcome.property.id ? "" : outcome.property.name,
  reasonsOf(outcome)
]

const tableText = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n")
}

const order: ReadonlyArray<Standing> = [
  "violated",
  "reached",
  "inconclusive",
  "pending",
  "holding",
  "satisfied",
  "vacuous",
  "not reached",
  "not applicable"
]

/** `2 violated, 40 holding, 12 vacuous`. */
export const sumsText = (outcomes: ReadonlyArray<Outcome>): string =>
  order
    .flatMap((standing) => {
      const count = outcomes.filter((outcome) => standingOf(outcome) === standing).length
      return count === 0 ? [] : [`${count} ${standing}`]
    })
    .join(", ")

export const checkText = (checked: Checked, width?: number): string => {
  const { events, file, outcomes, seed } = checked
  const violated = outcomes.filter((outcome) => standingOf(outcome) === "violated")
  const sorted = outcomes.toSorted((a, b) => order.indexOf(standingOf(a)) - order.indexOf(standingOf(b)))
  const simulated = seed === undefined ? "" : `, simulated with seed ${seed}`
  const count = `${countText(outcomes.length)} ${outcomes.length === 1 ? "property" : "properties"}`
  return [
    ...violated.flatMap((outcome) => [violationText(checked, outcome, width), ""]),
    `${file}: ${countText(events)} events${simulated}; ${count}: ${sumsText(outcomes)}`,
    tableText(sorted.map(rowOf))
  ].join("\n")
}

/** One line of a list of laws. */
export const listText = (properties: ReadonlyArray<Outcome["property"]>): string =>
  tableText(properties.map((one) => [one.id, one.kind === "law" ? one.severity : one.kind, one.says]))

export const titleText = nameText
