/** The tables of `TestMostRecentScheduleTime` and `TestNextScheduleTimeDuration` (`pkg/controller/cronjob/utils_test.go`). */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { parseSchedule } from "../../../../src/decide/controller/cronjob/CronSchedule.ts"
import { mostRecentScheduleTime, nextScheduleDelay } from "../../../../src/decide/controller/cronjob/scheduleTimes.ts"
import { type Instant, later, MILLISECOND, parseInstant, SECOND, toTime } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import { cronJob } from "./cronJobs.ts"

const top = parseInstant("2016-05-19T10:00:00Z") as Instant
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

interface Case {
  readonly name: string
  readonly spec: JsonObject
  readonly created?: number
  readonly last?: number
  readonly withDeadline?: boolean
  readonly now: number
  readonly since?: number
  readonly latest?: number
  readonly how?: "few" | "many"
}

const given = ({ created = 0, last, spec }: Case) =>
  cronJob(spec, last === undefined ? {} : { lastScheduleTime: toTime(later(top, last)) }, later(top, created))

const schedule = ({ spec }: Case) => Result.getOrThrow(parseSchedule(String(spec["schedule"])))

const cases: ReadonlyArray<Case> = [
  { name: "before the next time", spec: { schedule: "0 * * * *" }, now: 30 * SECOND, since: 0 },
  { name: "just after the next time", spec: { schedule: "0 * * * *" }, now: 61 * MINUTE, since: 0, latest: HOUR },
  {
    name: "five times missed",
    spec: { schedule: "0 * * * *" },
    created: 10 * SECOND,
    now: 301 * MINUTE,
    since: 10 * SECOND,
    latest: 300 * MINUTE,
    how: "few"
  },
  {
    name: "a complex schedule",
    spec: { schedule: "30 6-16/4 * * 1-5" },
    last: 30 * MINUTE,
    now: 24 * HOUR + 31 * MINUTE,
    since: 30 * MINUTE,
    latest: 24 * HOUR + 30 * MINUTE,
    how: "few"
  },
  {
    name: "another complex schedule",
    spec: { schedule: "30 10,11,12 * * 1-5" },
    last: 30 * MINUTE,
    now: 30 * HOUR + 30 * MINUTE,
    since: 30 * MINUTE,
    how: "few"
  },
  {
    name: "a longer time between",
    spec: { schedule: "30 6-16/4 * * 1-5" },
    last: 30 * MINUTE,
    now: 96 * HOUR + 31 * MINUTE,
    since: 30 * MINUTE,
    latest: 96 * HOUR + 30 * MINUTE,
    how: "few"
  },
  {
    name: "a shorter time between",
    spec: { schedule: "30 6-16/4 * * 1-5" },
    now: 24 * HOUR + 31 * MINUTE,
    since: 0,
    latest: 24 * HOUR + 30 * MINUTE,
    how: "few"
  },
  {
    name: "@every",
    spec: { schedule: "@every 1h", startingDeadlineSeconds: 10 },
    created: -59 * MINUTE,
    last: MINUTE,
    now: 7 * 24 * HOUR,
    since: MINUTE,
    latest: 6 * 24 * HOUR + 23 * HOUR + MINUTE,
    how: "many"
  },
  { name: "created and served at the same time", spec: { schedule: "0 * * * *" }, last: 0, now: 30 * SECOND, since: 0 },
  {
    name: "served since",
    spec: { schedule: "*/5 * * * *" },
    last: 30 * MINUTE,
    now: 31 * MINUTE,
    since: 30 * MINUTE
  },
  {
    name: "within the deadline",
    spec: { schedule: "*/5 * * * *", startingDeadlineSeconds: 60 },
    last: 30 * MINUTE,
    now: 31 * MINUTE,
    since: 30 * MINUTE
  },
  {
    name: "outside the deadline",
    spec: { schedule: "*/5 * * * *", startingDeadlineSeconds: 60 },
    last: 30 * MINUTE,
    withDeadline: true,
    now: 32 * MINUTE,
    since: 31 * MINUTE
  }
]

describe("the latest time that was due", () => {
  it.each(cases.map((one) => [one.name, one] as const))("C-315: %s", (_, one) => {
    const { how = "none", latest, now, since = 0, withDeadline = false } = one
    expect(mostRecentScheduleTime(given(one), schedule(one), later(top, now), withDeadline)).toEqual({
      since: later(top, since),
      latest: latest === undefined ? undefined : later(top, latest),
      how
    })
  })

  it("C-315: a schedule that is never due makes no sense", () => {
    const rogue = { name: "", spec: { schedule: "59 23 31 2 *" }, created: 10 * SECOND, now: HOUR }
    expect(mostRecentScheduleTime(given(rogue), schedule(rogue), later(top, HOUR), false).error).toBe(
      "time difference between two schedules is less than 1 second"
    )
  })
})

describe("the next look", () => {
  it.each([
    ["complex", { schedule: "30 6-16/4 * * 1-5" }, undefined, 20 * MINUTE, 10 * MINUTE],
    ["one served", { schedule: "30 6-16/4 * * 1-5" }, 30 * MINUTE, 31 * MINUTE, 3 * HOUR + 59 * MINUTE],
    ["every five minutes", { schedule: "*/5 * * * *" }, 30 * MINUTE, 31 * MINUTE, 4 * MINUTE]
  ])("C-314: comes 100 ms after the next time: %s", (name, spec, last, now, wait) => {
    const one: Case = { name, spec, now, ...(last === undefined ? {} : { last }) }
    expect(nextScheduleDelay(given(one), schedule(one), later(top, now))).toBe(wait + 100 * MILLISECOND)
  })

  it("C-314: at what is never due it comes at once, and is given up", () => {
    const rogue: Case = { name: "", spec: { schedule: "59 23 31 2 *" }, now: HOUR }
    expect(nextScheduleDelay(given(rogue), schedule(rogue), later(top, HOUR))).toBe(0)
  })
})
