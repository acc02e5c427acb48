/** The status of a Deployment, from those of its ReplicaSets (`pkg/controller/deployment/sync.go`, calculateStatus; C-281, C-283). */
import type { Instant } from "../../../event/Instant.ts"
import { jsonEqual } from "../../../event/Json.ts"
import { encodeObject } from "../../apiserver/encodeObject.ts"
import { AVAILABLE, type Told, withTold } from "./conditions.ts"
import type { DeploymentObject, DeploymentStatus, ReplicaSetObject } from "./Deployment.ts"
import { maxUnavailable } from "./fenceposts.ts"
import {
  actualReplicaCount,
  availableReplicaCount,
  readyReplicaCount,
  replicaCount,
  terminatingReplicaCount
} from "./replicaSets.ts"

/** All ReplicaSets that a Deployment has. */
export interface Owned {
  readonly fresh: ReplicaSetObject | undefined
  readonly old: ReadonlyArray<ReplicaSetObject>
  /** `false`: nobody counts pods that are going away (gate DeploymentReplicaSetTerminatingReplicas). */
  readonly countsTerminating?: boolean
}

export const allOf = ({ fresh, old }: Owned): ReadonlyArray<ReplicaSetObject> =>
  fresh === undefined ? old : [...old, fresh]

const availability = (deployment: DeploymentObject, available: number): Told =>
  available >= deployment.spec.replicas - maxUnavailable(deployment)
    ? {
        type: AVAILABLE,
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability."
      }
    : {
        type: AVAILABLE,
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability."
      }

export const deploymentStatus = (deployment: DeploymentObject, owned: Owned, now: Instant): DeploymentStatus => {
  const all = allOf(owned)
  const available = availableReplicaCount(all)
  const terminating = owned.countsTerminating === false ? undefined : terminatingReplicaCount(all)
  const { collisionCount, conditions } = deployment.status
  const status: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: actualReplicaCount(all),
    updatedReplicas: actualReplicaCount(owned.fresh === undefined ? [] : [owned.fresh]),
    readyReplicas: readyReplicaCount(all),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, replicaCount(all) - available),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions: conditions ?? []
  }
  return withTold(status, availability(deployment, available), now)
}

/** Would the API server store the same? */
export const sameDeploymentStatus = (a: DeploymentStatus, b: DeploymentStatus): boolean => {
  const stored = encodeObject("DeploymentStatus", b)
  const written = encodeObject("DeploymentStatus", a, stored)
  return written === stored || jsonEqual(written, stored)
}
