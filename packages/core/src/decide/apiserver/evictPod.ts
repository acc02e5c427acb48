/** What `POST …/eviction` does to a Pod and the budget that protects it (`pkg/registry/core/pod/storage/eviction.go`; C-145…C-154). */
import { Result } from "effect"
import { type Instant, toTime } from "../../event/Instant.ts"
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../event/KubernetesObject.ts"
import { selects } from "../client/labelSelector.ts"
import { disruptionAllowed } from "../controller/disruption/disruptionAllowed.ts"
import { isPodReady } from "../controller/podAvailability.ts"
import { updatedPodCondition, withPodCondition } from "../controller/updatePodCondition.ts"
import { entries, integer, mapping, text } from "./fields.ts"
import { forbidden, rejected, type Status, tooManyRequests } from "./status.ts"
import { updatePodStatus } from "./updatePod.ts"

/** So many evictions may wait for the controller to see them (MaxDisruptedPodSize). */
const MOST_DISRUPTED = 2_000
const WOULD_VIOLATE = "Cannot evict pod as it would violate the pod's disruption budget."
const SEVERAL = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."

/** The Pod with the condition that says why it goes; one that says so already keeps its time (UpdatePodCondition). */
export const markForEviction = (pod: PodObject, now: Instant): PodObject => {
  const told = { reason: "EvictionByEvictionAPI", message: "Eviction API: evicting" }
  const condition = updatedPodCondition(pod, { type: "DisruptionTarget", status: "True", ...told }, now)
  return condition === undefined
    ? pod
    : updatePodStatus(pod, { ...pod.status, conditions: withPodCondition(pod, condition) })
}

/** canIgnorePDB: it has ended, has not begun, or goes anyway. */
const isUnprotected = ({ metadata, status: { phase } }: PodObject): boolean =>
  phase === "Succeeded" || phase === "Failed" || phase === "Pending" || metadata.deletionTimestamp !== undefined

const count = (status: JsonObject, key: string): number => integer(status, key) ?? 0

/** An unready pod counts for nothing: its going disrupts nothing that is not disrupted already (C-153). */
const isFree = (pod: PodObject, budget: KubernetesObject): boolean => {
  if (isPodReady(pod)) return false
  if (text(mapping(budget, "spec"), "unhealthyPodEvictionPolicy") === "AlwaysAllow") return true
  const status = mapping(budget, "status")
  const desired = count(status, "desiredHealthy")
  return count(status, "currentHealthy") >= desired && desired > 0
}

/** Why the budget allows nothing. What it counts is not to be trusted when its sync has failed. */
const whyNot = (name: string, status: JsonObject): string => {
  const condition = entries(status, "conditions").find(({ type }) => type === "DisruptionAllowed") ?? {}
  const [reason, message] = [text(condition, "reason"), text(condition, "message")]
  const told = text(condition, "status") === "False" && message !== ""
  const budget = `The disruption budget ${name}`
  const [current, desired] = [count(status, "currentHealthy"), count(status, "desiredHealthy")]
  if (told && reason === "SyncFailed")
    return `${budget} does not allow evicting pods currently because it failed sync: ${message}`
  if (current <= desired) return `${budget} needs ${desired} healthy pods and has ${current} currently`
  return `${budget} does not allow evicting pods currently${told ? ` (${reason}): ${message}` : ""}`
}

const refuse = (cause: string, retryAfterSeconds: number): Status =>
  tooManyRequests(WOULD_VIOLATE, retryAfterSeconds, [{ reason: "DisruptionBudget", message: cause }])

/** checkAndDecrement: the budget's status with one disruption less. */
const spendOne = (budget: KubernetesObject, pod: PodObject, now: Instant): Result.Result<JsonObject, Status> => {
  const { generation = 0, name } = budget.metadata
  const status = mapping(budget, "status")
  const resource = { group: "policy", resource: "poddisruptionbudget" }
  if (count(status, "observedGeneration") < generation)
    return Result.fail(refuse(`The disruption budget ${name} is still being processed by the server.`, 10))
  const allowed = count(status, "disruptionsAllowed")
  if (allowed < 0) return Result.fail(forbidden(resource, name, "pdb disruptions allowed is negative"))
  const disrupted = mapping(status, "disruptedPods")
  if (Object.keys(disrupted).length > MOST_DISRUPTED) {
    const full = "DisruptedPods map too big - too many evictions not confirmed by PDB controller"
    return Result.fail(forbidden(resource, name, full))
  }
  if (allowed === 0) return Result.fail(refuse(whyNot(name, status), 0))
  const spent = {
    ...status,
    disruptionsAllowed: allowed - 1,
    disruptedPods: { ...disrupted, [pod.metadata.name]: toTime(now) }
  }
  return Result.succeed(allowed === 1 ? { ...spent, conditions: disruptionAllowed(spent, now) } : spent)
}

/**
 * May the pod be evicted? `budgets`: all of its namespace. Succeeds with the budget to be written before the pod is, if there is
 * one whose disruption this is.
 */
export const decideEviction = (
  pod: PodObject,
  budgets: ReadonlyArray<KubernetesObject>,
  now: Instant
): Result.Result<KubernetesObject | undefined, Status> => {
  if (isUnprotected(pod)) return Result.succeed(undefined)
  const protecting = budgets.filter((budget) => selects(mapping(budget, "spec")["selector"], pod.metadata.labels))
  if (protecting.length > 1) return Result.fail(rejected(500, SEVERAL))
  const [budget] = protecting
  if (budget === undefined || isFree(pod, budget)) return Result.succeed(undefined)
  return Result.map(spendOne(budget, pod, now), (status) => ({ ...budget, status }))
}
