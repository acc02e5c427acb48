/** What a metric's row of the status says, and how it is called (`pkg/controller/podautoscaler/horizontal.go`, computeStatusForResourceMetric). */
import { type Quantity, quantityText } from "../../../event/Quantity.ts"
import type { MetricSpec, MetricStatus, MetricTarget } from "./HorizontalPodAutoscaler.ts"
import type { Proposal } from "./replicaCalculator.ts"

/** One whose value pods' kubelets know: of whole pods, or of one container (then `container` is not empty). */
export interface ResourceMetric {
  readonly source: "resource" | "containerResource"
  readonly resource: string
  readonly container: string
  readonly target: MetricTarget
}

/** `undefined`: somebody else has to serve it. */
export const resourceMetricOf = ({ containerResource, resource, type }: MetricSpec): ResourceMetric | undefined => {
  if (type === "Resource" && resource !== undefined)
    return { source: "resource", resource: resource.name, container: "", target: resource.target }
  if (type === "ContainerResource" && containerResource !== undefined) {
    const { container, name, target } = containerResource
    return { source: "containerResource", resource: name, container, target }
  }
  return undefined
}

/** buildQuantity. The value is one of a thousandth's precision: whole bytes are written with a binary suffix. */
const amountText = (resource: string, thousandths: number): string => {
  const format: Quantity["format"] = resource === "memory" ? "BinarySI" : "DecimalSI"
  return quantityText({ nano: BigInt(thousandths) * 1_000_000n, format })
}

export const metricStatus = (
  { container, resource, source }: ResourceMetric,
  { average, utilization }: Proposal
): MetricStatus => {
  const averageValue = amountText(resource, average)
  const current = utilization === undefined ? { averageValue } : { averageUtilization: utilization, averageValue }
  return source === "resource"
    ? { type: "Resource", resource: { name: resource, current } }
    : { type: "ContainerResource", containerResource: { name: resource, container, current } }
}

/** In conditions and Events. */
export const metricName = ({ resource, source, target }: ResourceMetric): string => {
  if (target.averageValue !== undefined) return `${resource} resource`
  const of = source === "resource" ? "resource" : "container resource"
  return `${resource} ${of} utilization (percentage of request)`
}

export interface MetricFailure {
  /** Of the Event and of ScalingActive. */
  readonly reason: string
  /** What both say. */
  readonly why: string
  /** What the Event FailedComputeMetricsReplicas says. */
  readonly whole: string
}

export const failedMetric = ({ container, resource, source, target }: ResourceMetric, error: string): MetricFailure => {
  const why = `failed to get ${resource} ${target.averageValue === undefined ? "utilization" : "usage"}: ${error}`
  return source === "resource"
    ? { reason: "FailedGetResourceMetric", why, whole: `failed to get ${resource} resource metric value: ${why}` }
    : {
        reason: "FailedGetContainerResourceMetric",
        why,
        whole: `failed to get ${container} container metric value: ${why}`
      }
}
