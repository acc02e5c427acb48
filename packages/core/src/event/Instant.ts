/** A moment on one clock, in whole microseconds since 1970-01-01T00:00:00Z, and its texts in Kubernetes. */
import { Schema } from "effect"

/** Microseconds since 1970. Says nothing about whose clock; the field that holds it does. */
export const Instant = Schema.Int.pipe(Schema.brand("Instant"))
export type Instant = typeof Instant.Type

/** Microseconds from one moment to another. */
export type Micros = number

export const MILLISECOND: Micros = 1_000
export const SECOND: Micros = 1_000_000
const DAY = 86_400

const pad = (value: number, width: number): string => String(value).padStart(width, "0")

/** The proleptic Gregorian date of a day number (days_from_civil, Howard Hinnant). */
const dateOf = (day: number): string => {
  const z = day + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1_460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0)
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(doy - Math.floor((153 * mp + 2) / 5) + 1, 2)}`
}

const dayOf = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yoe = y - era * 400
  const doy = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719_468
}

const toSeconds = (at: Instant): string => {
  const seconds = Math.floor(at / SECOND)
  const day = Math.floor(seconds / DAY)
  const rest = seconds - day * DAY
  return `${dateOf(day)}T${pad(Math.floor(rest / 3_600), 2)}:${pad(Math.floor(rest / 60) % 60, 2)}:${pad(rest % 60, 2)}`
}

const fraction = (at: Instant): number => at - Math.floor(at / SECOND) * SECOND

/** The texts of the seconds that were asked for lately: much happens in each, and all of it can share one text. */
const times = new Map<number, string>()
const MOST_TIMES = 4_096

/** metav1.Time: whole seconds, cut off, as in `startedAt`. */
export const toTime = (at: Instant): string => {
  const second = Math.floor(at / SECOND)
  const known = times.get(second)
  if (known !== undefined) return known
  if (times.size >= MOST_TIMES) times.clear()
  const made = `${toSeconds(at)}Z`
  times.set(second, made)
  return made
}

/** metav1.MicroTime: six digits, as in an Event's `eventTime`. */
export const toMicroTime = (at: Instant): string => `${toSeconds(at)}.${pad(fraction(at), 6)}Z`

/** Watch lines: milliseconds, or microseconds where a millisecond would lose something. */
export const toObserved = (at: Instant): string =>
  fraction(at) % MILLISECOND === 0 ? `${toSeconds(at)}.${pad(fraction(at) / MILLISECOND, 3)}Z` : toMicroTime(at)

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/

const instants = new Map<string, Instant | undefined>()

/** Reads RFC 3339; digits below a microsecond are cut off. `undefined` if it is not one. */
export const parseInstant = (text: string): Instant | undefined => {
  const known = instants.get(text)
  if (known !== undefined) return known
  if (instants.size >= MOST_TIMES) instants.clear()
  const made = readInstant(text)
  instants.set(text, made)
  return made
}

const readInstant = (text: string): Instant | undefined => {
  const match = rfc3339.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, digits = "", zone = "Z"] = match
  const offset =
    zone.length === 1 ? 0 : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)))
  const seconds =
    dayOf(Number(year), Number(month), Number(day)) * DAY +
    Number(hour) * 3_600 +
    (Number(minute) - offset) * 60 +
    Number(second)
  return (seconds * SECOND + Number(digits.padEnd(6, "0").slice(0, 6))) as Instant
}

/** The same moment, `by` microseconds later. */
export const later = (at: Instant, by: Micros): Instant => (at + by) as Instant
