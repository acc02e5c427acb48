/** What a budget's pods allow (`pkg/controller/disruption/disruption.go`, trySync; C-351…C-353). */
import { type Instant, later, type Micros, parseInstant, SECOND } from "../../../event/Instant.ts"
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { integer, mapping, text } from "../../apiserver/fields.ts"
import { scaledValue } from "../../apiserver/intOrPercent.ts"
import { isPodReady } from "../podAvailability.ts"
import { disruptionAllowed, isDisruptionTold, withVerdict } from "./disruptionAllowed.ts"

/** How long an eviction that was granted may take to delete its pod (DeletionTimeout). */
const DELETION_TIMEOUT = 120 * SECOND
/** How long a pod may be said to be disrupted without being deleted (stalePodDisruptionTimeout). */
const STALE_TIMEOUT = 120 * SECOND

export interface ExpectedPods {
  readonly expected: number
  readonly desired: number
}

/** Does it count the pods that its pods' controllers want, or the pods themselves? (getExpectedPodCount) */
export const countsScales = (budget: KubernetesObject): boolean => {
  const { maxUnavailable, minAvailable } = mapping(budget, "spec")
  return maxUnavailable !== undefined || typeof minAvailable === "string"
}

/** `pods`: how many it selects, or how many their controllers want. `undefined`: what it says is no number. */
export const expectedPods = (budget: KubernetesObject, pods: number): ExpectedPods | undefined => {
  const { maxUnavailable, minAvailable } = mapping(budget, "spec")
  if (maxUnavailable !== undefined) {
    const unavailable = scaledValue(maxUnavailable, pods, "up")
    return unavailable === undefined ? undefined : { expected: pods, desired: Math.max(pods - unavailable, 0) }
  }
  if (minAvailable === undefined) return { expected: 0, desired: 0 }
  const desired = scaledValue(minAvailable, pods, "up")
  return desired === undefined ? undefined : { expected: pods, desired }
}

export interface Disrupted {
  /** By their names, since when. */
  readonly pods: JsonObject
  /** Whose deletion should have been seen by now. */
  readonly notDeleted: ReadonlyArray<PodObject>
  /** When the next of them is late. */
  readonly recheck: Instant | undefined
}

/** buildDisruptedPodMap: of the evictions that were granted those that have not been seen yet. */
export const disruptedPods = (budget: KubernetesObject, pods: ReadonlyArray<PodObject>, now: Instant): Disrupted => {
  const granted = mapping(mapping(budget, "status"), "disruptedPods")
  const waiting = pods.filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined && granted[metadata.name] !== undefined
  )
  const dueOf = ({ metadata }: PodObject): Instant =>
    later(parseInstant(text(granted, metadata.name)) ?? now, DELETION_TIMEOUT)
  const still = waiting.filter((pod) => dueOf(pod) >= now)
  return {
    pods: Object.fromEntries(still.map(({ metadata }) => [metadata.name, granted[metadata.name] ?? null])),
    notDeleted: waiting.filter((pod) => dueOf(pod) < now),
    recheck: still.length === 0 ? undefined : (Math.min(...still.map(dueOf)) as Instant)
  }
}

const isHealthy = (pod: PodObject, disrupted: JsonObject, now: Instant): boolean => {
  const since = parseInstant(text(disrupted, pod.metadata.name))
  const going = since !== undefined && later(since, DELETION_TIMEOUT) > now
  return pod.metadata.deletionTimestamp === undefined && !going && isPodReady(pod)
}

export interface Counted extends ExpectedPods {
  /** Those of `disruptedPods`. */
  readonly disrupted: JsonObject
}

/** updatePdbStatus: the status as it has to be written; `undefined`: it is there already. */
export const budgetStatus = (
  budget: KubernetesObject,
  pods: ReadonlyArray<PodObject>,
  { desired, disrupted, expected }: Counted,
  now: Instant
): JsonObject | undefined => {
  const old = mapping(budget, "status")
  const { generation = 0 } = budget.metadata
  const currentHealthy = pods.filter((pod) => isHealthy(pod, disrupted, now)).length
  const allowed = expected <= 0 ? 0 : Math.max(currentHealthy - desired, 0)
  const counted = { disruptionsAllowed: allowed, currentHealthy, desiredHealthy: desired, expectedPods: expected }
  const same =
    Object.entries(counted).every(([field, count]) => (integer(old, field) ?? 0) === count) &&
    jsonEqual(mapping(old, "disruptedPods"), disrupted)
  if (same && isDisruptionTold(old, generation)) return undefined
  const told: JsonObject = {
    ...counted,
    ...(generation === 0 ? {} : { observedGeneration: generation }),
    ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
    ...(old["conditions"] === undefined ? {} : { conditions: old["conditions"] })
  }
  return { ...told, conditions: disruptionAllowed(told, now) }
}

/** failSafe: a budget that cannot be counted allows nothing. */
export const failedBudgetStatus = (budget: KubernetesObject, message: string, now: Instant): JsonObject => {
  const status = { ...mapping(budget, "status"), disruptionsAllowed: 0 }
  return { ...status, conditions: withVerdict(status, { status: "False", reason: "SyncFailed", message }, now) }
}

/** How long until the pod's DisruptionTarget is stale; `undefined`: it never is (nonTerminatingPodHasStaleDisruptionCondition). */
export const staleDisruptionIn = ({ metadata, status }: PodObject, now: Instant): Micros | undefined => {
  const condition = status.conditions?.find(({ type }) => type === "DisruptionTarget")
  const ended = status.phase === "Succeeded" || status.phase === "Failed"
  if (metadata.deletionTimestamp !== undefined || ended || condition?.status !== "True") return undefined
  if (condition.reason === "TerminationByKubelet") return undefined
  const since = parseInstant(condition.lastTransitionTime ?? "") ?? now
  return Math.max(later(since, STALE_TIMEOUT) - now, 0)
}
