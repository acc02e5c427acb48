/** How far a roll-out is, and whether it takes too long (`pkg/controller/deployment/progress.go`; C-280, C-282). */
import { type Instant, later, parseInstant, SECOND, toTime } from "../../../event/Instant.ts"
import { allOf, deploymentStatus, type Owned } from "./calculateStatus.ts"
import {
  conditionOf,
  NEW_AVAILABLE,
  newCondition,
  PROGRESSING,
  REPLICA_FAILURE,
  replicaFailure,
  TIMED_OUT,
  type Told,
  withCondition,
  withoutCondition,
  withTold
} from "./conditions.ts"
import { type DeploymentObject, type DeploymentStatus, progressDeadline } from "./Deployment.ts"

/** DeploymentComplete: all wanted pods are new and available, and no old one runs. */
export const isComplete = ({ metadata, spec }: DeploymentObject, status: DeploymentStatus): boolean =>
  (status.updatedReplicas ?? 0) === spec.replicas &&
  (status.replicas ?? 0) === spec.replicas &&
  (status.availableReplicas ?? 0) === spec.replicas &&
  (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)

const oldReplicas = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number => replicas - updatedReplicas

/** DeploymentProgressing: new pods came, became ready or available, or old ones went. */
const isProgressing = (before: DeploymentStatus, after: DeploymentStatus): boolean =>
  (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
  oldReplicas(after) < oldReplicas(before) ||
  (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
  (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)

/** Until when something has to happen, counted from the last sign of progress. */
const deadlineOf = (deployment: DeploymentObject, status: DeploymentStatus): Instant | undefined => {
  const seconds = progressDeadline(deployment)
  const since = parseInstant(conditionOf(status, PROGRESSING)?.lastUpdateTime ?? "")
  return seconds === undefined || since === undefined ? undefined : later(since, seconds * SECOND)
}

/** DeploymentTimedOut. */
const isTimedOut = (deployment: DeploymentObject, status: DeploymentStatus, now: Instant): boolean => {
  const reason = conditionOf(status, PROGRESSING)?.reason
  if (reason === undefined || reason === NEW_AVAILABLE) return false
  const deadline = deadlineOf(deployment, status)
  return reason === TIMED_OUT || (deadline !== undefined && deadline < now)
}

const progress = (subject: string, reason: string, status: "True" | "False"): Told => {
  const words: { readonly [reason: string]: string } = {
    [NEW_AVAILABLE]: "has successfully progressed.",
    ReplicaSetUpdated: "is progressing.",
    [TIMED_OUT]: "has timed out progressing."
  }
  return { type: PROGRESSING, status, reason, message: `${subject} ${words[reason]}` }
}

/** A sign of progress tells its time anew, also when its reason is the same. */
const refreshed = (status: DeploymentStatus, told: Told, now: Instant): DeploymentStatus => {
  const current = conditionOf(status, PROGRESSING)
  const next = newCondition(told, now)
  const lastTransitionTime = current?.status === "True" ? current.lastTransitionTime : toTime(now)
  return {
    ...status,
    conditions: [...withoutCondition(status.conditions ?? [], PROGRESSING), { ...next, lastTransitionTime }]
  }
}

const withProgress = (
  deployment: DeploymentObject,
  owned: Owned,
  status: DeploymentStatus,
  now: Instant
): DeploymentStatus => {
  const { fresh } = owned
  const subject =
    fresh === undefined
      ? `Deployment ${JSON.stringify(deployment.metadata.name)}`
      : `ReplicaSet ${JSON.stringify(fresh.metadata.name)}`
  if (isComplete(deployment, status)) return withTold(status, progress(subject, NEW_AVAILABLE, "True"), now)
  if (isProgressing(deployment.status, status))
    return refreshed(status, progress(subject, "ReplicaSetUpdated", "True"), now)
  return isTimedOut(deployment, status, now) ? withTold(status, progress(subject, TIMED_OUT, "False"), now) : status
}

/** syncRolloutStatus: the status of a Deployment that rolls. */
export const rolloutStatus = (deployment: DeploymentObject, owned: Owned, now: Instant): DeploymentStatus => {
  const timed = progressDeadline(deployment) !== undefined
  const counted = deploymentStatus(deployment, owned, now)
  const status = timed ? counted : { ...counted, conditions: withoutCondition(counted.conditions ?? [], PROGRESSING) }
  const over =
    status.replicas === status.updatedReplicas && conditionOf(deployment.status, PROGRESSING)?.reason === NEW_AVAILABLE
  const told = timed && !over ? withProgress(deployment, owned, status, now) : status
  const failure = replicaFailure(owned.fresh, allOf(owned))
  const conditions = told.conditions ?? []
  return {
    ...told,
    conditions:
      failure === undefined ? withoutCondition(conditions, REPLICA_FAILURE) : withCondition(conditions, failure)
  }
}

/** When nothing is new it may be stuck: how long until that is to be looked at. `now`: at once; `undefined`: not at all. */
export const progressCheck = (
  deployment: DeploymentObject,
  status: DeploymentStatus,
  now: Instant
): "now" | number | undefined => {
  const reason = conditionOf(deployment.status, PROGRESSING)?.reason
  const deadline = deadlineOf(deployment, deployment.status)
  if (deadline === undefined || reason === TIMED_OUT || isComplete(deployment, status)) return undefined
  const after = deadline - now
  return after < SECOND ? "now" : after + SECOND
}
