/** What the API server refuses in the spec of a Job, whoever makes the Job (`pkg/apis/batch/validation/validation.go`, validateJobSpec; C-298). */
import type { JsonObject } from "../../../event/Json.ts"
import { integer, mapping, text } from "../fields.ts"
import { internalJson } from "../internalJson.ts"
import { dns1123Subdomain, httpPath } from "../nameRules.ts"
import { type FieldError, invalid, notSupported, required, tooLong } from "../status.ts"
import { nonNegative } from "../validateNumber.ts"
import { validatePodTemplate } from "../validatePodTemplate.ts"
import { validatePodFailurePolicy } from "./validatePodFailurePolicy.ts"
import { validateSuccessPolicy } from "./validateSuccessPolicy.ts"

const MOST_PARALLEL = 100_000
const MOST_FAILED_INDEXES = 100_000

/** With more completions than this and a limit for each index the other numbers have to be smaller. */
const HIGH_COMPLETIONS = 100_000
const LIMIT_FOR_HIGH_COMPLETIONS = 10_000
const LONGEST_MANAGED_BY = 63

const numbers = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
  "maxFailedIndexes"
]

/** IsDomainPrefixedPath, and not too long. */
const managedByErrors = (spec: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const name = spec["managedBy"]
  if (typeof name !== "string") return []
  const slash = name.indexOf("/")
  const [host, path] = [name.slice(0, slash), name.slice(slash + 1)]
  const long = name.length > LONGEST_MANAGED_BY ? [tooLong(at, LONGEST_MANAGED_BY)] : []
  if (name === "") return [required(at), ...long]
  if (slash < 1 || path === "")
    return [invalid(at, name, 'must be a domain-prefixed path (such as "acme.io/foo")'), ...long]
  return [
    ...dns1123Subdomain(host).map((message) => invalid(at, host, message)),
    ...httpPath(path).map((message) => invalid(at, path, message)),
    ...long
  ]
}

/** `at`: of the spec; `when`: the rest of the sentence. */
const limited =
  (spec: JsonObject, at: string, when: string) =>
  (field: string, limit: number): ReadonlyArray<FieldError> => {
    const value = integer(spec, field)
    const detail = `must be less than or equal to ${limit}${when}`
    return value !== undefined && value > limit ? [invalid(`${at}.${field}`, value, detail)] : []
  }

const highCompletionErrors = (spec: JsonObject, at: string): ReadonlyArray<FieldError> => {
  if ((integer(spec, "completions") ?? 0) <= HIGH_COMPLETIONS || spec["backoffLimitPerIndex"] === undefined) return []
  const most = limited(
    spec,
    at,
    ` when completions are above ${HIGH_COMPLETIONS} and used with backoff limit per index`
  )
  return [
    ...(spec["maxFailedIndexes"] === undefined
      ? [required(`${at}.maxFailedIndexes`, `must be specified when completions is above ${HIGH_COMPLETIONS}`)]
      : []),
    ...most("parallelism", LIMIT_FOR_HIGH_COMPLETIONS),
    ...most("maxFailedIndexes", LIMIT_FOR_HIGH_COMPLETIONS)
  ]
}

const indexedErrors = (spec: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [completions, failed] = [integer(spec, "completions"), integer(spec, "maxFailedIndexes")]
  return [
    ...(completions === undefined ? [required(`${at}.completions`, "when completion mode is Indexed")] : []),
    ...limited(spec, at, " when completion mode is Indexed")("parallelism", MOST_PARALLEL),
    ...(completions !== undefined && failed !== undefined && failed > completions
      ? [invalid(`${at}.maxFailedIndexes`, failed, "must be less than or equal to completions")]
      : []),
    ...limited(spec, at, "")("maxFailedIndexes", MOST_FAILED_INDEXES),
    ...highCompletionErrors(spec, at)
  ]
}

const completionModeErrors = (spec: JsonObject, at: string): ReadonlyArray<FieldError> => {
  // A CronJob's Jobs get it when they are made.
  const mode = spec["completionMode"] === undefined ? "NonIndexed" : text(spec, "completionMode")
  if (mode === "Indexed") return indexedErrors(spec, at)
  if (mode !== "NonIndexed") return [notSupported(`${at}.completionMode`, mode, ["NonIndexed", "Indexed"])]
  return ["backoffLimitPerIndex", "maxFailedIndexes"].flatMap((field) => {
    const value = integer(spec, field)
    return value === undefined ? [] : [invalid(`${at}.${field}`, value, "requires indexed completion mode")]
  })
}

const successPolicyErrors = (spec: JsonObject, at: string): ReadonlyArray<FieldError> => {
  if (spec["successPolicy"] === undefined) return []
  if (text(spec, "completionMode") === "Indexed") return validateSuccessPolicy(spec, at)
  return [invalid(at, internalJson("SuccessPolicy", spec["successPolicy"]), "requires indexed completion mode")]
}

const replacementErrors = (spec: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const policy = spec["podReplacementPolicy"]
  if (typeof policy !== "string") return []
  const allowed = spec["podFailurePolicy"] === undefined ? ["Failed", "TerminatingOrFailed"] : ["Failed"]
  return allowed.includes(policy) ? [] : [notSupported(at, policy, allowed)]
}

const restartPolicyErrors = (spec: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const policy = text(mapping(mapping(spec, "template"), "spec"), "restartPolicy")
  if (policy === "Always" || policy === "") return [required(at, 'valid values: "OnFailure", "Never"')]
  if (policy !== "OnFailure" && policy !== "Never") return [notSupported(at, policy, ["OnFailure", "Never"])]
  return spec["podFailurePolicy"] !== undefined && policy !== "Never"
    ? [invalid(at, policy, 'only "Never" is supported when podFailurePolicy is specified')]
    : []
}

/** `at`: where the spec stands, `spec` or `spec.jobTemplate.spec`. */
export const validateJobSpec = (spec: JsonObject, at: string): ReadonlyArray<FieldError> => [
  ...numbers.flatMap((field) => nonNegative(spec[field], `${at}.${field}`)),
  ...(spec["maxFailedIndexes"] !== undefined && spec["backoffLimitPerIndex"] === undefined
    ? [required(`${at}.backoffLimitPerIndex`, "when maxFailedIndexes is specified")]
    : []),
  ...managedByErrors(spec, `${at}.managedBy`),
  ...completionModeErrors(spec, at),
  ...(spec["podFailurePolicy"] === undefined ? [] : validatePodFailurePolicy(spec, `${at}.podFailurePolicy`)),
  ...successPolicyErrors(spec, `${at}.successPolicy`),
  ...replacementErrors(spec, `${at}.podReplacementPolicy`),
  ...validatePodTemplate(mapping(spec, "template"), `${at}.template`),
  ...restartPolicyErrors(spec, `${at}.template.spec.restartPolicy`)
]
