/** What a budget says of itself (`k8s.io/component-helpers/apps/poddisruptionbudget/helpers.go`, UpdateDisruptionAllowedCondition). */
import { type Instant, toTime } from "../../../event/Instant.ts"
import type { Json, JsonObject } from "../../../event/Json.ts"
import { entries, integer, text } from "../../apiserver/fields.ts"

const TYPE = "DisruptionAllowed"

const conditionOf = (status: JsonObject): JsonObject | undefined =>
  entries(status, "conditions").find((condition) => text(condition, "type") === TYPE)

const verdict = (status: JsonObject) =>
  (integer(status, "disruptionsAllowed") ?? 0) > 0
    ? { status: "True", reason: "SufficientPods" }
    : { status: "False", reason: "InsufficientPods" }

/** SetStatusCondition: the conditions of a budget with this verdict; a status that stays keeps its time. */
export const withVerdict = (
  status: JsonObject,
  told: { readonly status: string; readonly reason: string; readonly message: string },
  now: Instant
): ReadonlyArray<Json> => {
  const before = conditionOf(status)
  const since = before !== undefined && before["status"] === told.status ? before["lastTransitionTime"] : undefined
  const observed = integer(status, "observedGeneration") ?? 0
  const condition: JsonObject = {
    type: TYPE,
    ...told,
    ...(observed === 0 ? {} : { observedGeneration: observed }),
    lastTransitionTime: since ?? toTime(now)
  }
  const conditions = entries(status, "conditions")
  return before === undefined ? [...conditions, condition] : conditions.map((one) => (one === before ? condition : one))
}

/** The conditions that say whether another pod may be disrupted. */
export const disruptionAllowed = (status: JsonObject, now: Instant): ReadonlyArray<Json> =>
  withVerdict(status, { ...verdict(status), message: "" }, now)

/** ConditionsAreUpToDate. */
export const isDisruptionTold = (status: JsonObject, generation: number): boolean => {
  const condition = conditionOf(status)
  const { reason, status: value } = verdict(status)
  return (
    condition !== undefined &&
    (integer(status, "observedGeneration") ?? 0) === generation &&
    condition["status"] === value &&
    condition["reason"] === reason
  )
}
