/**
 * Autoscalers of `autoscaling/v1`, which say in one field what those of v2 say in a list (`pkg/apis/autoscaling/v1/conversion.go`).
 * They are kept as v2, which is how everybody sees them who asks for autoscalers without a version.
 */
import { Result } from "effect"
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { mapping } from "../fields.ts"
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
  return Result.succeed({ ...object, apiVersion: "autoscaling/v2", ...converted })
}
