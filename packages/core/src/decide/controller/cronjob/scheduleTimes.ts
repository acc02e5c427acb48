/** When a CronJob was due, and when it has to be looked at again (`pkg/controller/cronjob/utils.go`; C-314, C-315). */
import type { CronJobObject } from "../../../event/BatchObjects.ts"
import { type Instant, later, MILLISECOND, type Micros, parseInstant, SECOND } from "../../../event/Instant.ts"
import type { CronSchedule } from "./CronSchedule.ts"
import { nextActivation } from "./nextActivation.ts"

/** nextScheduleDelta: the clocks of a cluster differ a little. */
const DELTA = 100 * MILLISECOND

/** More missed times than these are told. */
const MANY = 100

export interface Missed {
  /** Since when times count: the last one, or the CronJob's creation, or as far back as its deadline allows. */
  readonly since: Instant
  /** The latest time that was due; `undefined`: there was none, or it could not be found. */
  readonly latest: Instant | undefined
  readonly how: "none" | "few" | "many"
  /** Why the schedule makes no sense. */
  readonly error?: string
}

const none = (since: Instant): Missed => ({ since, latest: undefined, how: "none" })

const sinceOf = ({ metadata, spec, status }: CronJobObject, now: Instant, withDeadline: boolean): Instant => {
  const known = parseInstant(status.lastScheduleTime ?? metadata.creationTimestamp ?? "") ?? now
  const { startingDeadlineSeconds } = spec
  if (!withDeadline || startingDeadlineSeconds === undefined) return known
  return Math.max(known, later(now, -startingDeadlineSeconds * SECOND)) as Instant
}

/** The last of the times after `from` that is not in the future. */
const lastUntil = (schedule: CronSchedule, from: Instant, now: Instant): Instant | undefined => {
  let last: Instant | undefined
  for (let at = nextActivation(schedule, from); at !== undefined && at <= now; at = nextActivation(schedule, at))
    last = at
  return last
}

/** mostRecentScheduleTime: how many times were missed is an estimate, so that a long absence costs nothing. */
export const mostRecentScheduleTime = (
  cronJob: CronJobObject,
  schedule: CronSchedule,
  now: Instant,
  withDeadline: boolean
): Missed => {
  const since = sinceOf(cronJob, now, withDeadline)
  const first = nextActivation(schedule, since)
  if (first !== undefined && now < first) return none(since)
  const second = first === undefined ? undefined : nextActivation(schedule, first)
  if (first !== undefined && second !== undefined && now < second) return { since, latest: first, how: "none" }
  const between = first === undefined || second === undefined ? 0 : Math.round((second - first) / SECOND)
  if (first === undefined || between < 1)
    return { ...none(since), error: "time difference between two schedules is less than 1 second" }
  const count = Math.floor(Math.floor((now - first) / SECOND) / between) + 1
  const latest = lastUntil(schedule, later(first, (count - 2) * between * SECOND), now)
  return { since, latest, how: count > MANY ? "many" : "few" }
}

/** nextScheduleTimeDuration: until the next look. */
export const nextScheduleDelay = (cronJob: CronJobObject, schedule: CronSchedule, now: Instant): Micros => {
  const { error, how, latest, since } = mostRecentScheduleTime(cronJob, schedule, now, false)
  const from = error === undefined ? (latest ?? (how === "none" ? since : now)) : now
  const next = nextActivation(schedule, from)
  // What is never due is looked at at once, and given up there.
  return next === undefined ? 0 : later(next, DELTA) - now
}
