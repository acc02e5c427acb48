/** When a schedule is due next (`github.com/robfig/cron/v3`, SpecSchedule.Next, ConstantDelaySchedule.Next). */
import { type Instant, later, SECOND } from "../../../event/Instant.ts"
import type { CronSchedule } from "./CronSchedule.ts"
import { type CivilTime, civilTime, moment } from "./civilTime.ts"

type Spec = Extract<CronSchedule, { readonly _tag: "Spec" }>

/** Nothing is due that is not due within so many years. */
const YEARS = 5

const HOUR = 3_600 * SECOND
const MINUTE = 60 * SECOND

const wholeSecond = (at: Instant): Instant => (Math.floor(at / SECOND) * SECOND) as Instant

/** Both restrictions have to hold if one of them is none; otherwise one is enough. */
const dayMatches = ({ dayOfMonth, dayOfWeek }: Spec, { day, weekday }: CivilTime): boolean => {
  const [byMonth, byWeek] = [dayOfMonth.values.has(day), dayOfWeek.values.has(weekday)]
  return dayOfMonth.star || dayOfWeek.star ? byMonth && byWeek : byMonth || byWeek
}

/** The search: a moment that only grows, and whether its finer parts have been set to zero. */
class Search {
  readonly #spec: Spec
  #at: Instant
  #added = false

  constructor(spec: Spec, at: Instant) {
    this.#spec = spec
    this.#at = at
  }

  get at(): Instant {
    return this.#at
  }

  get civil(): CivilTime {
    return civilTime(this.#at, this.#spec.zone)
  }

  /** The finer parts begin anew, the first time only: later they are zero. */
  #reset(at: () => Instant): void {
    if (this.#added) return
    this.#added = true
    this.#at = at()
  }

  /** `false`: a new year begins, look again. */
  month(): boolean {
    const { month, zone } = this.#spec
    for (let now = this.civil; !month.values.has(now.month); now = this.civil) {
      this.#reset(() => moment(zone, { year: now.year, month: now.month, day: 1 }))
      const from = this.civil
      this.#at = moment(zone, { ...from, month: from.month + 1 })
      if (this.civil.month === 1) return false
    }
    return true
  }

  /** `false`: a new month begins. Midnight may not exist: then the day begins an hour later, or was found an hour before. */
  day(): boolean {
    const { zone } = this.#spec
    for (let now = this.civil; !dayMatches(this.#spec, now); now = this.civil) {
      this.#reset(() => moment(zone, { year: now.year, month: now.month, day: now.day }))
      const from = this.civil
      this.#at = moment(zone, { ...from, day: from.day + 1 })
      const { hour } = this.civil
      if (hour !== 0) this.#at = later(this.#at, (hour > 12 ? 24 - hour : -hour) * HOUR)
      if (this.civil.day === 1) return false
    }
    return true
  }

  /** `false`: a new day begins. */
  hour(): boolean {
    const { hour, zone } = this.#spec
    for (let now = this.civil; !hour.values.has(now.hour); now = this.civil) {
      this.#reset(() => moment(zone, { year: now.year, month: now.month, day: now.day, hour: now.hour }))
      this.#at = later(this.#at, HOUR)
      if (this.civil.hour === 0) return false
    }
    return true
  }

  /** `false`: a new hour begins. */
  minute(): boolean {
    const { minute } = this.#spec
    for (let now = this.civil; !minute.values.has(now.minute); now = this.civil) {
      this.#reset(() => (Math.floor(this.#at / MINUTE) * MINUTE) as Instant)
      this.#at = later(this.#at, MINUTE)
      if (this.civil.minute === 0) return false
    }
    return true
  }

  /** `false`: a new minute begins. Standard schedules are due at its first second. */
  second(): boolean {
    for (let now = this.civil; now.second !== 0; now = this.civil) {
      this.#reset(() => this.#at)
      this.#at = later(this.#at, SECOND)
      if (this.civil.second === 0) return false
    }
    return true
  }
}

const isNever = ({ dayOfMonth, dayOfWeek, hour, minute, month }: Spec): boolean =>
  [hour, minute, month].some(({ values }) => values.size === 0) ||
  (dayOfMonth.values.size === 0 && dayOfWeek.values.size === 0)

/** The first moment after `after`; `undefined`: there is none in the next five years. */
export const nextActivation = (schedule: CronSchedule, after: Instant): Instant | undefined => {
  if (schedule._tag === "Every") return later(wholeSecond(after), schedule.delay)
  if (isNever(schedule)) return undefined
  const search = new Search(schedule, later(wholeSecond(after), SECOND))
  const last = search.civil.year + YEARS
  while (search.civil.year <= last)
    if (search.month() && search.day() && search.hour() && search.minute() && search.second()) return search.at
  return undefined
}
