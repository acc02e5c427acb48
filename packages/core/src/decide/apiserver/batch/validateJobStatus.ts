/** What the API server refuses in a Job's status (`pkg/apis/batch/validation/validation.go`, ValidateJobUpdateStatus; `pkg/registry/batch/job/strategy.go`). */
import { Result } from "effect"
import type { JobObject, JobStatus } from "../../../event/BatchObjects.ts"
import { parseInstant } from "../../../event/Instant.ts"
import { jsonEqual } from "../../../event/Json.ts"
import { isJobFinished, trueCondition } from "../../controller/job/jobConditions.ts"
import { internalJson } from "../internalJson.ts"
import { duplicate, type FieldError, invalid, invalidParts, required } from "../status.ts"
import { IMMUTABLE, validateMetadataUpdate } from "../validateMetadataUpdate.ts"
import { nonNegative } from "../validateNumber.ts"
import { countIndexes, overlappingIndex } from "./indexFormat.ts"

const AT = "status"
const counters = ["active", "succeeded", "failed", "ready", "terminating"] as const

/** What is wrong is refused only where it is new, so that a status that is wrong already can be written on. */
type Changed = (...parts: ReadonlyArray<keyof JobStatus | "finished" | ConditionType>) => boolean
type ConditionType = "Complete" | "Failed" | "FailureTarget" | "SuccessCriteriaMet"

const changes =
  (next: JobObject, old: JobObject): Changed =>
  (...parts) =>
    parts.some((part) => {
      if (part === "finished") return isJobFinished(next) !== isJobFinished(old)
      const isCondition = /^[A-Z]/.test(String(part))
      return isCondition
        ? holds(next, String(part)) !== holds(old, String(part))
        : !jsonEqual(next.status[part] ?? undefined, old.status[part] ?? undefined)
    })

const holds = ({ status }: JobObject, type: string): boolean => trueCondition(status, type) !== undefined

const conditions = (wrong: boolean, detail: string): ReadonlyArray<FieldError> =>
  wrong ? [invalidParts(`${AT}.conditions`, detail)] : []

const one = (wrong: boolean, error: () => FieldError): ReadonlyArray<FieldError> => (wrong ? [error()] : [])

const uncountedErrors = ({ uncountedTerminatedPods = {} }: JobStatus): ReadonlyArray<FieldError> => {
  const seen = new Set<string>()
  return (["succeeded", "failed"] as const).flatMap((list) =>
    (uncountedTerminatedPods[list] ?? []).flatMap((uid, i): ReadonlyArray<FieldError> => {
      const at = `${AT}.uncountedTerminatedPods.${list}[${i}]`
      if (uid === "") return [invalid(at, uid, "must not be empty")]
      if (seen.has(uid)) return [duplicate(at, uid)]
      seen.add(uid)
      return []
    })
  )
}

const completionTimeErrors = (next: JobObject, changed: Changed): ReadonlyArray<FieldError> => {
  const { completionTime, startTime } = next.status
  const [at, complete] = [`${AT}.completionTime`, holds(next, "Complete")]
  const early =
    startTime !== undefined &&
    completionTime !== undefined &&
    (parseInstant(completionTime) ?? 0) < (parseInstant(startTime) ?? 0)
  const relevant = changed("Complete", "completionTime")
  return [
    ...one(relevant && completionTime !== undefined && !complete, () =>
      invalid(at, completionTime ?? "", "cannot set completionTime when there is no Complete=True condition")
    ),
    ...one(relevant && completionTime === undefined && complete, () =>
      required(at, "completionTime is required for Complete jobs")
    ),
    ...one(early && changed("startTime", "completionTime"), () =>
      invalid(at, completionTime ?? "", "must be equal to or after `startTime`")
    )
  ]
}

const finishedErrors = (next: JobObject, changed: Changed): ReadonlyArray<FieldError> => {
  if (!isJobFinished(next)) return []
  const { active = 0, startTime, uncountedTerminatedPods = {} } = next.status
  const { failed = [], succeeded = [] } = uncountedTerminatedPods
  const nothingToDo = next.spec.suspend === true && next.spec.completions === 0
  return [
    ...one(changed("finished", "active") && active > 0, () =>
      invalid(`${AT}.active`, active, "active>0 is invalid for finished job")
    ),
    ...one(changed("finished", "startTime") && !nothingToDo && startTime === undefined, () =>
      required(`${AT}.startTime`, "startTime is required for finished job")
    ),
    ...one(changed("finished", "uncountedTerminatedPods") && failed.length + succeeded.length > 0, () =>
      invalid(
        `${AT}.uncountedTerminatedPods`,
        internalJson("UncountedTerminatedPods", uncountedTerminatedPods),
        "must be empty for finished job"
      )
    )
  ]
}

const formatErrors = (text: string, completions: number, name: string): ReadonlyArray<FieldError> => {
  const counted = countIndexes(text, completions)
  return Result.isFailure(counted) ? [invalid(`${AT}.${name}`, text, `error parsing ${name}: ${counted.failure}`)] : []
}

const indexErrors = ({ spec, status }: JobObject, changed: Changed): ReadonlyArray<FieldError> => {
  const { completedIndexes = "", failedIndexes } = status
  const { backoffLimitPerIndex, completionMode, completions } = spec
  const [completedChanged, failedChanged] = [changed("completedIndexes"), changed("failedIndexes")]
  const perIndex = backoffLimitPerIndex !== undefined
  const overlap =
    (completedChanged || failedChanged) && completions !== undefined && failedIndexes
      ? overlappingIndex(completedIndexes, failedIndexes, completions)
      : undefined
  return [
    ...(completedChanged && completions !== undefined
      ? formatErrors(completedIndexes, completions, "completedIndexes")
      : []),
    ...(failedChanged && completions !== undefined && perIndex && failedIndexes !== undefined
      ? formatErrors(failedIndexes, completions, "failedIndexes")
      : []),
    ...one(completedChanged && completedIndexes !== "" && completionMode !== "Indexed", () =>
      invalid(
        `${AT}.completedIndexes`,
        completedIndexes,
        "cannot set non-empty completedIndexes when non-indexed completion mode"
      )
    ),
    ...one(failedChanged && !perIndex && failedIndexes !== undefined, () =>
      invalid(
        `${AT}.failedIndexes`,
        failedIndexes ?? "",
        "cannot set non-null failedIndexes when backoffLimitPerIndex is null"
      )
    ),
    ...one(overlap !== undefined, () =>
      invalid(
        `${AT}.failedIndexes`,
        failedIndexes ?? "",
        `failedIndexes and completedIndexes overlap at index: ${overlap}`
      )
    )
  ]
}

const numberErrors = (next: JobObject, changed: Changed): ReadonlyArray<FieldError> => {
  const { active = 0, ready = 0, terminating = 0 } = next.status
  return [
    ...one(changed("finished", "terminating") && terminating > 0 && isJobFinished(next), () =>
      invalid(`${AT}.terminating`, terminating, "terminating>0 is invalid for finished job")
    ),
    ...one(changed("ready", "active") && ready > active, () =>
      invalid(`${AT}.ready`, ready, "cannot set more ready pods than active")
    )
  ]
}

/** validateJobStatus. */
const statusErrors = (next: JobObject, changed: Changed): ReadonlyArray<FieldError> => {
  const [complete, failed] = [holds(next, "Complete"), holds(next, "Failed")]
  const [met, target] = [holds(next, "SuccessCriteriaMet"), holds(next, "FailureTarget")]
  return [
    ...counters.flatMap((counter) => nonNegative(next.status[counter], `${AT}.${counter}`)),
    ...uncountedErrors(next.status),
    ...conditions(
      changed("Complete", "Failed") && complete && failed,
      "cannot set Complete=True and Failed=true conditions"
    ),
    ...conditions(
      changed("Complete", "FailureTarget") && complete && target,
      "cannot set Complete=True and FailureTarget=true conditions"
    ),
    ...completionTimeErrors(next, changed),
    ...conditions(
      changed("Failed", "failedIndexes") && failed && !target,
      "cannot set Failed=True condition without the FailureTarget=true condition"
    ),
    ...conditions(
      changed("Complete", "SuccessCriteriaMet") && complete && !met,
      "cannot set Complete=True condition without the SuccessCriteriaMet=true condition"
    ),
    ...finishedErrors(next, changed),
    ...indexErrors(next, changed),
    ...numberErrors(next, changed),
    ...conditions(met && failed, "cannot set SuccessCriteriaMet=True and Failed=true conditions"),
    ...conditions(met && target, "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions"),
    ...conditions(
      next.spec.successPolicy !== undefined && !met && complete,
      "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True"
    )
  ]
}

const decreased = (next: JobObject, old: JobObject, counter: "failed" | "succeeded"): ReadonlyArray<FieldError> => {
  const [now, before] = [next.status[counter] ?? 0, old.status[counter] ?? 0]
  return one(now < before, () => invalid(`${AT}.${counter}`, now, `cannot decrease the ${counter} counter`))
}

/** ValidateJobStatusUpdate beyond the status itself: what may not be taken back. */
const transitionErrors = (next: JobObject, old: JobObject): ReadonlyArray<FieldError> => {
  const { completionTime, startTime } = next.status
  const terminal = ["Failed", "Complete", "FailureTarget"].filter((type) => holds(old, type) && !holds(next, type))
  const elastic = next.spec.completionMode === "Indexed" && next.spec.completions === next.spec.parallelism
  const resuming =
    holds(old, "Suspended") &&
    next.status.conditions?.some(({ status, type }) => type === "Suspended" && status === "False") === true
  const [met, wasMet] = [holds(next, "SuccessCriteriaMet"), holds(old, "SuccessCriteriaMet")]
  return [
    ...terminal.flatMap((type) => conditions(true, `cannot disable the terminal ${type}=True condition`)),
    ...decreased(next, old, "failed"),
    ...(elastic ? [] : decreased(next, old, "succeeded")),
    ...one(
      completionTime !== undefined &&
        old.status.completionTime !== undefined &&
        completionTime !== old.status.completionTime,
      () => invalid(`${AT}.completionTime`, completionTime ?? null, IMMUTABLE)
    ),
    ...one(
      !resuming &&
        old.status.startTime !== undefined &&
        startTime !== old.status.startTime &&
        next.spec.suspend !== true,
      () => invalid(`${AT}.startTime`, startTime ?? null, "field is immutable for unsuspended job once set")
    ),
    ...conditions(wasMet && !met, "cannot disable the SuccessCriteriaMet=True condition"),
    ...conditions(
      holds(old, "Complete") && !wasMet && met,
      "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions"
    )
  ]
}

export const validateJobStatus = (next: JobObject, old: JobObject): ReadonlyArray<FieldError> => [
  ...validateMetadataUpdate(next.metadata, old.metadata),
  ...statusErrors(next, changes(next, old)),
  ...transitionErrors(next, old)
]
