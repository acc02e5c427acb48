/** Which pods count, by the cases of `pkg/api/v1/pod/util_test.go` and `pkg/controller/controller_utils_test.go`. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  isPodActive,
  isPodAvailable,
  isPodReady,
  isPodTerminating,
  nextAvailability
} from "../../../src/decide/controller/podAvailability.ts"
import { type Instant, SECOND } from "../../../src/event/Instant.ts"
import { NOW, pod } from "./given.ts"

describe("a pod", () => {
  it.each([
    ["Pending", false, true, false],
    ["Running", false, true, false],
    ["Unknown", false, true, false],
    ["Succeeded", false, false, false],
    ["Failed", false, false, false],
    ["Running", true, false, true],
    ["Pending", true, false, true],
    ["Failed", true, false, false],
    ["Succeeded", true, false, false]
  ])("C-267: %s, deleted: %s is active: %s, terminating: %s", (phase, deleting, active, terminating) => {
    const given = pod({ phase, deleting })
    expect([isPodActive(given), isPodTerminating(given)]).toEqual([active, terminating])
  })

  it.each([
    [undefined, 0, false],
    [undefined, 1, false],
    [0, 0, true],
    [50, 10, true],
    [50, 51, false],
    [50, 50, true],
    [10, 50, false]
  ])("C-271: that is ready since %s s is available for minReadySeconds %s: %s", (ready, minReadySeconds, available) => {
    const given = pod(ready === undefined ? {} : { ready })
    expect(isPodReady(given)).toBe(ready !== undefined)
    expect(isPodAvailable(given, minReadySeconds, NOW)).toBe(available)
  })

  it("has no readiness before a kubelet says so", () => {
    const given = pod()
    expect(isPodReady({ ...given, status: { phase: "Pending" } })).toBe(false)
  })
})

describe("the next availability", () => {
  it("is when the first of those that are not yet available becomes so", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40)), fc.integer({ min: 1, max: 40 }), (ages, minReadySeconds) => {
        const pods = [...ages.map((ready) => pod({ ready })), pod()]
        const next = nextAvailability(pods, minReadySeconds, NOW)
        const waiting = ages.filter((age) => age < minReadySeconds)
        expect(next).toBe(waiting.length === 0 ? undefined : NOW + (minReadySeconds - Math.max(...waiting)) * SECOND)
        if (next === undefined) return
        const becomes = (at: Instant) => pods.filter((one) => isPodAvailable(one, minReadySeconds, at)).length
        expect(becomes(next)).toBeGreaterThan(becomes((next - 1) as Instant))
      })
    )
  })
})
