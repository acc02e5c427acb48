/** Schedules as the library of Kubernetes reads them: `goSchedules.json` is what `robfig/cron` v3.0.1 answered, asked in Go. */
import { readFileSync } from "node:fs"
import { Result } from "effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type CronSchedule, parseSchedule } from "../../../../src/decide/controller/cronjob/CronSchedule.ts"
import { civilTime, moment } from "../../../../src/decide/controller/cronjob/civilTime.ts"
import { nextActivation } from "../../../../src/decide/controller/cronjob/nextActivation.ts"
import { type Instant, later, parseInstant, SECOND, toTime } from "../../../../src/event/Instant.ts"

interface Answer {
  readonly schedule: string
  readonly error?: string
  readonly from?: string
  readonly times?: ReadonlyArray<string>
}

const answers: ReadonlyArray<Answer> = JSON.parse(readFileSync(`${import.meta.dirname}/goSchedules.json`, "utf8"))

const schedule = (text: string): CronSchedule => Result.getOrThrow(parseSchedule(text))
const at = (text: string): Instant => parseInstant(text) as Instant

const next = (of: CronSchedule, from: Instant, count: number): ReadonlyArray<string> => {
  const due = nextActivation(of, from)
  if (due === undefined) return ["never"]
  return count === 1 ? [toTime(due)] : [toTime(due), ...next(of, due, count - 1)]
}

describe("a schedule", () => {
  it.each(answers.filter(({ error }) => error !== undefined))("C-317: $schedule is refused: $error", (answer) => {
    const read = parseSchedule(answer.schedule)
    expect(Result.isFailure(read) && read.failure).toBe(answer.error)
  })

  it.each(answers.filter(({ times }) => times !== undefined))("C-313: $schedule after $from", (answer) => {
    const { from = "", times = [] } = answer
    expect(next(schedule(answer.schedule), at(from), times.length)).toEqual(times)
  })

  it("C-313: is due at the first minute after it that meets all of its fields", () => {
    const field = (low: number, high: number) =>
      fc.oneof(
        fc.constant("*"),
        fc.integer({ min: low, max: high }).map(String),
        fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`)
      )
    const fields = fc.tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
    const start = at("2026-01-01T00:00:00Z")
    fc.assert(
      fc.property(fields, fc.nat({ max: 500_000 }), (given, offset) => {
        const from = later(start, offset * 60 * SECOND)
        const of = schedule(given.join(" "))
        if (of._tag !== "Spec") throw new Error("no fields")
        const meets = (time: Instant): boolean => {
          const { day, hour, minute, month, weekday } = civilTime(time, "UTC")
          const [byMonth, byWeek] = [of.dayOfMonth.values.has(day), of.dayOfWeek.values.has(weekday)]
          const byDay = of.dayOfMonth.star || of.dayOfWeek.star ? byMonth && byWeek : byMonth || byWeek
          return byDay && of.minute.values.has(minute) && of.hour.values.has(hour) && of.month.values.has(month)
        }
        const due = nextActivation(of, from)
        const until = Math.min(due ?? Number.POSITIVE_INFINITY, later(from, 3 * 86_400 * SECOND))
        for (let time = later(from, 60 * SECOND); time < until; time = later(time, 60 * SECOND))
          expect(meets(time)).toBe(false)
        expect(due === undefined || (due > from && meets(due))).toBe(true)
      }),
      { numRuns: 60 }
    )
  })

  it("C-315: that no day meets is never due", () => {
    expect(next(schedule("59 23 31 2 *"), at("2026-01-01T00:00:00Z"), 1)).toEqual(["never"])
    expect(next(schedule("0 0 29 2 *"), at("2026-01-01T00:00:00Z"), 1)).toEqual(["2028-02-29T00:00:00Z"])
    expect(next(schedule(", * * * *"), at("2026-01-01T00:00:00Z"), 1)).toEqual(["never"])
  })
})

describe("the clocks of a zone", () => {
  it("C-313: show every moment as a time that is found again, unless they show it twice", () => {
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 4_000_000_000 }), (zone, seconds) => {
        const time = (seconds * SECOND) as Instant
        const found = moment(zone, civilTime(time, zone))
        expect(civilTime(found, zone)).toEqual(civilTime(time, zone))
      })
    )
  })
})
