/** What budgets make of their pods. */
import { describe, expect, it } from "vitest"
import {
  budgetStatus,
  countsScales,
  disruptedPods,
  expectedPods,
  failedBudgetStatus,
  staleDisruptionIn
} from "../../../../src/decide/controller/disruption/budgetStatus.ts"
import { noScale, unmanagedPods } from "../../../../src/decide/controller/disruption/controllerScales.ts"
import { SECOND } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../../src/event/KubernetesObject.ts"
import { at, manifest, stored } from "../../apiserver/pods.ts"

const pod = (name: string, ready = true, metadata: JsonObject = {}): PodObject => {
  const made = stored(manifest({}, { name }))
  const conditions = [{ type: "Ready", status: ready ? "True" : "False" }]
  return { ...made, metadata: { ...made.metadata, ...metadata }, status: { ...made.status, conditions } } as PodObject
}
const budget = (spec: JsonObject, status: JsonObject = {}): KubernetesObject =>
  ({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "b", namespace: "ns", generation: 1 },
    spec,
    status
  }) as KubernetesObject
const now = at("00:10:00")

describe("how many pods a budget expects and wants", () => {
  it.each([
    [{ minAvailable: 2 }, 5, 5, 2],
    [{ minAvailable: "50%" }, 5, 5, 3],
    [{ maxUnavailable: 1 }, 5, 5, 4],
    [{ maxUnavailable: "25%" }, 5, 5, 3],
    [{ maxUnavailable: 9 }, 5, 5, 0],
    [{}, 5, 0, 0]
  ])("C-351: %j of %i pods expects %i and wants %i", (spec, pods, expected, desired) => {
    expect(expectedPods(budget(spec as JsonObject), pods)).toEqual({ expected, desired })
  })

  it("C-351: only a number of pods that must be there is counted without asking their controllers", () => {
    expect(
      [{ minAvailable: 1 }, { minAvailable: "1%" }, { maxUnavailable: 1 }].map((spec) => countsScales(budget(spec)))
    ).toEqual([false, true, true])
  })
})

describe("what a budget allows", () => {
  const counted = { expected: 3, desired: 2, disrupted: {} }
  const pods = [pod("a"), pod("b"), pod("c")]

  it("C-351: the healthy ones above those that are wanted", () => {
    expect(budgetStatus(budget({}), pods, counted, now)).toMatchObject({
      disruptionsAllowed: 1,
      currentHealthy: 3,
      desiredHealthy: 2,
      expectedPods: 3,
      observedGeneration: 1,
      conditions: [{ type: "DisruptionAllowed", status: "True", reason: "SufficientPods", observedGeneration: 1 }]
    })
  })

  it("C-351: nobody who is unready, goes or is about to be evicted is healthy; nothing is allowed without pods", () => {
    const going = pod("b", true, { deletionTimestamp: "2026-01-01T00:10:00Z" })
    const disrupted = { c: "2026-01-01T00:09:00Z" }
    const told = budgetStatus(budget({}), [pod("a", false), going, pod("c"), pod("d")], { ...counted, disrupted }, now)
    expect(told).toMatchObject({ currentHealthy: 1, disruptionsAllowed: 0, disruptedPods: disrupted })
    const late = { c: "2026-01-01T00:08:00Z" }
    expect(budgetStatus(budget({}), [pod("c")], { ...counted, disrupted: late }, now)).toMatchObject({
      currentHealthy: 1
    })
    expect(budgetStatus(budget({}), pods, { expected: 0, desired: 0, disrupted: {} }, now)).toMatchObject({
      disruptionsAllowed: 0
    })
  })

  it("is written only when it says something else", () => {
    const status = budgetStatus(budget({}), pods, counted, now) ?? {}
    expect(budgetStatus(budget({}, status), pods, counted, at("00:20:00"))).toBeUndefined()
    const fewer = budgetStatus(budget({}, status), [pod("a"), pod("b")], counted, at("00:20:00"))
    expect(fewer).toMatchObject({
      conditions: [{ status: "False", reason: "InsufficientPods", lastTransitionTime: "2026-01-01T00:20:00Z" }]
    })
  })

  it("is nothing when it could not be counted, and the condition says why", () => {
    expect(failedBudgetStatus(budget({}, { disruptionsAllowed: 2, observedGeneration: 1 }), "no", now)).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [{ type: "DisruptionAllowed", status: "False", reason: "SyncFailed", message: "no" }]
    })
  })
})

describe("evictions that were granted", () => {
  const granted = { a: "2026-01-01T00:09:00Z", b: "2026-01-01T00:07:00Z", c: "2026-01-01T00:09:30Z" }

  it("C-352: are kept until the pod is seen to go, for two minutes; then it is said that it did not", () => {
    const gone = pod("c", true, { deletionTimestamp: "2026-01-01T00:10:00Z" })
    const found = disruptedPods(budget({}, { disruptedPods: granted }), [pod("a"), pod("b"), gone], now)
    expect(found.pods).toEqual({ a: "2026-01-01T00:09:00Z" })
    expect(found.notDeleted.map(({ metadata }) => metadata.name)).toEqual(["b"])
    expect(found.recheck).toBe(at("00:11:00"))
  })
})

describe("a DisruptionTarget that nothing came of", () => {
  const marked = (reason: string, more: JsonObject = {}): PodObject => {
    const one = pod("a")
    const condition = { type: "DisruptionTarget", status: "True", reason, lastTransitionTime: "2026-01-01T00:09:00Z" }
    return { ...one, status: { ...one.status, conditions: [condition], ...more } } as PodObject
  }

  it("C-353: is stale after two minutes, unless the kubelet said it or the pod has ended", () => {
    expect(staleDisruptionIn(marked("EvictionByEvictionAPI"), now)).toBe(60 * SECOND)
    expect(staleDisruptionIn(marked("EvictionByEvictionAPI"), at("00:30:00"))).toBe(0)
    expect(staleDisruptionIn(marked("TerminationByKubelet"), now)).toBeUndefined()
    expect(staleDisruptionIn(marked("EvictionByEvictionAPI", { phase: "Failed" }), now)).toBeUndefined()
    expect(staleDisruptionIn(pod("a"), now)).toBeUndefined()
  })
})

describe("pods that no budget can count", () => {
  const owner = (kind: string, apiVersion: string) => ({ kind, apiVersion, name: "o", uid: "u" })

  it("C-352: are those of an owner that has no scale", () => {
    expect(noScale(owner("Node", "v1"))).toBe("nodes does not implement the scale subresource")
    expect(noScale(owner("ReplicaSet", "apps/v1"))).toBeUndefined()
    expect(noScale(owner("Widget", "example.com/v1"))).toBe('no matches for kind "Widget" in version "example.com/v1"')
  })

  it("C-352: are told in the words of Go", () => {
    const selector = {
      matchLabels: { b: "2", a: "1" },
      matchExpressions: [{ key: "k", operator: "In", values: ["v"] }]
    }
    expect(unmanagedPods(budget({ selector }))).toContain(
      "(selector: &LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,Values:[v],},},}) were found to be unmanaged"
    )
  })
})
