/** How many pods more or fewer than wanted there may be while a Deployment rolls (`pkg/controller/deployment/util/deployment_util.go`; C-275). */
import type { DeploymentObject, IntOrPercent } from "./Deployment.ts"

/** GetScaledValueFromIntOrPercent (`k8s.io/apimachinery/pkg/util/intstr`). */
export const scaledValue = (value: IntOrPercent, total: number, roundUp: boolean): number => {
  if (typeof value === "number") return value
  const part = (Number(value.replace(/%$/, "")) * total) / 100
  return roundUp ? Math.ceil(part) : Math.floor(part)
}

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
  const surge = scaledValue(maxSurge, desired, true)
  const unavailable = scaledValue(maxUnavailable, desired, false)
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
