/** How large each ReplicaSet is to be, by the cases of `pkg/controller/deployment/{sync,rolling}_test.go` (TestScale, TestDeploymentController_…). */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isRollingUpdate } from "../../../../src/decide/controller/deployment/fenceposts.ts"
import { findActiveOrLatest } from "../../../../src/decide/controller/deployment/replicaSets.ts"
import {
  healthyScaleDown,
  newReplicas,
  proportionalScaling,
  type Scaling,
  scaleDownBudget,
  unhealthyScaleDown
} from "../../../../src/decide/controller/deployment/scaling.ts"
import { deployment, replicaSet, rolling } from "./given.ts"

const sizes = (scalings: ReadonlyArray<Scaling>) =>
  Object.fromEntries(scalings.map(({ replicaSet: { metadata }, size }) => [metadata.name, size]))

/** v1 is the oldest; each knows how many pods there might be before. */
const versions = (counts: ReadonlyArray<number>, before: number) =>
  counts.map((replicas, i) =>
    replicaSet({
      name: `v${i + 1}`,
      replicas,
      age: 100 - i,
      annotations: {
        "deployment.kubernetes.io/desired-replicas": String(before),
        "deployment.kubernetes.io/max-replicas": String(before)
      }
    })
  )

describe("proportional scaling", () => {
  it.each<[string, number, number, ReadonlyArray<number>, ReadonlyArray<number>]>([
    ["5 -> 10", 5, 10, [3, 2], [6, 4]],
    ["5 -> 3", 5, 3, [3, 2], [2, 1]],
    ["9 -> 4", 9, 4, [1, 8], [0, 4]],
    ["7 -> 10", 7, 10, [2, 3, 2], [3, 4, 3]],
    ["13 -> 8", 13, 8, [3, 8, 2], [2, 5, 1]],
    ["leftover distribution: 3 -> 4", 3, 4, [1, 1, 1], [1, 1, 2]],
    ["leftover distribution: 3 -> 2", 3, 2, [1, 1, 1], [0, 1, 1]],
    ["no new ReplicaSet: 4 -> 5", 4, 5, [2, 2], [2, 3]],
    ["6 -> 0", 6, 0, [1, 2, 3], [0, 0, 0]],
    ["change both size and template", 10, 14, [3, 7], [4, 10]]
  ])("C-279: %s", (_, before, replicas, counts, expected) => {
    const all = [...versions(counts, before)].reverse()
    const scaled = sizes(proportionalScaling(deployment({ replicas }), all))
    expect(expected.map((_, i) => scaled[`v${i + 1}`])).toEqual(expected)
  })

  it.each<[string, number, number, number, ReadonlyArray<number>, ReadonlyArray<number>]>([
    ["with surge pods", 12, 20, 2, [6, 6], [11, 11]],
    ["of surge and size at once", 13, 50, 6, [8, 5], [34, 22]]
  ])("C-279: %s", (_, before, replicas, surge, counts, expected) => {
    const all = [...versions(counts, before)].reverse()
    const scaled = sizes(proportionalScaling(deployment({ replicas, strategy: rolling(surge, 0) }), all))
    expect(expected.map((_, i) => scaled[`v${i + 1}`])).toEqual(expected)
  })

  it("C-279: without what it remembers, the Deployment's own size is the measure", () => {
    const all = [replicaSet({ name: "v2", replicas: 2 }), replicaSet({ name: "v1", replicas: 2, age: 9 })]
    const given = deployment({ replicas: 8 }, { replicas: 4 })
    expect(sizes(proportionalScaling(given, all))).toEqual({ v1: 4, v2: 4 })
    expect(sizes(proportionalScaling(deployment({ replicas: 8 }), all))).toEqual({ v2: 6, v1: 2 })
  })

  it("C-279: all together have what is wanted, none is negative, and none grows while others shrink", () => {
    const arbitrary = fc.record({
      counts: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 5 }),
      replicas: fc.nat(60),
      surge: fc.nat(5)
    })
    fc.assert(
      fc.property(arbitrary, ({ counts, replicas, surge }) => {
        const total = counts.reduce((sum, count) => sum + count, 0)
        const all = [...versions(counts, total)].reverse()
        const scaled = proportionalScaling(deployment({ replicas, strategy: rolling(surge, 1) }), all)
        const most = replicas === 0 ? 0 : replicas + surge
        expect(scaled.reduce((sum, { size }) => sum + size, 0)).toBe(most)
        for (const { replicaSet: one, size } of scaled) {
          expect(size).toBeGreaterThanOrEqual(0)
          if (most >= total) expect(size).toBeGreaterThanOrEqual(one.spec.replicas)
          else expect(size).toBeLessThanOrEqual(one.spec.replicas)
        }
      })
    )
  })

  it("C-279: one with pods is scaled alone; without any, the newest is", () => {
    const [v1, v2] = versions([0, 0], 6)
    const [old, fresh] = versions([3, 0], 6)
    if (v1 === undefined || v2 === undefined || old === undefined || fresh === undefined) throw new Error("given two")
    expect(findActiveOrLatest(v2, [v1])?.metadata.name).toBe("v2")
    expect(findActiveOrLatest(undefined, [v1, v2])?.metadata.name).toBe("v2")
    expect(findActiveOrLatest(fresh, [old])?.metadata.name).toBe("v1")
    expect(findActiveOrLatest(undefined, [])).toBeUndefined()
    expect(findActiveOrLatest(replicaSet({ replicas: 1 }), [old])).toBeUndefined()
  })
})

describe("a rolling update", () => {
  it.each([
    ["cannot grow when there are as many as there may be", 1, 5, 1, 0, 5],
    ["grows to what is wanted", 6, 2, 10, 0, 6],
    ["grows by what there is room for", 10, 2, 3, 8, 5],
    ["begins with the surge", 4, 0, 2, 4, 2]
  ])("C-276: %s", (_, replicas, current, surge, old, expected) => {
    const all = [replicaSet({ name: "old", replicas: old }), replicaSet({ name: "new", replicas: current })]
    expect(newReplicas(deployment({ replicas, strategy: rolling(surge, 0) }), all, current)).toBe(expected)
  })

  it("C-278: whoever recreates makes all at once", () => {
    const given = deployment({ replicas: 3, strategy: { type: "Recreate" } })
    expect(isRollingUpdate(given)).toBe(false)
    expect(newReplicas(given, [replicaSet({ replicas: 5 })], 1)).toBe(3)
  })

  /** All that goes in one sync, as the controller carries it out. */
  const scaledDown = (
    wanted: number,
    unavailable: number,
    old: { replicas: number; ready: number },
    fresh: { replicas: number; ready: number }
  ): number => {
    const given = deployment({ replicas: wanted, strategy: rolling(1, unavailable) })
    const before = replicaSet({ name: "old", replicas: old.replicas, available: old.ready })
    const after = replicaSet({ name: "new", replicas: fresh.replicas, available: fresh.ready })
    const budget = scaleDownBudget(given, [before, after], after)
    if (budget <= 0) return old.replicas
    const cleaned = unhealthyScaleDown([before], budget)[0]?.size ?? before.spec.replicas
    const left = { ...before, spec: { ...before.spec, replicas: cleaned } }
    return healthyScaleDown(given, [left], after)[0]?.size ?? cleaned
  }

  it.each([
    [10, 2, { replicas: 10, ready: 10 }, { replicas: 0, ready: 0 }, 8],
    [10, 2, { replicas: 10, ready: 8 }, { replicas: 0, ready: 0 }, 8],
    [10, 2, { replicas: 10, ready: 9 }, { replicas: 0, ready: 0 }, 8],
    [10, 2, { replicas: 8, ready: 8 }, { replicas: 2, ready: 0 }, 8],
    [10, 0, { replicas: 10, ready: 10 }, { replicas: 1, ready: 1 }, 9]
  ])(
    "C-277: of %i with %i unavailable, old %j and new %j: %i old ones stay",
    (wanted, unavailable, old, fresh, left) => {
      expect(scaledDown(wanted, unavailable, old, fresh)).toBe(left)
    }
  )

  it.each([
    [10, 8, 1, [9]],
    [10, 8, 3, [8]],
    [10, 8, 0, []],
    [10, 10, 3, []]
  ])(
    "C-277: of %i pods with %i available at most %i that are not go: %j are left",
    (replicas, available, most, left) => {
      expect(unhealthyScaleDown([replicaSet({ replicas, available })], most).map(({ size }) => size)).toEqual(left)
    }
  )

  it("C-277: the oldest first, and no further once one would have to grow", () => {
    const [v1, v2, v3] = [
      replicaSet({ name: "v1", replicas: 3, available: 1, age: 30 }),
      replicaSet({ name: "v2", replicas: 1, available: 3, age: 20 }),
      replicaSet({ name: "v3", replicas: 3, available: 0, age: 10 })
    ]
    expect(sizes(unhealthyScaleDown([v3, v1], 4))).toEqual({ v1: 1, v3: 1 })
    expect(sizes(unhealthyScaleDown([v3, v2, v1], 4))).toEqual({ v1: 1, v2: 3 })
  })

  it("C-277: never fewer are available than there must be, never more than wanted and surge", () => {
    const arbitrary = fc.record({
      wanted: fc.integer({ min: 1, max: 20 }),
      surge: fc.nat(5),
      unavailable: fc.nat(5),
      old: fc.nat(20),
      fresh: fc.nat(20)
    })
    fc.assert(
      fc.property(arbitrary, ({ fresh, old, surge, unavailable, wanted }) => {
        const given = deployment({ replicas: wanted, strategy: rolling(surge, unavailable) })
        const before = replicaSet({ name: "old", replicas: old, available: old })
        const after = replicaSet({ name: "new", replicas: fresh, available: fresh })
        const grown = newReplicas(given, [before, after], fresh)
        if (fresh <= wanted) expect(grown + old).toBeLessThanOrEqual(Math.max(wanted + surge, fresh + old))
        const down = healthyScaleDown(given, [before], after)[0]?.size ?? old
        const least = wanted - Math.min(surge === 0 && unavailable === 0 ? 1 : unavailable, wanted)
        expect(down + fresh).toBeGreaterThanOrEqual(Math.min(least, old + fresh))
      })
    )
  })
})
