/** Two timelines next to each other, aligned by the states that they have in common. */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import type { Micros } from "../event/Instant.ts"
import type { Comparison, Row } from "./compare/Comparison.ts"
import { type CompareOptions, compare } from "./compare/compare.ts"
import type { ComparisonTextOptions } from "./compare/renderComparison.ts"
import { inSeconds } from "./compare/tolerance.ts"
import { cut, type Paint, paint, printable } from "./timelineText.ts"

export interface SideBySideOptions extends CompareOptions, ComparisonTextOptions {}

const defaultWidth = 160
const maximalName = 24

const colours: { readonly [M in Row["mark"]]: Paint | undefined } = {
  "≈": undefined,
  "!": "red",
  "<": "yellow",
  ">": "yellow",
  "…": "dim"
}

/** The legend: nothing is said by colour alone. */
const markMeaning =
  "≈ within the tolerance   ! outside it   < > on one side only   … after the other's end   ×n: so often in all"

const side = (at: Micros | undefined, words: string | undefined, width: number): string =>
  cut(words === undefined ? "" : `${inSeconds(at).padStart(9)}  ${printable(words)}`, width).padEnd(width)

/** Of a comparison that is there already. Ends without a line break. */
export const renderSideBySide = (comparison: Comparison, options: ComparisonTextOptions = {}): string => {
  const { rows } = comparison
  const labels = options.labels ?? (["left", "right"] as const)
  const nameOf = ({ object }: Row): string =>
    cut(printable(object.kind === "Pod" ? object.plain : `${object.kind}/${object.plain}`), maximalName)
  const names = new Set(rows.map(nameOf))
  const nameWidth = names.size > 1 ? Math.max(...[...names].map((name) => name.length)) + 2 : 0
  const half = Math.max(20, Math.floor(((options.width ?? defaultWidth) - nameWidth - 3) / 2))
  const head = `${" ".repeat(nameWidth)}${cut(labels[0], half).padEnd(half)}   ${cut(labels[1], half)}`
  const lines = [paint(options.colour, "bold", head.trimEnd())]
  for (const row of rows) {
    const name = nameWidth === 0 ? "" : nameOf(row).padEnd(nameWidth)
    const line = `${name}${side(row.leftAt, row.left, half)} ${row.mark} ${side(row.rightAt, row.right, half)}`
    lines.push(paint(options.colour, colours[row.mark], line.trimEnd()))
  }
  lines.push(paint(options.colour, "dim", markMeaning))
  return lines.join("\n")
}

export const sideBySide = (
  left: Iterable<ClusterEvent>,
  right: Iterable<ClusterEvent>,
  options: SideBySideOptions = {}
): string => renderSideBySide(compare(left, right, options), options)
