/** What the API server refuses in a Job's success policy (`pkg/apis/batch/validation/validation.go`, validateSuccessPolicy). */
import { Result } from "effect"
import type { JsonObject } from "../../../event/Json.ts"
import { entries, integer, mapping, numbered } from "../fields.ts"
import { type FieldError, invalid, required, tooLong, tooMany } from "../status.ts"
import { nonNegative } from "../validateNumber.ts"
import { countIndexes } from "./indexFormat.ts"

const MOST_RULES = 20
const LONGEST_INDEXES = 64 * 1024

const indexErrors = (indexes: string, completions: number, at: string): ReadonlyArray<FieldError> => {
  const counted = countIndexes(indexes, completions)
  return [
    ...(indexes.length > LONGEST_INDEXES ? [tooLong(at, LONGEST_INDEXES)] : []),
    ...(Result.isFailure(counted) ? [invalid(at, indexes, `error parsing succeededIndexes: ${counted.failure}`)] : [])
  ]
}

const countErrors = (rule: JsonObject, completions: number, at: string): ReadonlyArray<FieldError> => {
  const count = integer(rule, "succeededCount")
  if (count === undefined) return []
  const indexes = rule["succeededIndexes"]
  const named = typeof indexes === "string" ? Result.getOrElse(countIndexes(indexes, completions), () => 0) : undefined
  const most = "must be less than or equal to"
  return [
    ...nonNegative(count, at),
    ...(count > completions
      ? [invalid(at, count, `${most} ${completions} (the number of specified completions)`)]
      : []),
    ...(named !== undefined && count > named
      ? [invalid(at, count, `${most} ${named} (the number of indexes in the specified succeededIndexes field)`)]
      : [])
  ]
}

/** `spec`: of an indexed Job; `at`: `spec.successPolicy`. */
export const validateSuccessPolicy = (spec: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const rules = entries(mapping(spec, "successPolicy"), "rules")
  const completions = integer(spec, "completions") ?? 0
  return [
    ...(rules.length === 0
      ? [required(`${at}.rules`, "at least one rules must be specified when the successPolicy is specified")]
      : []),
    ...(rules.length > MOST_RULES ? [tooMany(`${at}.rules`, rules.length, MOST_RULES)] : []),
    ...numbered(rules, `${at}.rules`).flatMap(({ at: path, item }) => {
      const { succeededCount, succeededIndexes } = item
      return [
        ...(succeededCount === undefined && succeededIndexes === undefined
          ? [required(path, "at least one of succeededCount or succeededIndexes must be specified")]
          : []),
        ...(typeof succeededIndexes === "string"
          ? indexErrors(succeededIndexes, completions, `${path}.succeededIndexes`)
          : []),
        ...countErrors(item, completions, `${path}.succeededCount`)
      ]
    })
  ]
}
