/** Deployments and ReplicaSets, typed as far as the Deployment controller looks into them (`k8s.io/api/apps/v1/types.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"

export interface DeploymentCondition extends JsonObject {
  readonly type: string
  readonly status: string
  readonly lastUpdateTime: string
  readonly lastTransitionTime: string
  readonly reason: string
  readonly message: string
}

export interface DeploymentStatus extends JsonObject {
  readonly observedGeneration?: number
  readonly replicas?: number
  readonly updatedReplicas?: number
  readonly readyReplicas?: number
  readonly availableReplicas?: number
  readonly unavailableReplicas?: number
  readonly terminatingReplicas?: number
  readonly conditions?: ReadonlyArray<DeploymentCondition>
  readonly collisionCount?: number
}

/** A number, or a percentage of something. */
export type IntOrPercent = number | string

export interface DeploymentStrategy extends JsonObject {
  readonly type: string
  readonly rollingUpdate?: { readonly maxSurge?: IntOrPercent; readonly maxUnavailable?: IntOrPercent }
}

export interface DeploymentSpec extends JsonObject {
  readonly replicas: number
  readonly selector: JsonObject
  readonly template: JsonObject
  readonly strategy: DeploymentStrategy
  readonly minReadySeconds?: number
  readonly revisionHistoryLimit?: number
  readonly progressDeadlineSeconds?: number
  readonly paused?: boolean
}

/** As the API server keeps it: defaulted and valid. */
export interface DeploymentObject extends KubernetesObject {
  readonly kind: "Deployment"
  readonly spec: DeploymentSpec
  readonly status: DeploymentStatus
}

export interface ReplicaSetCondition extends JsonObject {
  readonly type: string
  readonly status: string
  readonly lastTransitionTime: string
  readonly reason?: string
  readonly message?: string
}

export interface ReplicaSetStatus extends JsonObject {
  readonly replicas?: number
  readonly readyReplicas?: number
  readonly availableReplicas?: number
  readonly terminatingReplicas?: number
  readonly observedGeneration?: number
  readonly conditions?: ReadonlyArray<ReplicaSetCondition>
}

export interface ReplicaSetObject extends KubernetesObject {
  readonly kind: "ReplicaSet"
  readonly spec: JsonObject & {
    readonly replicas: number
    readonly template: JsonObject
    readonly minReadySeconds?: number
  }
  readonly status: ReplicaSetStatus
}

export const isDeployment = (object: KubernetesObject): object is DeploymentObject => object.kind === "Deployment"
export const isReplicaSet = (object: KubernetesObject): object is ReplicaSetObject => object.kind === "ReplicaSet"

/** A number that means none (`math.MaxInt32`). */
const NO_LIMIT = 2_147_483_647

/** HasProgressDeadline. */
export const progressDeadline = ({ spec }: DeploymentObject): number | undefined =>
  spec.progressDeadlineSeconds === NO_LIMIT ? undefined : spec.progressDeadlineSeconds

/** HasRevisionHistoryLimit: how many old ReplicaSets are kept; `undefined`: all. */
export const revisionHistoryLimit = ({ spec }: DeploymentObject): number | undefined =>
  spec.revisionHistoryLimit === NO_LIMIT ? undefined : spec.revisionHistoryLimit
