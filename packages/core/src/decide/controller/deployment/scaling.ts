/** Which of a Deployment's ReplicaSets are to be how large (`pkg/controller/deployment/{sync,rolling}.go`; C-276, C-277, C-279). */

import { scaledValue } from "../../apiserver/intOrPercent.ts"
import type { DeploymentObject, ReplicaSetObject } from "./Deployment.ts"
import { isRollingUpdate, maxSurge, maxUnavailable } from "./fenceposts.ts"
import {
  activeReplicaSets,
  availableReplicaCount,
  byCreation,
  bySizeNewer,
  bySizeOlder,
  replicaCount
} from "./replicaSets.ts"
import { maxReplicas } from "./revision.ts"

export interface Scaling {
  readonly replicaSet: ReplicaSetObject
  readonly size: number
}

type ReplicaSets = ReadonlyArray<ReplicaSetObject>

/** NewRSNewReplicas: how large the new one of all its ReplicaSets may be now (C-276). */
export const newReplicas = (
  deployment: DeploymentObject,
  all: ReadonlyArray<ReplicaSetObject>,
  current: number
): number => {
  const { replicas, strategy } = deployment.spec
  if (!isRollingUpdate(deployment)) return replicas
  const most = replicas + (scaledValue(strategy.rollingUpdate?.maxSurge ?? 0, replicas, "up") ?? 0)
  const room = most - replicaCount(all)
  return room <= 0 ? current : current + Math.min(room, replicas - current)
}

const available = ({ status }: ReplicaSetObject): number => status.availableReplicas ?? 0
const minAvailable = (deployment: DeploymentObject): number => deployment.spec.replicas - maxUnavailable(deployment)

/** How many pods of old ReplicaSets may go now: what new pods are missing counts against them (reconcileOldReplicaSets). */
export const scaleDownBudget = (deployment: DeploymentObject, all: ReplicaSets, fresh: ReplicaSetObject): number =>
  replicaCount(all) - minAvailable(deployment) - (fresh.spec.replicas - available(fresh))

/** Takes up to `most` from the old ones, the oldest first; of each what `of` says. */
const takeFrom = (
  old: ReplicaSets,
  most: number,
  of: (replicaSet: ReplicaSetObject) => number
): ReadonlyArray<Scaling> => {
  let left = most
  return [...old].sort(byCreation).flatMap((replicaSet) => {
    const taken = Math.min(left, of(replicaSet))
    if (left <= 0 || replicaSet.spec.replicas === 0 || taken === 0) return []
    left -= taken
    return [{ replicaSet, size: replicaSet.spec.replicas - taken }]
  })
}

/**
 * cleanupUnhealthyReplicas: pods that are not available go first, they only stand in the way. The last of the list would grow where
 * more pods are available than there ought to be, as they have not gone yet: then nothing more can be scaled down now.
 */
export const unhealthyScaleDown = (old: ReplicaSets, budget: number): ReadonlyArray<Scaling> => {
  const planned = takeFrom(old, budget, (replicaSet) => replicaSet.spec.replicas - available(replicaSet))
  const growing = planned.findIndex(({ replicaSet, size }) => size > replicaSet.spec.replicas)
  return growing === -1 ? planned : planned.slice(0, growing + 1)
}

/** scaleDownOldReplicaSetsForRollingUpdate: then as many as can be missed. */
export const healthyScaleDown = (
  deployment: DeploymentObject,
  old: ReplicaSets,
  fresh: ReplicaSetObject
): ReadonlyArray<Scaling> => {
  const spare = availableReplicaCount([...old, fresh]) - minAvailable(deployment)
  return spare <= 0 ? [] : takeFrom(old, spare, ({ spec }) => spec.replicas)
}

/** `integer.RoundToInt32`: halves away from zero. */
const round = (value: number): number => Math.trunc(value < 0 ? value - 0.5 : value + 0.5)

/** getReplicaSetFraction: by how much it grows when the Deployment does. */
const fraction = (deployment: DeploymentObject, replicaSet: ReplicaSetObject): number => {
  const size = replicaSet.spec.replicas
  if (deployment.spec.replicas === 0) return -size
  const before = maxReplicas(replicaSet) || (deployment.status.replicas ?? 0)
  if (before === 0) return 0
  return round((size * (deployment.spec.replicas + maxSurge(deployment))) / before) - size
}

/** GetReplicaSetProportion: never more than is left to add or to remove. */
const proportion = (
  deployment: DeploymentObject,
  replicaSet: ReplicaSetObject,
  toAdd: number,
  added: number
): number => {
  if (replicaSet.spec.replicas === 0 || toAdd === added) return 0
  const own = fraction(deployment, replicaSet)
  return toAdd > 0 ? Math.min(own, toAdd - added) : Math.max(own, toAdd - added)
}

/** scale: all that have pods share what is added or removed, by their size; what is left over is the largest one's. `all`: the newest first. */
export const proportionalScaling = (deployment: DeploymentObject, all: ReplicaSets): ReadonlyArray<Scaling> => {
  const { replicas } = deployment.spec
  const active = activeReplicaSets(all)
  const toAdd = (replicas > 0 ? replicas + maxSurge(deployment) : 0) - replicaCount(active)
  if (toAdd === 0) return active.map((replicaSet) => ({ replicaSet, size: replicaSet.spec.replicas }))
  const sorted = [...active].sort(toAdd > 0 ? bySizeNewer : bySizeOlder)
  let added = 0
  const sizes = sorted.map((replicaSet) => {
    const part = proportion(deployment, replicaSet, toAdd, added)
    added += part
    return replicaSet.spec.replicas + part
  })
  return sorted.map((replicaSet, i) => ({
    replicaSet,
    size: i === 0 ? Math.max(0, (sizes[0] ?? 0) + toAdd - added) : (sizes[i] ?? 0)
  }))
}
