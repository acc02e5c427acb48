/** What a HorizontalPodAutoscaler's status says (`pkg/controller/podautoscaler/horizontal.go`, setStatus and setCondition). */
import { type Instant, toTime } from "../../../event/Instant.ts"
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { encodeObject } from "../../apiserver/encodeObject.ts"
import type { HPACondition, HPAObject, HPAStatus, MetricStatus } from "./HorizontalPodAutoscaler.ts"

/** What of a condition is not its time. */
export interface HPATold {
  readonly type: "AbleToScale" | "ScalingActive" | "ScalingLimited"
  readonly status: "True" | "False"
  readonly reason: string
  readonly message: string
}

/** setConditionInList: in the place of the one of its type, or at the end; its time is that of the last change of its status. */
export const withHPACondition = (
  conditions: ReadonlyArray<HPACondition>,
  told: HPATold,
  now: Instant
): ReadonlyArray<HPACondition> => {
  const before = conditions.find(({ type }) => type === told.type)
  const same = before !== undefined && before.status === told.status
  const next = { ...told, lastTransitionTime: same ? before.lastTransitionTime : toTime(now) }
  return before === undefined ? [...conditions, next] : conditions.map((one) => (one === before ? next : one))
}

export interface HPAOutcome {
  readonly currentReplicas: number
  readonly desiredReplicas: number
  /** `null`: none was looked at. */
  readonly metrics: ReadonlyArray<MetricStatus> | null
  readonly conditions: ReadonlyArray<HPACondition>
  /** When it changed its target's size, if it just did. */
  readonly rescaled: Instant | undefined
}

/** The status as it is stored; `undefined`: it says what it said before, and is not written. */
export const hpaStatus = ({ status }: HPAObject, outcome: HPAOutcome): JsonObject | undefined => {
  const { conditions, currentReplicas, desiredReplicas, metrics, rescaled } = outcome
  const lastScaleTime = rescaled === undefined ? status.lastScaleTime : toTime(rescaled)
  const next: HPAStatus = {
    ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
    ...{ currentReplicas, desiredReplicas, currentMetrics: metrics, conditions }
  }
  const encoded = (one: HPAStatus) => encodeObject("HorizontalPodAutoscalerStatus", one)
  const stored = encoded(next)
  return jsonEqual(stored, encoded(status)) ? undefined : stored
}
