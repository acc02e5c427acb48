/** How many pods more or fewer, by the cases of `pkg/controller/deployment/util/deployment_util_test.go`. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { IntOrPercent } from "../../../../src/decide/controller/deployment/Deployment.ts"
import { maxSurge, maxUnavailable, resolveFenceposts } from "../../../../src/decide/controller/deployment/fenceposts.ts"
import { deployment, rolling } from "./given.ts"

describe("fenceposts", () => {
  it.each<[IntOrPercent, IntOrPercent, number, number, number]>([
    ["0%", "0%", 0, 0, 1],
    ["39%", "39%", 10, 4, 3],
    [0, "39%", 10, 0, 3],
    ["39%", 0, 10, 4, 0],
    [0, 0, 10, 0, 1],
    ["1%", "1%", 2, 1, 0],
    [0, "1%", 2, 0, 1],
    ["25%", "25%", 4, 1, 1],
    ["25%", "25%", 1, 1, 0],
    [3, 2, 10, 3, 2]
  ])("C-275: surge %s and unavailable %s of %i pods are %i and %i", (surge, unavailable, desired, up, down) => {
    expect(resolveFenceposts(surge, unavailable, desired)).toEqual({ maxSurge: up, maxUnavailable: down })
  })

  it.each<[IntOrPercent, number, number]>([
    [5, 10, 5],
    [10, 10, 10],
    [10, 5, 5],
    [10, 0, 0],
    ["50%", 10, 5],
    ["100%", 10, 10],
    ["100%", 5, 5]
  ])("C-275: never more are unavailable than are wanted: %s of %i is %i", (unavailable, replicas, expected) => {
    expect(maxUnavailable(deployment({ replicas, strategy: rolling(1, unavailable) }))).toBe(expected)
  })

  it("C-275: whoever recreates has neither", () => {
    const recreated = deployment({ replicas: 3, strategy: { type: "Recreate" } })
    expect([maxSurge(recreated), maxUnavailable(recreated)]).toEqual([0, 0])
  })

  it("C-275: something can always move", () => {
    const part = fc.oneof(
      fc.nat(20),
      fc.nat(100).map((percent) => `${percent}%`)
    )
    fc.assert(
      fc.property(part, part, fc.integer({ min: 1, max: 100 }), (surge, unavailable, desired) => {
        const found = resolveFenceposts(surge, unavailable, desired)
        expect(found.maxSurge + found.maxUnavailable).toBeGreaterThan(0)
        expect(Number.isInteger(found.maxSurge) && Number.isInteger(found.maxUnavailable)).toBe(true)
      })
    )
  })
})
