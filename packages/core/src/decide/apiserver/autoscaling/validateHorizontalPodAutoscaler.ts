/** What the API server refuses of HorizontalPodAutoscalers (`pkg/apis/autoscaling/validation/validation.go`). */
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { parseQuantity } from "../../../event/Quantity.ts"
import { entries, integer, mapping, numbered, text } from "../fields.ts"
import { type FieldError, fieldForbidden, invalid, notSupported, required } from "../status.ts"
import { nonNegative } from "../validateNumber.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"
import { type ReferenceRules, referenceErrors, versionErrors } from "./crossVersionObjectReference.ts"
import { metricErrors } from "./validateMetric.ts"

/** MaxPeriodSeconds and MaxStabilizationWindowSeconds. */
const MOST_PERIOD = 1_800
const MOST_WINDOW = 3_600

const replicaErrors = (spec: JsonObject, least: number): ReadonlyArray<FieldError> => {
  const [min, max] = [integer(spec, "minReplicas"), integer(spec, "maxReplicas") ?? 0]
  const at = "spec.maxReplicas"
  return [
    ...(min !== undefined && min < least
      ? [invalid("spec.minReplicas", min, `must be greater than or equal to ${least}`)]
      : []),
    ...(max === 0 ? [required(at, "must be set and greater than 0")] : []),
    ...(max < 0 ? [invalid(at, max, "must be greater than or equal to 1")] : []),
    ...(min !== undefined && max < min ? [invalid(at, max, "must be greater than or equal to `minReplicas`")] : [])
  ]
}

const selectPolicies = ["Disabled", "Max", "Min"]
const policyTypes = ["Percent", "Pods"]

const policyErrors = (policy: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const [type, value, period] = [
    text(policy, "type"),
    integer(policy, "value") ?? 0,
    integer(policy, "periodSeconds") ?? 0
  ]
  const positive = "must be greater than zero"
  return [
    ...(policyTypes.includes(type) ? [] : [notSupported(`${at}.type`, type, policyTypes)]),
    ...(value <= 0 ? [invalid(`${at}.value`, value, positive)] : []),
    ...(period <= 0 ? [invalid(`${at}.periodSeconds`, period, positive)] : []),
    ...(period > MOST_PERIOD
      ? [invalid(`${at}.periodSeconds`, period, `must be less than or equal to ${MOST_PERIOD}`)]
      : [])
  ]
}

const windowErrors = (window: number | undefined, at: string): ReadonlyArray<FieldError> => {
  if (window === undefined) return []
  if (window < 0) return [invalid(at, window, "must be greater than or equal to zero")]
  return window > MOST_WINDOW ? [invalid(at, window, `must be less than or equal to ${MOST_WINDOW}`)] : []
}

const toleranceErrors = (tolerance: Json | undefined, at: string): ReadonlyArray<FieldError> => {
  if (tolerance === undefined || tolerance === null) return []
  const quantity = parseQuantity(String(tolerance))
  return quantity !== undefined && quantity.nano < 0n
    ? [invalid(at, tolerance, "must be greater than or equal to 0")]
    : []
}

/** validateScalingRules. */
const rulesErrors = (rules: Json | undefined, at: string): ReadonlyArray<FieldError> => {
  if (!isJsonObject(rules)) return []
  const [select, policies] = [text(rules, "selectPolicy"), entries(rules, "policies")]
  return [
    ...windowErrors(integer(rules, "stabilizationWindowSeconds"), `${at}.stabilizationWindowSeconds`),
    ...(rules["selectPolicy"] === undefined || selectPolicies.includes(select)
      ? []
      : [notSupported(`${at}.selectPolicy`, select, selectPolicies)]),
    ...(policies.length === 0 ? [required(`${at}.policies`, "must specify at least one Policy")] : []),
    ...numbered(policies, `${at}.policies`).flatMap(({ item, at: place }) => policyErrors(item, place)),
    ...toleranceErrors(rules["tolerance"], `${at}.tolerance`)
  ]
}

interface SpecRules {
  readonly least: number
  readonly target: ReferenceRules
  readonly described: ReferenceRules
}

const toZeroErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const others = entries(spec, "metrics").some(({ type }) => type === "Object" || type === "External")
  return integer(spec, "minReplicas") === 0 && !others
    ? [
        fieldForbidden(
          "spec.metrics",
          "must specify at least one Object or External metric to support scaling to zero replicas"
        )
      ]
    : []
}

const specErrors = (spec: JsonObject, { described, least, target }: SpecRules): ReadonlyArray<FieldError> => {
  const behavior = mapping(spec, "behavior")
  return [
    ...replicaErrors(spec, least),
    ...referenceErrors(mapping(spec, "scaleTargetRef"), "spec.scaleTargetRef", target),
    ...numbered(entries(spec, "metrics"), "spec.metrics").flatMap(({ at, item }) => metricErrors(item, at, described)),
    ...toZeroErrors(spec),
    ...rulesErrors(behavior["scaleUp"], "spec.behavior.scaleUp"),
    ...rulesErrors(behavior["scaleDown"], "spec.behavior.scaleDown")
  ]
}

const mayLackGroup: ReferenceRules = { anyVersion: false, emptyGroup: true }

/** ReplicationControllers are the only ones of the core group that can be scaled. */
const targetRules = (spec: JsonObject): ReferenceRules => ({
  anyVersion: false,
  emptyGroup: text(mapping(spec, "scaleTargetRef"), "kind") === "ReplicationController"
})

export const validateHorizontalPodAutoscaler = (object: KubernetesObject): ReadonlyArray<FieldError> => {
  const spec = mapping(object, "spec")
  const rules = { least: 1, target: targetRules(spec), described: mayLackGroup }
  return [...validateObjectMeta(object.metadata), ...specErrors(spec, rules)]
}

const sameKind = (a: JsonObject, b: JsonObject): boolean =>
  ["kind", "apiVersion"].every((field) => text(a, field) === text(b, field))

const isWrongAlready = ({ object, type }: JsonObject): boolean =>
  type === "Object" &&
  isJsonObject(object) &&
  versionErrors(text(mapping(object, "describedObject"), "apiVersion"), mayLackGroup, "").length > 0

/** What was wrong before is no reason to refuse what else changes (validationOptionsForHorizontalPodAutoscaler). */
export const validateHorizontalPodAutoscalerUpdate = (
  next: KubernetesObject,
  old: KubernetesObject
): ReadonlyArray<FieldError> => {
  const [spec, before] = [mapping(next, "spec"), mapping(old, "spec")]
  const same = sameKind(mapping(spec, "scaleTargetRef"), mapping(before, "scaleTargetRef"))
  return specErrors(spec, {
    least: integer(before, "minReplicas") === 0 ? 0 : 1,
    target: same ? { anyVersion: true, emptyGroup: false } : targetRules(spec),
    described: entries(before, "metrics").some(isWrongAlready) ? { anyVersion: true, emptyGroup: true } : mayLackGroup
  })
}

export const validateHorizontalPodAutoscalerStatus = (next: KubernetesObject): ReadonlyArray<FieldError> =>
  ["currentReplicas", "desiredReplicas"].flatMap((field) =>
    nonNegative(mapping(next, "status")[field], `status.${field}`)
  )
