/** What the API server refuses in a Job's failure policy (`pkg/apis/batch/validation/validation.go`, validatePodFailurePolicy). */
import type { JsonObject } from "../../../event/Json.ts"
import { entries, integers, mapping, numbered, text } from "../fields.ts"
import { qualifiedName } from "../nameRules.ts"
import { duplicate, type FieldError, invalid, invalidParts, notSupported, required, tooMany } from "../status.ts"

const MOST_RULES = 20
const MOST_EXIT_CODES = 255
const MOST_CONDITIONS = 20

const actions = ["Count", "FailIndex", "FailJob", "Ignore"]
const operators = ["In", "NotIn"]
const statuses = ["False", "True", "Unknown"]

/** As Go prints a list with `%q`. */
const validValues = (values: ReadonlyArray<string>): string =>
  `valid values: [${values.map((value) => JSON.stringify(value)).join(" ")}]`

const choice = (value: string, at: string, values: ReadonlyArray<string>): ReadonlyArray<FieldError> => {
  if (value === "") return [required(at, validValues(values))]
  return values.includes(value) ? [] : [notSupported(at, value, values)]
}

const actionErrors = (action: string, at: string, spec: JsonObject): ReadonlyArray<FieldError> => {
  if (action !== "FailIndex") return choice(action, at, actions)
  return spec["backoffLimitPerIndex"] === undefined
    ? [invalid(at, action, "requires the backoffLimitPerIndex to be set")]
    : []
}

const valueErrors = (requirement: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const values = integers(requirement, "values")
  const seen = new Set<number>()
  const single = values.flatMap((value, i) => {
    const repeated = seen.has(value)
    seen.add(value)
    return [
      ...(requirement["operator"] === "In" && value === 0
        ? [invalid(`${at}[${i}]`, value, "must not be 0 for the In operator")]
        : []),
      ...(repeated ? [duplicate(`${at}[${i}]`, value)] : [])
    ]
  })
  const ordered = values.every((value, i) => i === 0 || (values[i - 1] ?? value) <= value)
  const many = values.length > MOST_EXIT_CODES ? [tooMany(at, values.length, MOST_EXIT_CODES)] : []
  return [
    ...(values.length === 0 ? [invalid(at, requirement["values"] ?? null, "at least one value is required")] : many),
    ...single,
    ...(ordered ? [] : [invalid(at, values, "must be ordered")])
  ]
}

const exitCodeErrors = (
  requirement: JsonObject,
  at: string,
  containers: ReadonlySet<string>
): ReadonlyArray<FieldError> => {
  const name = requirement["containerName"]
  const known = typeof name !== "string" || containers.has(name)
  const unknown = "must be one of the container or initContainer names in the pod template"
  return [
    ...choice(text(requirement, "operator"), `${at}.operator`, operators),
    ...(known ? [] : [invalid(`${at}.containerName`, name, unknown)]),
    ...valueErrors(requirement, `${at}.values`)
  ]
}

const conditionErrors = (patterns: ReadonlyArray<JsonObject>, at: string): ReadonlyArray<FieldError> => [
  ...(patterns.length > MOST_CONDITIONS ? [tooMany(at, patterns.length, MOST_CONDITIONS)] : []),
  ...numbered(patterns, at).flatMap(({ at: path, item }) => [
    ...qualifiedName(text(item, "type")).map((message) => invalid(`${path}.type`, text(item, "type"), message)),
    ...choice(text(item, "status"), `${path}.status`, statuses)
  ])
]

/** `spec`: of the Job; `at`: `spec.podFailurePolicy`. */
export const validatePodFailurePolicy = (spec: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const rules = entries(mapping(spec, "podFailurePolicy"), "rules")
  const pod = mapping(mapping(spec, "template"), "spec")
  const containers = new Set(
    [...entries(pod, "containers"), ...entries(pod, "initContainers")].map((container) => text(container, "name"))
  )
  return [
    ...(rules.length > MOST_RULES ? [tooMany(`${at}.rules`, rules.length, MOST_RULES)] : []),
    ...numbered(rules, `${at}.rules`).flatMap(({ at: path, item }) => {
      const [byCode, byCondition] = [item["onExitCodes"] !== undefined, entries(item, "onPodConditions").length > 0]
      return [
        ...actionErrors(text(item, "action"), `${path}.action`, spec),
        ...(byCode ? exitCodeErrors(mapping(item, "onExitCodes"), `${path}.onExitCodes`, containers) : []),
        ...conditionErrors(entries(item, "onPodConditions"), `${path}.onPodConditions`),
        ...(byCode && byCondition
          ? [invalidParts(path, "specifying both OnExitCodes and OnPodConditions is not supported")]
          : []),
        ...(byCode || byCondition
          ? []
          : [invalidParts(path, "specifying one of OnExitCodes and OnPodConditions is required")])
      ]
    })
  ]
}
