import { expect, it } from "vitest"
import { effectiveGracePeriod, stopTimeout } from "../../../src/decide/kubelet/gracePeriod.ts"
import { pod } from "./given.ts"

const deleted = (deletionGracePeriodSeconds: number) =>
  pod({}, { metadata: { name: "p", deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds } })

it("K-242: the worker's grace is the smallest that was asked for, and at least a second", () => {
  expect(effectiveGracePeriod(pod(), undefined)).toBe(30)
  expect(effectiveGracePeriod(deleted(5), undefined)).toBe(5)
  expect(effectiveGracePeriod(deleted(5), 60)).toBe(5)
  expect(effectiveGracePeriod(deleted(60), 5)).toBe(5)
  expect(effectiveGracePeriod(deleted(10), undefined, 3)).toBe(3)
  expect(effectiveGracePeriod(deleted(0), undefined)).toBe(1)
})

it("K-243: a container gets the worker's grace, else the deletion's, else the spec's", () => {
  expect(stopTimeout(deleted(20), 7)).toBe(7)
  expect(stopTimeout(deleted(20), undefined)).toBe(20)
  expect(stopTimeout(pod(), undefined)).toBe(30)
})

it("K-246: and never less than two seconds", () => {
  expect(stopTimeout(deleted(0), 1)).toBe(2)
})
