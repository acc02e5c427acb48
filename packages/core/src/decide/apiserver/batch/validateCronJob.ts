/** What the API server refuses in a CronJob (`pkg/apis/batch/validation/validation.go`, ValidateCronJobCreate, ValidateCronJobUpdate). */
import { Result } from "effect"
import type { CronJobObject, CronJobSpec } from "../../../event/BatchObjects.ts"
import type { JsonObject } from "../../../event/Json.ts"
import { parseSchedule } from "../../controller/cronjob/CronSchedule.ts"
import { unknownTimeZone } from "../../controller/cronjob/timeZone.ts"
import { mapping, text } from "../fields.ts"
import { type FieldError, invalid, notSupported, required } from "../status.ts"
import { validateMetadataUpdate } from "../validateMetadataUpdate.ts"
import { nonNegative } from "../validateNumber.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"
import { validateJobSpec } from "./validateJobSpec.ts"

/** 63, but for the eleven characters by which its Jobs' names are longer. */
const LONGEST_NAME = 52

const policies = ["Allow", "Forbid", "Replace"]

/** What Kubernetes takes for a part of a zone's name. */
const zonePart = /^[A-Za-z.\-_0-9+]{1,14}$/

/** validateScheduleFormat. A schedule that has a zone in it already may keep it. */
const scheduleErrors = (
  { schedule, timeZone }: CronJobSpec,
  old: CronJobSpec | undefined
): ReadonlyArray<FieldError> => {
  const at = "spec.schedule"
  if (schedule === "") return [required(at)]
  const [parsed, zoned, mayBeZoned] = [
    parseSchedule(schedule),
    schedule.includes("TZ"),
    old?.schedule.includes("TZ") === true
  ]
  return [
    ...(Result.isFailure(parsed) ? [invalid(at, schedule, parsed.failure)] : []),
    ...(zoned && mayBeZoned && timeZone !== undefined
      ? [invalid(at, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule")]
      : []),
    ...(zoned && !mayBeZoned
      ? [invalid(at, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")]
      : [])
  ]
}

const timeZoneErrors = (zone: string | undefined): ReadonlyArray<FieldError> => {
  const at = "spec.timeZone"
  if (zone === undefined) return []
  if (zone === "") return [invalid(at, zone, "timeZone must be nil or non-empty string")]
  const odd = (part: string): boolean => part === "." || part === ".." || part.startsWith("-") || !zonePart.test(part)
  if (zone.split("/").some(odd)) return [invalid(at, zone, `unknown time zone ${zone}`)]
  const unknown = unknownTimeZone(zone)
  const explicit = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
  return [
    ...(zone.toLowerCase() === "local" ? [invalid(at, zone, explicit)] : []),
    ...(unknown === undefined ? [] : [invalid(at, zone, unknown)])
  ]
}

/** ValidateJobTemplateSpec. */
const templateErrors = (spec: JsonObject, at: string): ReadonlyArray<FieldError> => [
  ...validateJobSpec(spec, at),
  ...(spec["selector"] === undefined
    ? []
    : [invalid(`${at}.selector`, mapping(spec, "selector"), "`selector` will be auto-generated")]),
  ...(spec["manualSelector"] === true ? [notSupported(`${at}.manualSelector`, true, ["nil", "false"])] : [])
]

const specErrors = (spec: CronJobSpec, old: CronJobSpec | undefined): ReadonlyArray<FieldError> => [
  ...scheduleErrors(spec, old),
  ...nonNegative(spec.startingDeadlineSeconds, "spec.startingDeadlineSeconds"),
  ...(old === undefined || old.timeZone !== spec.timeZone ? timeZoneErrors(spec.timeZone) : []),
  ...(policies.includes(spec.concurrencyPolicy)
    ? []
    : [notSupported("spec.concurrencyPolicy", spec.concurrencyPolicy, policies)]),
  ...templateErrors(spec.jobTemplate.spec, "spec.jobTemplate.spec"),
  ...nonNegative(spec.successfulJobsHistoryLimit, "spec.successfulJobsHistoryLimit"),
  ...nonNegative(spec.failedJobsHistoryLimit, "spec.failedJobsHistoryLimit")
]

export const validateCronJob = ({ metadata, spec }: CronJobObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(metadata),
  ...specErrors(spec, undefined),
  ...(text(metadata, "name").length > LONGEST_NAME
    ? [invalid("metadata.name", text(metadata, "name"), `must be no more than ${LONGEST_NAME} characters`)]
    : [])
]

export const validateCronJobUpdate = (next: CronJobObject, old: CronJobObject): ReadonlyArray<FieldError> => [
  ...validateMetadataUpdate(next.metadata, old.metadata),
  ...specErrors(next.spec, old.spec)
]
