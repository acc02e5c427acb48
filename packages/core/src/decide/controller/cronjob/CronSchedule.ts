/** Schedules as CronJobs have them (`github.com/robfig/cron/v3`, ParseStandard): five fields, or a word that begins with `@`. */
import { Result } from "effect"
import { atoi } from "../../../event/atoi.ts"
import { goDuration } from "../../../event/goDuration.ts"
import { type Micros, SECOND } from "../../../event/Instant.ts"
import { loadTimeZone } from "./timeZone.ts"

/** Which values of a field are meant. */
export interface CronField {
  readonly values: ReadonlySet<number>
  /** Was it given as `*`? Days of the month and of the week count together then. */
  readonly star: boolean
}

export type CronSchedule =
  | {
      readonly _tag: "Spec"
      readonly zone: string
      readonly minute: CronField
      readonly hour: CronField
      readonly dayOfMonth: CronField
      readonly month: CronField
      readonly dayOfWeek: CronField
    }
  | { readonly _tag: "Every"; readonly delay: Micros }

interface Bounds {
  readonly low: number
  readonly high: number
  readonly names: ReadonlyArray<string>
}

const unnamed = (low: number, high: number): Bounds => ({ low, high, names: [] })

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

const bounds = {
  minute: unnamed(0, 59),
  hour: unnamed(0, 23),
  dayOfMonth: unnamed(1, 31),
  month: { low: 1, high: 12, names: months },
  dayOfWeek: { low: 0, high: 6, names: weekdays }
} as const

type FieldName = keyof typeof bounds
const fieldNames: ReadonlyArray<FieldName> = ["minute", "hour", "dayOfMonth", "month", "dayOfWeek"]

type Parsed<Value> = Result.Result<Value, string>

const integer = (text: string): Parsed<number> => {
  const read = atoi(text)
  if (Result.isFailure(read)) return Result.fail(`failed to parse int from ${text}: ${read.failure}`)
  return read.success < 0 ? Result.fail(`negative number (${read.success}) not allowed: ${text}`) : read
}

const integerOrName = (text: string, { low, names }: Bounds): Parsed<number> => {
  const named = names.indexOf(text.toLowerCase())
  return named < 0 ? integer(text) : Result.succeed(named + low)
}

interface Span {
  readonly start: number
  readonly end: number
  readonly star: boolean
}

/** What stands before the slash. */
const span = (text: string, of: Bounds, expression: string): Parsed<Span> => {
  const [low = "", high, ...more] = text.split("-")
  if (low === "*" || low === "?") return Result.succeed({ start: of.low, end: of.high, star: true })
  const start = integerOrName(low, of)
  if (Result.isFailure(start)) return Result.fail(start.failure)
  if (more.length > 0) return Result.fail(`too many hyphens: ${expression}`)
  const end = high === undefined ? start : integerOrName(high, of)
  return Result.isFailure(end)
    ? Result.fail(end.failure)
    : Result.succeed({ start: start.success, end: end.success, star: false })
}

const misfit = (start: number, end: number, step: number, of: Bounds): string | undefined => {
  if (start < of.low) return `beginning of range (${start}) below minimum (${of.low})`
  if (end > of.high) return `end of range (${end}) above maximum (${of.high})`
  if (start > end) return `beginning of range (${start}) beyond end of range (${end})`
  return step === 0 ? "step of range should be a positive number" : undefined
}

/** number | number "-" number [ "/" number ] */
const range = (expression: string, of: Bounds): Parsed<CronField> => {
  const [before = "", after, ...more] = expression.split("/")
  const found = span(before, of, expression)
  if (Result.isFailure(found)) return Result.fail(found.failure)
  if (more.length > 0) return Result.fail(`too many slashes: ${expression}`)
  const step = after === undefined ? Result.succeed(1) : integer(after)
  if (Result.isFailure(step)) return Result.fail(step.failure)
  const { star, start } = found.success
  // "N/step" means "N-max/step".
  const end = after !== undefined && !before.includes("-") ? of.high : found.success.end
  const wrong = misfit(start, end, step.success, of)
  if (wrong !== undefined) return Result.fail(`${wrong}: ${expression}`)
  const values = new Set<number>()
  for (let value = start; value <= end; value += step.success) values.add(value)
  return Result.succeed({ values, star: star && step.success === 1 })
}

const field = (text: string, of: Bounds): Parsed<CronField> => {
  const values = new Set<number>()
  let star = false
  for (const expression of text.split(",").filter((part) => part !== "")) {
    const found = range(expression, of)
    if (Result.isFailure(found)) return found
    for (const value of found.success.values) values.add(value)
    star ||= found.success.star
  }
  return Result.succeed({ values, star })
}

const descriptors: { readonly [descriptor: string]: string } = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *"
}

const EVERY = "@every "

const every = (descriptor: string): Parsed<CronSchedule> => {
  const duration = goDuration(descriptor.slice(EVERY.length))
  if (Result.isFailure(duration)) return Result.fail(`failed to parse duration ${descriptor}: ${duration.failure}`)
  const micros = Math.max(duration.success, SECOND)
  return Result.succeed({ _tag: "Every", delay: micros - (micros % SECOND) })
}

const spec = (text: string, zone: string): Parsed<CronSchedule> => {
  const given = text.trim() === "" ? [] : text.trim().split(/\s+/)
  if (given.length !== fieldNames.length)
    return Result.fail(`expected exactly 5 fields, found ${given.length}: [${given.join(" ")}]`)
  const found: { [name in FieldName]?: CronField } = {}
  for (const [i, name] of fieldNames.entries()) {
    const read = field(given[i] ?? "", bounds[name])
    if (Result.isFailure(read)) return Result.fail(read.failure)
    found[name] = read.success
  }
  return Result.succeed({ _tag: "Spec", zone, ...(found as { readonly [name in FieldName]: CronField }) })
}

/** The schedule, or what is wrong with it in the library's words. `TZ=ZONE ` may stand before it. */
export const parseSchedule = (text: string): Parsed<CronSchedule> => {
  if (text === "") return Result.fail("empty spec string")
  let [zone, rest] = ["UTC", text]
  if (/^(?:CRON_)?TZ=/.test(text)) {
    const end = text.indexOf(" ")
    // There the library panics, and Kubernetes says so.
    if (end < 0) return Result.fail("invalid schedule format: runtime error: slice bounds out of range [:-1]")
    const name = text.slice(text.indexOf("=") + 1, end)
    const loaded = loadTimeZone(name)
    if (Result.isFailure(loaded)) return Result.fail(`provided bad location ${name}: ${loaded.failure}`)
    zone = loaded.success
    rest = text.slice(end).trim()
  }
  if (!rest.startsWith("@")) return spec(rest, zone)
  const known = Object.hasOwn(descriptors, rest) ? descriptors[rest] : undefined
  if (known !== undefined) return spec(known, zone)
  return rest.startsWith(EVERY) ? every(rest) : Result.fail(`unrecognized descriptor: ${rest}`)
}
