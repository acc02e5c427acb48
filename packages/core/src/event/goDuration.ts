/** Durations as Go reads them, with Go's own words for what is none (`time.ParseDuration`). */
import { Result } from "effect"
import { parseDuration } from "./duration.ts"
import type { Micros } from "./Instant.ts"

const units = new Set(["ns", "us", "µs", "μs", "ms", "s", "m", "h"])

const invalid = (text: string): string => `time: invalid duration ${JSON.stringify(text)}`

/** What is wrong with it: Go reads number after number, each with its unit. */
const problem = (text: string): string => {
  let rest = text.replace(/^[+-]/, "")
  while (rest !== "") {
    const number = /^(?:\d+(?:\.\d*)?|\.\d+)/.exec(rest)
    if (number === null) return invalid(text)
    rest = rest.slice(number[0].length)
    const unit = /^[^.\d]*/.exec(rest)?.[0] ?? ""
    if (unit === "") return `time: missing unit in duration ${JSON.stringify(text)}`
    if (!units.has(unit)) return `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`
    rest = rest.slice(unit.length)
  }
  return invalid(text)
}

/** Finer digits than microseconds are cut off. */
export const goDuration = (text: string): Result.Result<Micros, string> => {
  const micros = parseDuration(text)
  // Go counts nanoseconds in 63 bits.
  if (micros === undefined || Math.abs(micros) * 1_000 >= 2 ** 63) return Result.fail(problem(text))
  return Result.succeed(micros)
}
