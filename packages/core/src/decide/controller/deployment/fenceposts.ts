/** How many pods more or fewer than wanted there may be while a Deployment rolls (`pkg/controller/deployment/util/deployment_util.go`; C-275). */
import { scaledValue } from "../../apiserver/intOrPercent.ts"
import type { DeploymentObject, IntOrPercent } from "./Deployment.ts"

/** A text that is no percentage the API server has refused. */
const scaled = (value: IntOrPercent, total: number, round: "up" | "down"): number =>
  scaledValue(value, total, round) ?? 0

export interface Fenceposts {
  readonly maxSurge: number
  readonly maxUnavailable: number
}

/** ResolveFenceposts: where both would be none, one pod may be missing, or nothing could move. */
export const resolveFenceposts = (
  maxSurge: IntOrPercent,
  maxUnavailable: IntOrPercent,
  desired: number
): Fenceposts => {
  const surge = scaled(maxSurge, desired, "up")
  const unavailable = scaled(maxUnavailable, desired, "down")
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

const fencepostsOf = ({ spec }: DeploymentObject): Fenceposts => {
  const { maxSurge = 0, maxUnavailable = 0 } = spec.strategy.rollingUpdate ?? {}
  return resolveFenceposts(maxSurge, maxUnavailable, spec.replicas)
}

export const isRollingUpdate = ({ spec }: DeploymentObject): boolean => spec.strategy.type === "RollingUpdate"

/** MaxUnavailable: never more than are wanted. */
export const maxUnavailable = (deployment: DeploymentObject): number => {
  const { replicas } = deployment.spec
  if (!isRollingUpdate(deployment) || replicas === 0) return 0
  return Math.min(fencepostsOf(deployment).maxUnavailable, replicas)
}

export const maxSurge = (deployment: DeploymentObject): number =>
  isRollingUpdate(deployment) ? fencepostsOf(deployment).maxSurge : 0
