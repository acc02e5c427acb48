/** What a Deployment's conditions say, and how they follow each other (`pkg/controller/deployment/util/deployment_util.go`; C-280…C-282). */
import { type Instant, toTime } from "../../../event/Instant.ts"
import type { DeploymentCondition, DeploymentStatus, ReplicaSetObject } from "./Deployment.ts"

export const PROGRESSING = "Progressing"
export const AVAILABLE = "Available"
export const REPLICA_FAILURE = "ReplicaFailure"

export const TIMED_OUT = "ProgressDeadlineExceeded"
export const NEW_AVAILABLE = "NewReplicaSetAvailable"

type Conditions = ReadonlyArray<DeploymentCondition>

/** What of a condition is not its time. */
export type Told = Pick<DeploymentCondition, "type" | "status" | "reason" | "message">

export const newCondition = (told: Told, now: Instant): DeploymentCondition => ({
  ...told,
  lastUpdateTime: toTime(now),
  lastTransitionTime: toTime(now)
})

export const conditionOf = ({ conditions }: DeploymentStatus, type: string): DeploymentCondition | undefined =>
  conditions?.find((condition) => condition.type === type)

export const withoutCondition = (conditions: Conditions, type: string): Conditions =>
  conditions.filter((condition) => condition.type !== type)

/** SetDeploymentCondition: with the same status and reason it stays as it is; with the same status it keeps its transition. */
export const withCondition = (conditions: Conditions, next: DeploymentCondition): Conditions => {
  const current = conditions.find(({ type }) => type === next.type)
  if (current?.status === next.status && current.reason === next.reason) return conditions
  const lastTransitionTime = current?.status === next.status ? current.lastTransitionTime : next.lastTransitionTime
  return [...withoutCondition(conditions, next.type), { ...next, lastTransitionTime }]
}

/** The same with a new condition of this moment. */
export const withTold = (status: DeploymentStatus, told: Told, now: Instant): DeploymentStatus => ({
  ...status,
  conditions: withCondition(status.conditions ?? [], newCondition(told, now))
})

/** getReplicaFailures: the first failure, of the new ReplicaSet before others. */
export const replicaFailure = (
  fresh: ReplicaSetObject | undefined,
  all: ReadonlyArray<ReplicaSetObject>
): DeploymentCondition | undefined => {
  const failures = [...(fresh === undefined ? [] : [fresh]), ...all].flatMap(({ status }) => status.conditions ?? [])
  const failure = failures.find(({ type }) => type === REPLICA_FAILURE)
  if (failure === undefined) return undefined
  const { lastTransitionTime, message = "", reason = "", status, type } = failure
  return { type, status, lastUpdateTime: lastTransitionTime, lastTransitionTime, reason, message }
}

/** checkPausedConditions: how far it is cannot be said while it is paused; `undefined`: nothing to say. */
export const pausedCondition = (paused: boolean, progressing: DeploymentCondition | undefined): Told | undefined => {
  const told = progressing?.reason === "DeploymentPaused"
  if (progressing?.reason === TIMED_OUT || paused === told) return undefined
  const [reason, message] = paused
    ? ["DeploymentPaused", "Deployment is paused"]
    : ["DeploymentResumed", "Deployment is resumed"]
  return { type: PROGRESSING, status: "Unknown", reason, message }
}
