/** Autoscalers that somebody still writes in the first version of their API. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { fromAutoscalingV1, toAutoscalingV1 } from "../../../../src/decide/apiserver/autoscaling/autoscalingV1.ts"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"
import { at } from "../pods.ts"

const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" }
const v1 = (spec: JsonObject): KubernetesObject => ({
  apiVersion: "autoscaling/v1",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "h" },
  spec: { scaleTargetRef, maxReplicas: 3, ...spec }
})
const identity = { namespace: "ns", uid: "u-1", resourceVersion: "7", now: at("00:00:00"), nameSuffix: "bcdfg" }
const stored = (spec: JsonObject) =>
  Result.getOrThrow(createObject(Result.getOrThrow(fromAutoscalingV1(v1(spec))), identity))

describe("an autoscaler of autoscaling/v1", () => {
  it("is kept as one of v2 that looks at the CPU of its pods", () => {
    const { apiVersion, spec } = stored({ minReplicas: 2, targetCPUUtilizationPercentage: 60 })
    const target = { type: "Utilization", averageUtilization: 60 }
    expect(apiVersion).toBe("autoscaling/v2")
    expect(spec).toEqual({
      ...{ scaleTargetRef, minReplicas: 2, maxReplicas: 3 },
      metrics: [{ type: "Resource", resource: { name: "cpu", target } }]
    })
  })

  it("that does not say how much looks for four fifths", () => {
    const { spec } = stored({})
    expect((spec as JsonObject)["metrics"]).toEqual([
      { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }
    ])
  })

  it("is refused for what only v2 has a place for", () => {
    const refused = fromAutoscalingV1(v1({ behavior: {}, metrics: [] }))
    expect(Result.isFailure(refused) ? refused.failure.message : "").toBe(
      'HorizontalPodAutoscaler in version "v1" cannot be handled as a HorizontalPodAutoscaler: strict decoding error: unknown field "spec.behavior", unknown field "spec.metrics"'
    )
  })

  it("leaves everything else alone", () => {
    const other = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } }
    expect(Result.getOrThrow(fromAutoscalingV1(other))).toBe(other)
  })

  it("as v1 shows one of v2 says all of it: written back, it is the same", () => {
    const resource = (name: string, target: JsonObject) => ({ type: "Resource", resource: { name, target } })
    const cpu = resource("cpu", { type: "Utilization", averageUtilization: 50 })
    const memory = resource("memory", { type: "AverageValue", averageValue: "1Gi" })
    const given = {
      ...v1({ minReplicas: 1, metrics: [cpu, memory], behavior: { scaleDown: { stabilizationWindowSeconds: 30 } } }),
      apiVersion: "autoscaling/v2",
      metadata: { name: "h", annotations: { mine: "stays" } }
    }
    const shown = toAutoscalingV1(given as KubernetesObject)
    const back = Result.getOrThrow(fromAutoscalingV1(shown))
    expect([back["spec"], back.metadata]).toEqual([(given as KubernetesObject)["spec"], given.metadata])
    const broken = { ...shown.metadata.annotations, "autoscaling.alpha.kubernetes.io/metrics": "[{" }
    const rest = fromAutoscalingV1({ ...shown, metadata: { ...shown.metadata, annotations: broken } })
    expect(Result.getOrThrow(rest)["spec"]).toMatchObject({ metrics: [cpu] })
  })
})
