/**
 * What an autoscaler of `autoscaling/v1` aims at, as v2 says it: v1 has a field for cpu and annotations for all else
 * (pkg/apis/autoscaling/v1/conversion.go).
 */
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { at, specOf, statusOf, textAt } from "../cells.ts"

const METRICS = "autoscaling.alpha.kubernetes.io/metrics"
const CURRENT_METRICS = "autoscaling.alpha.kubernetes.io/current-metrics"
const DEFAULT_CPU_UTILIZATION = 80

/** Enough of it for a row. */
export const fromV1 = (autoscaler: KubernetesObject): KubernetesObject => {
  const [spec, status] = [specOf(autoscaler), statusOf(autoscaler)]
  const annotations = at(autoscaler.metadata, "annotations")
  const target = spec["targetCPUUtilizationPercentage"]
  const metrics = [
    ...(annotated(annotations, METRICS) ?? []).map(newSpec),
    ...(target === undefined ? [] : [cpu("target", target)])
  ]
  const current = status["currentCPUUtilizationPercentage"]
  const told = annotated(annotations, CURRENT_METRICS)?.map(newStatus)
  return {
    ...autoscaler,
    spec: { ...spec, metrics: metrics.length === 0 ? [cpu("target", DEFAULT_CPU_UTILIZATION)] : metrics },
    status: { ...status, currentMetrics: told ?? (current === undefined ? [] : [cpu("current", current)]) }
  }
}

const cpu = (key: "target" | "current", averageUtilization: Json): JsonObject => ({
  type: "Resource",
  resource: { name: "cpu", [key]: { averageUtilization } }
})

/** `undefined` for an annotation that is not there, or is no list. */
const annotated = (annotations: JsonObject, key: string): ReadonlyArray<JsonObject> | undefined => {
  try {
    const read = JSON.parse(textAt(annotations, key)) as Json
    return Array.isArray(read) ? read.filter(isJsonObject) : undefined
  } catch {
    return undefined
  }
}

/** A metric's type names its member: `ContainerResource`, `containerResource`. */
const memberOf = (metric: JsonObject): string => {
  const type = textAt(metric, "type")
  return `${type.slice(0, 1).toLowerCase()}${type.slice(1)}`
}

const newSpec = (metric: JsonObject): JsonObject => withValues(metric, "target")
const newStatus = (metric: JsonObject): JsonObject => withValues(metric, "current")

/** `targetAverageValue` and its like under one roof. */
const withValues = (metric: JsonObject, key: "target" | "current"): JsonObject => {
  const member = memberOf(metric)
  const source = at(metric, member)
  const values = {
    averageUtilization: source[`${key}AverageUtilization`],
    averageValue: source[`${key}AverageValue`] ?? source["averageValue"],
    value: source[`${key}Value`]
  }
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
  return { ...metric, [member]: { ...source, [key]: given } }
}
