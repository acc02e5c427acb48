/** A comparison in words: the verdict, the differences in the order of time, and what was not counted as one. */
import { type Micros, SECOND } from "../../event/Instant.ts"
import { cut, paint, printable, type TextOptions } from "../timelineText.ts"
import type { Comparison, Difference } from "./Comparison.ts"
import { allowed, inSeconds, type Tolerance, toleranceWords } from "./tolerance.ts"

export interface ComparisonTextOptions extends TextOptions {
  /** What the sides are called: `["left", "right"]` unless told otherwise. */
  readonly labels?: readonly [string, string] | undefined
}

const inWords = (time: Micros): string => `${(time / SECOND).toFixed(3)} s`
const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`

const timeWords = ({ left, wait }: Difference, [a, b]: readonly [string, string], tolerance: Tolerance): string => {
  if (wait === undefined) return left ?? ""
  const [leftWait, rightWait] = [wait.left - wait.sinceLeft, wait.right - wait.sinceRight]
  const late = Math.abs(leftWait - rightWait)
  const limit = allowed(tolerance, Math.max(leftWait, rightWait), wait.retrying)
  return `${left}: ${inWords(late)} later in ${leftWait > rightWait ? a : b} (after ${inWords(leftWait)} in ${a}, ${inWords(rightWait)} in ${b}; ${inWords(limit)} allowed)`
}

const differenceWords = (difference: Difference, labels: readonly [string, string], tolerance: Tolerance): string => {
  const { kind, left, right } = difference
  const [a, b] = labels
  switch (kind) {
    case "OnlyLeft":
      return `only in ${a}: ${left}`
    case "OnlyRight":
      return `only in ${b}: ${right}`
    case "Order":
      return left === right ? `in another order: ${left}` : `in another order: ${left} in ${a}; ${right} in ${b}`
    case "Changed":
    case "Count":
      return `${left} in ${a}; ${right} in ${b}`
    case "Time":
      return timeWords(difference, labels, tolerance)
  }
}

const placeOf = ({ object, leftAt, rightAt }: Difference): string =>
  `${(inSeconds(leftAt) || "–").padStart(10)} ${(inSeconds(rightAt) || "–").padStart(10)}  ${object.kind} ${object.name}  `

const verdict = (comparison: Comparison): string => {
  const { differences, apart, objects, states, events } = comparison
  const compared = `${count(objects, "object")}, ${count(states, "state")}, ${count(events, "Event")} compared`
  const times = apart === undefined ? "no times to compare" : `moments at most ${inWords(apart.max)} apart`
  if (differences.length > 0) return `${count(differences.length, "difference")} (${compared}, ${times})`
  return comparison.gaps.length > 0
    ? `no difference where both were observed (${compared}, ${times})`
    : `equal within the tolerance (${compared}, ${times})`
}

/** Ends without a line break. */
export const renderComparison = (comparison: Comparison, options: ComparisonTextOptions = {}): string => {
  const labels = options.labels ?? (["left", "right"] as const)
  const { width, colour } = options
  const lines = [paint(colour, comparison.differences.length === 0 ? "green" : "red", verdict(comparison))]
  const describe = (difference: Difference): string =>
    printable(placeOf(difference) + differenceWords(difference, labels, comparison.tolerance))
  for (const difference of comparison.differences) lines.push(cut(describe(difference), width))
  for (const gap of comparison.gaps) {
    lines.push(
      paint(
        colour,
        "reverse",
        cut(
          printable(
            `==== GAP in ${labels[gap.side === "left" ? 0 : 1]}, ${inSeconds(gap.at) || "at an unknown time"}: ${gap.words}`
          ),
          width
        )
      )
    )
  }
  if (comparison.beyondEnd.length > 0) {
    lines.push("Not counted: what the other side might have shown, within the tolerance, after its end")
    for (const difference of comparison.beyondEnd) lines.push(cut(describe(difference), width))
  }
  lines.push(
    paint(colour, "dim", `Made plain before comparing: ${comparison.normalised.join(", ")}.`),
    paint(colour, "dim", `Tolerated: ${toleranceWords(comparison.tolerance).join("; ")}.`),
    paint(colour, "dim", `Not compared: ${comparison.leftOut.join(", ")}.`)
  )
  return lines.join("\n")
}
