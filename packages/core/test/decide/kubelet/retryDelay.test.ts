import fc from "fast-check"
import { expect, it } from "vitest"
import { retryDelay } from "../../../src/decide/kubelet/retryDelay.ts"
import { SECOND } from "../../../src/event/Instant.ts"
import { at } from "./given.ts"

const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const seconds = (micros: number) => micros / SECOND

it("K-018: after a success the pod is looked at again in 60 to 90 seconds", () => {
  fc.assert(
    fc.property(draw, (u) => {
      const delay = seconds(retryDelay({ _tag: "Success" }, at(0), u))
      return delay >= 60 && delay < 90
    })
  )
})

it("K-018: a phase transition is followed up at once", () => {
  expect(retryDelay({ _tag: "Transition" }, at(0), 0.9)).toBe(0)
})

it("K-018: without a network the pod is looked at again in 1 to 1.5 seconds", () => {
  expect(seconds(retryDelay({ _tag: "NetworkNotReady" }, at(0), 0))).toBe(1)
  expect(seconds(retryDelay({ _tag: "NetworkNotReady" }, at(0), 0.999))).toBeCloseTo(1.5, 1)
})

it("K-019: an ordinary error waits 10 to 15 seconds", () => {
  expect(seconds(retryDelay({ _tag: "Error", backOffExpires: undefined }, at(0), 0))).toBe(10)
  expect(seconds(retryDelay({ _tag: "Error", backOffExpires: undefined }, at(0), 0.999))).toBeCloseTo(15, 1)
})

it("K-102: a back-off error waits what is left of it, at most a minute, and up to half as much again", () => {
  fc.assert(
    fc.property(draw, fc.integer({ min: -100, max: 300 }), (u, left) => {
      const delay = seconds(retryDelay({ _tag: "Error", backOffExpires: at(left) }, at(0), u))
      const base = Math.min(Math.max(left, 0), 60)
      return delay >= base - 1e-6 && delay <= base * 1.5
    })
  )
})
