/** What the API server refuses in a container's own restart policy and rules (`pkg/apis/core/validation/validation.go`, validateContainerRestartPolicy). */
import type { JsonObject } from "../../event/Json.ts"
import { entries, mapping, numbered, text } from "./fields.ts"
import { type FieldError, notSupported, required, tooMany } from "./status.ts"

const MAX_RULES = 20
const MAX_EXIT_CODES = 255

const oneOf = (path: string, value: string, supported: ReadonlyArray<string>): ReadonlyArray<FieldError> =>
  supported.includes(value) ? [] : [notSupported(path, value, supported)]

const atMost = (path: string, count: number, most: number): ReadonlyArray<FieldError> =>
  count > most ? [tooMany(path, count, most)] : []

const validateExitCodes = (rule: JsonObject, path: string): ReadonlyArray<FieldError> => {
  if (rule["exitCodes"] === undefined) return [required(path, "must be specified")]
  const exitCodes = mapping(rule, "exitCodes")
  const values = Array.isArray(exitCodes["values"]) ? exitCodes["values"] : []
  return [
    ...oneOf(`${path}.operator`, text(exitCodes, "operator"), ["In", "NotIn"]),
    ...atMost(`${path}.values`, values.length, MAX_EXIT_CODES)
  ]
}

/** Of regular and init containers, sidecars included. */
export const validateRestartPolicy = (container: JsonObject, path: string): ReadonlyArray<FieldError> => {
  const rules = entries(container, "restartPolicyRules")
  const policy = container["restartPolicy"]
  if (policy === undefined && rules.length === 0) return []
  return [
    ...(policy === undefined
      ? [required(`${path}.restartPolicy`, "must specify restartPolicy when restart rules are used")]
      : oneOf(`${path}.restartPolicy`, text(container, "restartPolicy"), ["Always", "Never", "OnFailure"])),
    ...atMost(`${path}.restartPolicyRules`, rules.length, MAX_RULES),
    ...numbered(rules, `${path}.restartPolicyRules`).flatMap(({ at, item }) => [
      ...oneOf(`${at}.action`, text(item, "action"), ["Restart", "RestartAllContainers"]),
      ...validateExitCodes(item, `${at}.exitCodes`)
    ])
  ]
}
