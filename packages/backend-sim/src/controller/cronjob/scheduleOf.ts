/** The schedule of a CronJob in its zone (`pkg/controller/cronjob/cronjob_controllerv2.go`, formatSchedule; C-313). */
import { type CronJobObject, type CronSchedule, parseSchedule } from "@kubereel/core"
import type { Result } from "effect"

/** A schedule that names a zone itself keeps it. */
export const scheduleOf = ({ spec }: CronJobObject): Result.Result<CronSchedule, string> =>
  parseSchedule(
    spec.timeZone === undefined || spec.schedule.includes("TZ") ? spec.schedule : `TZ=${spec.timeZone} ${spec.schedule}`
  )
