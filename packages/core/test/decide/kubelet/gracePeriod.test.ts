import { expect, it } from "vitest"
import {
  containerGracePeriod,
  effectiveGracePeriod,
  graceLeft,
  stopTimeout
} from "../../../src/decide/kubelet/gracePeriod.ts"
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

it("X-13, K-243, S-241: a container gets the worker's grace, else the deletion's, else its probe's, else the spec's, else two seconds", () => {
  const probed = { name: "c", image: "i", livenessProbe: { terminationGracePeriodSeconds: 9 }, startupProbe: {} }
  expect(containerGracePeriod(deleted(20), probed, "LivenessProbe", 7)).toBe(7)
  expect(containerGracePeriod(deleted(20), probed, "Unknown", undefined)).toBe(20)
  expect(containerGracePeriod(pod(), probed, "LivenessProbe", undefined)).toBe(9)
  expect(containerGracePeriod(pod(), probed, "StartupProbe", undefined)).toBe(30)
  expect(containerGracePeriod(pod(), probed, "FailedPostStartHook", undefined)).toBe(30)
  const none = { ...pod(), spec: { containers: [probed] } }
  expect(containerGracePeriod(none, probed, "LivenessProbe", undefined)).toBe(2)
})

it("K-172: a probe's own grace does not count once the pod is being deleted", () => {
  const probed = { name: "c", image: "i", livenessProbe: { terminationGracePeriodSeconds: 9 } }
  expect(containerGracePeriod(deleted(20), probed, "LivenessProbe", undefined)).toBe(20)
})

it("K-244: whole seconds that the preStop hook took are taken off the grace", () => {
  expect(graceLeft(20, 4_040_000)).toBe(16)
  expect(graceLeft(20, 999_999)).toBe(20)
  expect(graceLeft(5, 5_000_000)).toBe(0)
})

it("K-246: StopContainer never gets less than two seconds", () => {
  expect([-1, 0, 1, 2, 3].map(stopTimeout)).toEqual([2, 2, 2, 2, 3])
})
