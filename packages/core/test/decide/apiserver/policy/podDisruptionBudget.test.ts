/** Which PodDisruptionBudgets the API server takes, and what it says of the others. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import { updateObject } from "../../../../src/decide/apiserver/updateObject.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"
import { at } from "../pods.ts"

const identity = { namespace: "ns", uid: "u-1", resourceVersion: "7", now: at("00:00:00"), nameSuffix: "bcdfg" }
const create = (spec: JsonObject) =>
  createObject(
    { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "b" }, spec } as KubernetesObject,
    identity
  )
const stored = (spec: JsonObject): KubernetesObject => Result.getOrThrow(create(spec))
const refusal = (spec: JsonObject): string | undefined => {
  const created = create(spec)
  return Result.isFailure(created) ? created.failure.message : undefined
}
const percent =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"

describe("a PodDisruptionBudget", () => {
  it("begins with a generation and a status that has counted nothing", () => {
    const { metadata, status } = stored({ minAvailable: 1, selector: { matchLabels: { app: "x" } } })
    expect(metadata.generation).toBe(1)
    expect(status).toEqual({ disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 })
  })

  it("says how many pods may be missing or must be there, not both", () => {
    expect(refusal({ minAvailable: 1, maxUnavailable: "20%" })).toBe(
      'PodDisruptionBudget.policy "b" is invalid: spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":"20%","UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set'
    )
  })

  it.each([
    [{ minAvailable: -1 }, "spec.minAvailable: Invalid value: -1: must be greater than or equal to 0"],
    [{ maxUnavailable: "half" }, `spec.maxUnavailable: Invalid value: "half": ${percent}`],
    [{ maxUnavailable: "101%" }, 'spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
    [
      { minAvailable: 1, unhealthyPodEvictionPolicy: "Never" },
      'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"'
    ],
    [
      { minAvailable: 1, selector: { matchExpressions: [{ key: "a", operator: "In" }] } },
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"
    ],
    [
      { minAvailable: 1, selector: { matchExpressions: [{ key: "a", operator: "Exists", values: ["b"] }] } },
      "spec.selector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
    ],
    [
      { minAvailable: 1, selector: { matchExpressions: [{ key: "a", operator: "Is" }] } },
      'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator'
    ]
  ])("%j is refused", (spec, error) => {
    expect(refusal(spec as JsonObject)).toBe(`PodDisruptionBudget.policy "b" is invalid: ${error}`)
  })

  it("counts changes of its spec, and of nothing else", () => {
    const budget = stored({ minAvailable: 1 })
    const changed = Result.getOrThrow(updateObject(budget, { ...budget, spec: { minAvailable: "50%" } }, ""))
    expect(changed.metadata.generation).toBe(2)
    const told = { ...budget, status: { ...(budget["status"] as JsonObject), disruptionsAllowed: 1 } }
    const written = Result.getOrThrow(updateObject(budget, told, "status"))
    expect(written.metadata.generation).toBe(1)
    expect(written["status"]).toMatchObject({ disruptionsAllowed: 1 })
  })

  it("allows no negative number of disruptions", () => {
    const budget = stored({ minAvailable: 1 })
    const told = { ...budget, status: { ...(budget["status"] as JsonObject), disruptionsAllowed: -1 } }
    const written = updateObject(budget, told, "status")
    expect(Result.isFailure(written) ? written.failure.message : "").toBe(
      'PodDisruptionBudget.policy "b" is invalid: status.disruptionsAllowed: Invalid value: -1: must be greater than or equal to 0'
    )
  })
})
