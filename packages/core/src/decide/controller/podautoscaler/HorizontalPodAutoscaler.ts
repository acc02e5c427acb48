/** HorizontalPodAutoscalers as the API server keeps them, all defaults filled in (`k8s.io/api/autoscaling/v2`). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"

interface HPAScalingPolicy extends JsonObject {
  readonly type: string
  readonly value: number
  readonly periodSeconds: number
}

export interface HPAScalingRules extends JsonObject {
  /** Absent for scaling down: as the controller manager's flag says. */
  readonly stabilizationWindowSeconds?: number
  readonly selectPolicy: string
  readonly policies: ReadonlyArray<HPAScalingPolicy>
  readonly tolerance?: string
}

export interface HPABehavior extends JsonObject {
  readonly scaleUp: HPAScalingRules
  readonly scaleDown: HPAScalingRules
}

export interface MetricTarget extends JsonObject {
  readonly type: string
  readonly value?: string
  readonly averageValue?: string
  readonly averageUtilization?: number
}

interface MetricIdentifier extends JsonObject {
  readonly name: string
  readonly selector?: JsonObject
}

interface ObjectReference extends JsonObject {
  readonly kind: string
  readonly name: string
  readonly apiVersion?: string
}

interface ResourceSource extends JsonObject {
  readonly name: string
  readonly target: MetricTarget
}

interface ContainerResourceSource extends ResourceSource {
  readonly container: string
}

interface MetricSource extends JsonObject {
  readonly metric: MetricIdentifier
  readonly target: MetricTarget
}

interface ObjectSource extends MetricSource {
  readonly describedObject: ObjectReference
}

export interface MetricSpec extends JsonObject {
  readonly type: string
  readonly resource?: ResourceSource
  readonly containerResource?: ContainerResourceSource
  readonly pods?: MetricSource
  readonly object?: ObjectSource
  readonly external?: MetricSource
}

export interface HPACondition extends JsonObject {
  readonly type: string
  readonly status: string
  readonly lastTransitionTime: string
  readonly reason?: string
  readonly message?: string
}

export interface MetricStatus extends JsonObject {
  readonly type: string
}

export interface HPAStatus extends JsonObject {
  readonly lastScaleTime?: string
  readonly currentReplicas?: number
  readonly desiredReplicas: number
  readonly currentMetrics: ReadonlyArray<MetricStatus> | null
  readonly conditions?: ReadonlyArray<HPACondition>
}

interface HPASpec extends JsonObject {
  readonly scaleTargetRef: ObjectReference
  readonly minReplicas?: number
  readonly maxReplicas: number
  readonly metrics?: ReadonlyArray<MetricSpec>
  readonly behavior?: HPABehavior
}

export interface HPAObject extends KubernetesObject {
  readonly kind: "HorizontalPodAutoscaler"
  readonly spec: HPASpec
  readonly status: HPAStatus
}

export const isHPA = (object: KubernetesObject): object is HPAObject => object.kind === "HorizontalPodAutoscaler"
