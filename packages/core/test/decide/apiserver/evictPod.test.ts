/** When a budget lets a pod be evicted, and what is said when it does not. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { decideEviction } from "../../../src/decide/apiserver/evictPod.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../src/event/KubernetesObject.ts"
import { at, manifest, stored } from "./pods.ts"

const now = at("00:00:10")
const running = (ready: boolean, more: JsonObject = {}): PodObject => {
  const pod = stored(manifest({ nodeName: "n-1" }, { labels: { app: "x" } }))
  const condition = { type: "Ready", status: ready ? "True" : "False" }
  return { ...pod, status: { ...pod.status, phase: "Running", conditions: [condition], ...more } } as PodObject
}
const budget = (status: JsonObject, spec: JsonObject = {}, name = "b"): KubernetesObject =>
  ({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "ns", generation: 1 },
    spec: { minAvailable: 1, selector: { matchLabels: { app: "x" } }, ...spec },
    status: {
      observedGeneration: 1,
      disruptionsAllowed: 0,
      currentHealthy: 0,
      desiredHealthy: 0,
      expectedPods: 0,
      ...status
    }
  }) as KubernetesObject
const refusal = (pod: PodObject, ...budgets: ReadonlyArray<KubernetesObject>) => {
  const decided = decideEviction(pod, budgets, now)
  return Result.isFailure(decided) ? decided.failure : undefined
}
const causes = (pod: PodObject, ...budgets: ReadonlyArray<KubernetesObject>) =>
  refusal(pod, ...budgets)?.details?.["causes"]
const condition = (reason: string, message: string) => ({
  conditions: [{ type: "DisruptionAllowed", status: "False", reason, message }]
})

describe("an eviction", () => {
  it("C-145: asks no budget when the pod has not begun, has ended or goes anyway", () => {
    for (const phase of ["Pending", "Succeeded", "Failed"])
      expect(refusal(running(true, { phase }), budget({}))).toBeUndefined()
    const going = running(true)
    const deleted = { ...going, metadata: { ...going.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } }
    expect(refusal(deleted, budget({}))).toBeUndefined()
  })

  it("C-147: is refused with what the budget needs and has, and without a hint when to ask again", () => {
    expect(refusal(running(true), budget({ currentHealthy: 1, desiredHealthy: 1 }))).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      reason: "TooManyRequests",
      details: {
        causes: [
          { reason: "DisruptionBudget", message: "The disruption budget b needs 1 healthy pods and has 1 currently" }
        ]
      },
      code: 429
    })
  })

  it("C-148: is to be tried again in ten seconds when the budget has not been counted since it changed", () => {
    const refused = refusal(running(true), budget({ observedGeneration: 0, disruptionsAllowed: 1 }))
    expect(refused?.code).toBe(429)
    expect(refused?.details).toEqual({
      causes: [
        {
          reason: "DisruptionBudget",
          message: "The disruption budget b is still being processed by the server."
        }
      ],
      retryAfterSeconds: 10
    })
  })

  it("C-149: says what else is wrong with the budget", () => {
    const failed = condition("SyncFailed", 'found no controllers for pod "p"')
    expect(causes(running(true), budget(failed))).toMatchObject([
      {
        message: `The disruption budget b does not allow evicting pods currently because it failed sync: found no controllers for pod "p"`
      }
    ])
    const enough = { currentHealthy: 2, desiredHealthy: 1 }
    expect(causes(running(true), budget({ ...enough, ...condition("Paused", "by hand") }))).toMatchObject([
      { message: "The disruption budget b does not allow evicting pods currently (Paused): by hand" }
    ])
    expect(causes(running(true), budget(enough))).toMatchObject([
      { message: "The disruption budget b does not allow evicting pods currently" }
    ])
  })

  it("C-150: of a pod with two budgets is refused whatever they allow", () => {
    const allowing = { disruptionsAllowed: 1 }
    expect(refusal(running(true), budget(allowing), budget(allowing, {}, "c"))).toMatchObject({
      code: 500,
      message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
    })
    const other = budget({}, { selector: { matchLabels: { app: "y" } } }, "c")
    expect(refusal(running(true), budget(allowing), other)).toBeUndefined()
  })

  it("C-151: is forbidden when the budget's status makes no sense", () => {
    expect(refusal(running(true), budget({ disruptionsAllowed: -1 }))).toMatchObject({
      code: 403,
      message: 'poddisruptionbudget.policy "b" is forbidden: pdb disruptions allowed is negative'
    })
    const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, i) => [`p-${i}`, "2026-01-01T00:00:00Z"]))
    expect(refusal(running(true), budget({ disruptionsAllowed: 1, disruptedPods: many }))).toMatchObject({
      code: 403,
      message:
        'poddisruptionbudget.policy "b" is forbidden: DisruptedPods map too big - too many evictions not confirmed by PDB controller'
    })
  })

  it("C-152: is counted against the budget: one disruption less, the pod remembered", () => {
    const decided = decideEviction(running(true), [budget({ disruptionsAllowed: 2, currentHealthy: 3 })], now)
    expect(Result.getOrThrow(decided)?.["status"]).toMatchObject({
      disruptionsAllowed: 1,
      disruptedPods: { p: "2026-01-01T00:00:10Z" }
    })
    const last = decideEviction(running(true), [budget({ disruptionsAllowed: 1, currentHealthy: 2 })], now)
    expect(Result.getOrThrow(last)?.["status"]).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [{ type: "DisruptionAllowed", status: "False", reason: "InsufficientPods" }]
    })
  })

  it("C-153: of an unready pod costs nothing when the others are enough, or by policy always", () => {
    const enough = budget({ currentHealthy: 1, desiredHealthy: 1 })
    expect(Result.getOrThrow(decideEviction(running(false), [enough], now))).toBeUndefined()
    expect(causes(running(false), budget({ currentHealthy: 0, desiredHealthy: 1 }))).toMatchObject([
      { message: "The disruption budget b needs 1 healthy pods and has 0 currently" }
    ])
    const always = budget({ desiredHealthy: 1 }, { unhealthyPodEvictionPolicy: "AlwaysAllow" })
    expect(Result.getOrThrow(decideEviction(running(false), [always], now))).toBeUndefined()
  })
})
