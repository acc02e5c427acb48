/** Go durations ("1m30s", "500ms", "1.5h") as whole microseconds, and back (`time.ParseDuration`, `time.Duration.String`). */
import type { Micros } from "./Instant.ts"

/** Nanoseconds in each unit that Go knows. */
const nanoseconds: { readonly [unit: string]: bigint } = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n
}

/** What Go accepts, as a regular expression. */
export const durationPattern = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/

const part = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g

/** The microseconds of a Go duration, finer digits cut off; `undefined` if it is none, or longer than a double counts exactly. */
export const parseDuration = (text: string): Micros | undefined => {
  if (!durationPattern.test(text)) return undefined
  let sum = 0n
  for (const [, whole = "", fraction = "", unit = "s"] of text.matchAll(part)) {
    sum += (BigInt(`${whole}${fraction}`) * (nanoseconds[unit] ?? 0n)) / 10n ** BigInt(fraction.length)
  }
  if (sum / 1_000n > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  const micros = Number(sum / 1_000n)
  return text.startsWith("-") && micros !== 0 ? -micros : micros
}

const decimal = (value: number, digits: number): string => {
  const unit = 10 ** digits
  const rest = value % unit
  return rest === 0
    ? String(value / unit)
    : `${Math.floor(value / unit)}.${String(rest).padStart(digits, "0").replace(/0+$/, "")}`
}

/** As Go prints it: `1h0m0.5s`, `500ms`, `250µs`, `0s`. */
export const formatDuration = (micros: Micros): string => {
  if (micros < 0) return `-${formatDuration(-micros)}`
  if (micros === 0) return "0s"
  if (micros < 1_000) return `${micros}µs`
  if (micros < 1_000_000) return `${decimal(micros, 3)}ms`
  const minutes = Math.floor(micros / 60_000_000)
  const seconds = `${decimal(micros - minutes * 60_000_000, 6)}s`
  if (minutes === 0) return seconds
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`
}
