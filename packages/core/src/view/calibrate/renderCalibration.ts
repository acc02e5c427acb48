/** A calibration as two tables: what was measured, and what of a profile follows from it. */
import { MILLISECOND, type Micros } from "../../event/Instant.ts"
import { cut, paint, type TextOptions } from "../timelineText.ts"
import type { Calibration } from "./calibrate.ts"
import { notToldApart } from "./estimates.ts"
import type { Distribution } from "./samples.ts"

const milliseconds = (time: Micros): string => (time / MILLISECOND).toFixed(1)

const numbers = (distribution: Distribution | undefined): ReadonlyArray<string> => {
  if (distribution === undefined) return ["0", "–", "–", "–", "–"]
  const { max, median, min, p95, samples } = distribution
  return [String(samples), ...[min, median, p95, max].map(milliseconds)]
}

const head = ["n", "min", "median", "p95", "max"]

/** Columns as wide as what stands in them; the first and the last begin at the left, numbers end at the right. */
const columns = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const [first = []] = rows
  const widths = first.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, i) =>
        i === 0 ? cell.padEnd(widths[i] ?? 0) : i === row.length - 1 ? cell : cell.padStart(widths[i] ?? 0)
      )
      .join("  ")
      .trimEnd()
  )
}

/** Ends without a line break. Times are in milliseconds. */
export const renderCalibration = (calibration: Calibration, { colour, width }: TextOptions = {}): string => {
  const { estimates, measurements, pods } = calibration
  const measured = columns([
    ["Interval (ms)", ...head, "from → to: what is in it"],
    ...measurements.map(({ distribution, from, holds, name, to }) => [
      name,
      ...numbers(distribution),
      `${from} → ${to}: ${holds}`
    ])
  ])
  const profile = columns([
    ["Profile (ms)", ...head, "how"],
    ...estimates.map(({ distribution, how, name, part, source }) => [
      part === "node" ? name : `scheduler.${name}`,
      ...numbers(distribution),
      how === "measured" ? source : `${source} (split assumed)`
    ])
  ])
  const title = (line: string, i: number): string => (i === 0 ? paint(colour, "dim", line) : line)
  return [
    `${pods} ${pods === 1 ? "pod" : "pods"}`,
    ...measured.map(title),
    "",
    ...profile.map(title),
    "",
    `Not told apart by a watch stream, so taken from the default profile: ${notToldApart.join("; ")}.`
  ]
    .map((line) => cut(line, width))
    .join("\n")
}
