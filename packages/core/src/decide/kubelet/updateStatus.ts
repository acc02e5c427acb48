/** What the status manager makes of a generated status (`pkg/kubelet/status/status_manager.go`, updateStatusInternal; K-206, K-210, K-220). */
import { type Instant, toTime } from "../../event/Instant.ts"
import { type Json, jsonEqual } from "../../event/Json.ts"
import type { Condition, Container, Pod } from "../../state/Pod.ts"
import { isKubeletCondition } from "./conditions.ts"
import { isSharedCondition } from "./disruptionTarget.ts"
import { limitMessages } from "./terminationMessage.ts"

/** Now when the condition is new or its status changed, else the time it had (K-206). */
const withTransition = (next: Condition, old: ReadonlyArray<Condition>, now: Instant): Condition => {
  if (!isKubeletCondition(next.type) && !isSharedCondition(next.type)) return next
  // Whoever resizes keeps its own time: that of the condition's reason.
  if (next.lastTransitionTime !== null && next.type.startsWith("PodResize")) return next
  const before = old.find((condition) => condition.type === next.type)
  const kept = before !== undefined && before.status === next.status ? before.lastTransitionTime : undefined
  return { ...next, lastTransitionTime: kept ?? toTime(now) }
}

/** `generated` with its times filled in from what was reported before. */
export const completeStatus = (generated: Pod, old: Pod, now: Instant): Pod => ({
  ...generated,
  containers: limitMessages(generated.containers, generated.spec),
  conditions: generated.conditions.map((condition) => withTransition(condition, old.conditions, now)),
  startTime: old.startTime ?? toTime(now),
  observedGeneration: Math.max(generated.observedGeneration ?? 0, old.observedGeneration ?? 0)
})

const conditionKey = (condition: Condition): ReadonlyArray<Json | undefined> => [
  condition.type,
  condition.status,
  condition.reason,
  condition.message
]

const json = (value: ReadonlyArray<Container> | Json | undefined): Json | undefined => value as Json | undefined

/** isPodStatusByKubeletEqual: times and generations inside conditions, and conditions of others, do not count (K-220). */
export const sameStatus = (a: Pod, b: Pod): boolean => {
  const conditions = (pod: Pod) =>
    pod.conditions.filter(({ type }) => isKubeletCondition(type) || isSharedCondition(type)).map(conditionKey)
  return (
    a.phase === b.phase &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.observedGeneration === b.observedGeneration &&
    a.startTime === b.startTime &&
    a.podIP === b.podIP &&
    jsonEqual(json(a.podIPs), json(b.podIPs)) &&
    jsonEqual(json(a.hostIPs), json(b.hostIPs)) &&
    jsonEqual(json(a.resources), json(b.resources)) &&
    jsonEqual(json(a.allocatedResources), json(b.allocatedResources)) &&
    jsonEqual(json(a.containers), json(b.containers)) &&
    jsonEqual(json(conditions(a) as unknown as Json), json(conditions(b) as unknown as Json))
  )
}
