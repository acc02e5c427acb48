/**
 * What the API server refuses in a container's own restart policy and rules (`pkg/apis/core/validation/validation.go`,
 * validateContainerRestartPolicy, validateInitContainerRestartPolicy; K-071).
 */
import type { JsonObject } from "../../event/Json.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { entries, mapping, numbered, text } from "./fields.ts"
import { type FieldError, fieldForbidden, notSupported, required, tooMany } from "./status.ts"

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

const missing = (path: string): FieldError =>
  required(`${path}.restartPolicy`, "must specify restartPolicy when restart rules are used")

/** Of regular and init containers, sidecars included. */
export const validateRestartPolicy = (
  container: JsonObject,
  path: string,
  { gates }: KubernetesRelease = latestRelease
): ReadonlyArray<FieldError> => {
  const rules = entries(container, "restartPolicyRules")
  const policy = container["restartPolicy"]
  if (!gates.ContainerRestartRules)
    return policy === undefined
      ? []
      : [fieldForbidden(`${path}.restartPolicy`, "may not be set for non-init containers")]
  if (policy === undefined && rules.length === 0) return []
  const actions = gates.RestartAllContainersOnContainerExits ? ["Restart", "RestartAllContainers"] : ["Restart"]
  return [
    ...(policy === undefined
      ? [missing(path)]
      : oneOf(`${path}.restartPolicy`, text(container, "restartPolicy"), ["Always", "Never", "OnFailure"])),
    ...atMost(`${path}.restartPolicyRules`, rules.length, MAX_RULES),
    ...numbered(rules, `${path}.restartPolicyRules`).flatMap(({ at, item }) => [
      ...oneOf(`${at}.action`, text(item, "action"), actions),
      ...validateExitCodes(item, `${at}.exitCodes`)
    ])
  ]
}

/** Of an init container: without ContainerRestartRules it may be a sidecar and nothing else, which has rules since 1.36 only. */
export const validateInitRestartPolicy = (
  container: JsonObject,
  path: string,
  release: KubernetesRelease = latestRelease
): ReadonlyArray<FieldError> => {
  const { gates } = release
  const policy = container["restartPolicy"]
  const ruled = entries(container, "restartPolicyRules").length > 0
  if (policy === undefined) return ruled ? [missing(path)] : []
  if (!gates.ContainerRestartRules) return oneOf(`${path}.restartPolicy`, text(container, "restartPolicy"), ["Always"])
  if (policy !== "Always" || gates.RestartAllContainersOnContainerExits)
    return validateRestartPolicy(container, path, release)
  const why = "restartPolicyRules are not allowed for init containers with restart policy Always"
  return ruled ? [fieldForbidden(`${path}.restartPolicyRules`, why)] : []
}
