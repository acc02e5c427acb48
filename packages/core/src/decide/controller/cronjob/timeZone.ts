/**
 * Time zones by their names in the IANA database (Go's `time.LoadLocation`; C-313).
 *
 * Which names there are is data of ours, as Go's is Go's: no file of the machine is read. How far a zone is from UTC comes with Node, which
 * carries the database along; the zone of the machine is never asked for.
 */
import { Result } from "effect"
import { type Instant, MILLISECOND, type Micros, SECOND } from "../../../event/Instant.ts"
import { timeZoneNames } from "./timeZoneNames.ts"

/** Go's, for what is a zone by name only. */
const FACTORY = "Factory"

/** Go knows these without looking: the zone of UTC, and that of the process, which is UTC in a cluster. */
const atHand = ["", "UTC", "Local"]

const isNamed = (name: string): boolean => {
  const slash = name.indexOf("/")
  const area = slash < 0 ? "" : name.slice(0, slash)
  const names = Object.hasOwn(timeZoneNames, area) ? timeZoneNames[area] : undefined
  return names?.split(" ").includes(name.slice(slash + 1)) === true
}

/** `undefined`, or why Go does not know it. Capitals count. */
export const unknownTimeZone = (name: string): string | undefined => {
  if (atHand.includes(name)) return undefined
  if (name.split(/[/\\]/).includes("..") || name.startsWith("/") || name.startsWith("\\"))
    return "time: invalid location name"
  return isNamed(name) ? undefined : `unknown time zone ${name}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" })
  formats.set(zone, made)
  return made
}

/** `GMT`, `GMT+05:30`, `GMT-00:44:30`. */
const offsetPattern = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/

const readOffset = (zone: string, at: Micros): number => {
  const parts = formatOf(zone).formatToParts(Math.floor(at / MILLISECOND))
  const match = offsetPattern.exec(parts.find(({ type }) => type === "timeZoneName")?.value ?? "")
  const [, sign = "+", hours = "0", minutes = "0", seconds = "0"] = match ?? []
  const offset = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
  return sign === "-" ? -offset : offset
}

/** The offset of whole days of UTC; `undefined` where it changes within the day. Only to be fast: it can be emptied at any time. */
const days = new Map<string, number | undefined>()
const MOST_DAYS = 10_000
const DAY = 86_400 * SECOND

/** Seconds east of UTC at that moment. `zone`: one that is known. */
export const zoneOffset = (zone: string, at: Instant): number => {
  if (atHand.includes(zone) || zone === FACTORY) return 0
  const day = Math.floor(at / DAY)
  const key = `${zone} ${day}`
  if (!days.has(key)) {
    const [first, last] = [readOffset(zone, day * DAY), readOffset(zone, (day + 1) * DAY - SECOND)]
    if (days.size >= MOST_DAYS) days.clear()
    days.set(key, first === last ? first : undefined)
  }
  return days.get(key) ?? readOffset(zone, at)
}

/** The zone of that name, or why there is none. */
export const loadTimeZone = (name: string): Result.Result<string, string> => {
  const unknown = unknownTimeZone(name)
  return unknown === undefined ? Result.succeed(name) : Result.fail(unknown)
}

/** RFC 3339 in that zone: `2026-03-29T01:30:00+01:00` (C-313). */
export const toZonedTime = (at: Instant, zone: string, toUtc: (at: Instant) => string): string => {
  const offset = zoneOffset(zone, at)
  if (offset === 0) return toUtc(at)
  const minutes = Math.floor(Math.abs(offset) / 60)
  const pad = (value: number): string => String(value).padStart(2, "0")
  const shown = `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
  return toUtc((at + offset * SECOND) as Instant).replace("Z", shown)
}
