/**
 * Autoscalers of `autoscaling/v1`, which say in one field what those of v2 say in a list (`pkg/apis/autoscaling/v1/conversion.go`).
 * They are kept as v2, which is how everybody sees them who asks for autoscalers without a version.
 */
import { Result } from "effect"
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, mapping } from "../fields.ts"
import { badRequest, type Status } from "../status.ts"

const UTILIZATION = "targetCPUUtilizationPercentage"
const known = ["scaleTargetRef", "minReplicas", "maxReplicas", UTILIZATION]

const metricsOf = (spec: JsonObject): JsonObject => {
  const averageUtilization = spec[UTILIZATION]
  if (averageUtilization === undefined || averageUtilization === null) return {}
  const target = { type: "Utilization", averageUtilization }
  return { metrics: [{ type: "Resource", resource: { name: "cpu", target } }] }
}

/** Any other object as it is. 400 for what v1 has no place for. */
export const fromAutoscalingV1 = (object: KubernetesObject): Result.Result<KubernetesObject, Status> => {
  const { apiVersion, kind } = object
  if (kind !== "HorizontalPodAutoscaler" || apiVersion !== "autoscaling/v1") return Result.succeed(object)
  const spec = mapping(object, "spec")
  const unknown = Object.keys(spec).filter((field) => !known.includes(field))
  if (unknown.length > 0) {
    const fields = unknown.map((field) => `unknown field ${JSON.stringify(`spec.${field}`)}`).join(", ")
    const why = `${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: ${fields}`
    return Result.fail(badRequest(why))
  }
  const { [UTILIZATION]: _, ...rest } = spec
  const converted = isJsonObject(object["spec"]) ? { spec: { ...rest, ...metricsOf(spec) } } : {}
  return Result.succeed(withSaved({ ...object, apiVersion: "autoscaling/v2", ...converted }))
}

/** `autoscaling.alpha.kubernetes.io/`: what v1 has no field for. */
const ANNOTATION = "autoscaling.alpha.kubernetes.io/"

/** What somebody has broken counts for nothing. */
const parsed = (text: string | undefined): Json => {
  try {
    return JSON.parse(text ?? "null") as Json
  } catch {
    return null
  }
}

const isMetric = (metric: Json): metric is JsonObject =>
  isJsonObject(metric) &&
  ["resource", "containerResource"].some((part) => isJsonObject(mapping(metric, part)["target"]))

/** What was saved in annotations is in fields again: whoever writes the object as v1 showed it loses nothing. */
const withSaved = (object: KubernetesObject): KubernetesObject => {
  const { annotations: all = {}, ...metadata } = object.metadata
  const others = Object.entries(all).filter(([name]) => !name.startsWith(ANNOTATION))
  if (others.length === Object.keys(all).length) return object
  const spec = mapping(object, "spec")
  const [metrics, behavior] = [parsed(all[`${ANNOTATION}metrics`]), parsed(all[`${ANNOTATION}behavior`])]
  const more = Array.isArray(metrics) ? metrics.filter(isMetric) : []
  return {
    ...object,
    metadata: { ...metadata, ...(others.length === 0 ? {} : { annotations: Object.fromEntries(others) }) },
    spec: {
      ...spec,
      ...(more.length === 0 ? {} : { metrics: [...entries(spec, "metrics"), ...more] }),
      ...(isJsonObject(behavior) ? { behavior } : {})
    }
  }
}

const isUtilization = (metric: JsonObject): boolean => {
  const resource = mapping(metric, "resource")
  return (
    metric["type"] === "Resource" &&
    resource["name"] === "cpu" &&
    mapping(resource, "target")["averageUtilization"] !== undefined
  )
}

const saved = (name: string, value: Json | undefined): { readonly [annotation: string]: string } =>
  value === undefined || (Array.isArray(value) && value.length === 0)
    ? {}
    : { [ANNOTATION + name]: JSON.stringify(value) }

/** An autoscaler of v2 as v1 shows it: what has no field there is in annotations, in the words of v2. */
export const toAutoscalingV1 = (object: KubernetesObject): KubernetesObject => {
  const { behavior, metrics: _, ...spec } = mapping(object, "spec")
  const { conditions, currentMetrics, ...status } = mapping(object, "status")
  const metrics = entries(mapping(object, "spec"), "metrics")
  const current = entries(mapping(object, "status"), "currentMetrics").find(
    (metric) => metric["type"] === "Resource" && mapping(metric, "resource")["name"] === "cpu"
  )
  const target = metrics.find(isUtilization)
  const utilization = target && mapping(mapping(target, "resource"), "target")["averageUtilization"]
  const now = current && mapping(mapping(current, "resource"), "current")["averageUtilization"]
  const annotations = {
    ...object.metadata.annotations,
    ...saved(
      "metrics",
      metrics.filter((metric) => !isUtilization(metric))
    ),
    ...saved("current-metrics", currentMetrics),
    ...saved("conditions", conditions),
    ...saved("behavior", behavior)
  }
  return {
    ...object,
    apiVersion: "autoscaling/v1",
    metadata: { ...object.metadata, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    spec: { ...spec, ...(utilization === undefined ? {} : { [UTILIZATION]: utilization }) },
    status: {
      currentReplicas: 0,
      desiredReplicas: 0,
      ...status,
      ...(now === undefined ? {} : { currentCPUUtilizationPercentage: now })
    }
  }
}
