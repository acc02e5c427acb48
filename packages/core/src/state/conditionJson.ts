/** One of a pod's conditions as JSON and back (`PodCondition`, k8s.io/api/core/v1/types.go). */
import type { JsonObject } from "../event/Json.ts"
import type { PodCondition } from "../event/KubernetesObject.ts"
import { integer, text, time } from "./fields.ts"
import type { Condition } from "./Pod.ts"

export const parseCondition = (json: JsonObject): Condition => ({
  type: text(json.type) ?? "",
  status: text(json.status) ?? "",
  observedGeneration: integer(json.observedGeneration),
  lastProbeTime: time(json.lastProbeTime),
  lastTransitionTime: time(json.lastTransitionTime),
  reason: text(json.reason),
  message: text(json.message)
})

type Writable = { -readonly [K in keyof PodCondition]: PodCondition[K] }

/** Fields stand in the order of Kubernetes' own JSON. */
export const renderCondition = (condition: Condition): PodCondition => {
  const json = { type: condition.type } as Writable
  if (condition.observedGeneration !== undefined) json.observedGeneration = condition.observedGeneration
  json.status = condition.status
  if (condition.lastProbeTime !== undefined) json.lastProbeTime = condition.lastProbeTime
  if (condition.lastTransitionTime !== undefined) json.lastTransitionTime = condition.lastTransitionTime
  if (condition.reason !== undefined) json.reason = condition.reason
  if (condition.message !== undefined) json.message = condition.message
  return json
}

export const sameCondition = (a: Condition, b: Condition): boolean =>
  a === b ||
  (a.type === b.type &&
    a.status === b.status &&
    a.observedGeneration === b.observedGeneration &&
    a.lastProbeTime === b.lastProbeTime &&
    a.lastTransitionTime === b.lastTransitionTime &&
    a.reason === b.reason &&
    a.message === b.message)
