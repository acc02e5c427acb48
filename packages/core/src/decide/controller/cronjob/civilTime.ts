/** Moments as a calendar and a clock on the wall show them, and back, as Go counts (`time.Date`, `time.Time.AddDate`). */
import { type Instant, later, SECOND } from "../../../event/Instant.ts"
import { zoneOffset } from "./timeZone.ts"

const DAY = 86_400

export interface CivilTime {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** 0 is Sunday. */
  readonly weekday: number
}

/** Days since 1970-01-01 (days_from_civil, Howard Hinnant); months and days may be too many. */
const dayNumber = (year: number, month: number, day: number): number => {
  const [years, months] = [year + Math.floor((month - 1) / 12), ((((month - 1) % 12) + 12) % 12) + 1]
  const y = months <= 2 ? years - 1 : years
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (months + (months > 2 ? -3 : 9)) + 2) / 5)
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468 + day - 1
}

const dateOf = (number: number): Pick<CivilTime, "year" | "month" | "day"> => {
  const z = number + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

export const civilTime = (at: Instant, zone: string): CivilTime => {
  const seconds = Math.floor(at / SECOND) + zoneOffset(zone, at)
  const day = Math.floor(seconds / DAY)
  const rest = seconds - day * DAY
  return {
    ...dateOf(day),
    hour: Math.floor(rest / 3_600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    weekday: (((day + 4) % 7) + 7) % 7
  }
}

/**
 * The moment at which the zone's clocks show that, to the second. A time that clocks skip or show twice is taken as Go takes it: by the
 * offset that holds where the first guess falls.
 */
export const moment = (
  zone: string,
  { day, hour = 0, minute = 0, month, second = 0, year }: Partial<CivilTime> & Pick<CivilTime, "year" | "month" | "day">
): Instant => {
  const asUtc = (dayNumber(year, month, day) * DAY + hour * 3_600 + minute * 60 + second) * SECOND
  const guess = zoneOffset(zone, asUtc as Instant)
  if (guess === 0) return asUtc as Instant
  return later(asUtc as Instant, -zoneOffset(zone, (asUtc - guess * SECOND) as Instant) * SECOND)
}
