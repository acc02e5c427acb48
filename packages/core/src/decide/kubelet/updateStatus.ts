/** What the status manager makes of a generated status (`pkg/kubelet/status/status_manager.go`, updateStatusInternal; K-206, K-210, K-220). */
import { type Instant, toTime } from "../../event/Instant.ts"
import { type Json, jsonEqual } from "../../event/Json.ts"
import { sameCondition } from "../../state/conditionJson.ts"
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
  const complete = { ...next, lastTransitionTime: kept ?? toTime(now) }
  return before !== undefined && sameCondition(before, complete) ? before : complete
}

/** `generated` with its times filled in from what was reported before. */
export const completeStatus = (generated: Pod, old: Pod, now: Instant): Pod => ({
  ...generated,
  containers: limitMessages(generated.containers, generated.spec),
  conditions: generated.conditions.map((condition) => withTransition(condition, old.conditions, now)),
  startTime: old.startTime ?? toTime(now),
  observedGeneration: Math.max(generated.observedGeneration ?? 0, old.observedGeneration ?? 0)
})

const json = (value: ReadonlyArray<Container> | Json | undefined): Json | undefined => value as Json | undefined

const isOwn = ({ type }: Condition): boolean => isKubeletCondition(type) || isSharedCondition(type)

/** The index of the first of the kubelet's conditions from there on; the list's length if there is none. */
const nextOwn = (conditions: ReadonlyArray<Condition>, from: number): number => {
  let index = from
  for (let one = conditions[index]; one !== undefined && !isOwn(one); one = conditions[index]) index++
  return index
}

/** Of the conditions that are the kubelet's, in their order. */
const sameConditions = (a: ReadonlyArray<Condition>, b: ReadonlyArray<Condition>): boolean => {
  for (let [i, j] = [nextOwn(a, 0), nextOwn(b, 0)]; ; [i, j] = [nextOwn(a, i + 1), nextOwn(b, j + 1)]) {
    const [x, y] = [a[i], b[j]]
    if (x === undefined || y === undefined) return x === y
    if (x.type !== y.type || x.status !== y.status || x.reason !== y.reason || x.message !== y.message) return false
  }
}

/** isPodStatusByKubeletEqual: times and generations inside conditions, and conditions of others, do not count (K-220). */
export const sameStatus = (a: Pod, b: Pod): boolean =>
  a.phase === b.phase &&
  a.reason === b.reason &&
  a.message === b.message &&
  a.observedGeneration === b.observedGeneration &&
  a.startTime === b.startTime &&
  a.podIP === b.podIP &&
  sameConditions(a.conditions, b.conditions) &&
  jsonEqual(json(a.podIPs), json(b.podIPs)) &&
  jsonEqual(json(a.hostIPs), json(b.hostIPs)) &&
  jsonEqual(json(a.resources), json(b.resources)) &&
  jsonEqual(json(a.allocatedResources), json(b.allocatedResources)) &&
  jsonEqual(json(a.containers), json(b.containers))
