/** Examples of `pkg/controller/job/backoff_utils_test.go`. */
import { describe, expect, it } from "vitest"
import {
  finishedTime,
  nextBackoff,
  noFailures,
  remainingBackoff
} from "../../../../src/decide/controller/job/podBackoff.ts"
import { later, SECOND, toTime } from "../../../../src/event/Instant.ts"
import { NOW, pod, seconds } from "./jobs.ts"

const failed = (name: string, at: number) => pod(name, { phase: "Failed", finishedAt: seconds(at) })
const succeeded = (name: string, at: number) => pod(name, { phase: "Succeeded", finishedAt: seconds(at) })

describe("the back-off of a Job", () => {
  it("C-302: counts failures since the last success, from the latest of them", () => {
    const first = nextBackoff(noFailures, [], [failed("b", 9), failed("a", 3)])
    expect(first).toEqual({ failuresAfterLastSuccess: 2, lastFailure: seconds(9) })
    expect(nextBackoff(first, [], [])).toBe(first)
    expect(nextBackoff(first, [], [failed("c", 20)])).toEqual({ failuresAfterLastSuccess: 3, lastFailure: seconds(20) })
    expect(nextBackoff(first, [succeeded("d", 30)], [])).toEqual(noFailures)
  })

  it("C-302: of pods that are new together only failures after the last success count", () => {
    const pods = [failed("a", 1), failed("b", 5), failed("c", 6), failed("d", 7)]
    expect(nextBackoff({ failuresAfterLastSuccess: 4, lastFailure: seconds(0) }, [succeeded("e", 5)], pods)).toEqual({
      failuresAfterLastSuccess: 2,
      lastFailure: seconds(7)
    })
  })

  it.each([
    [0, 0, 0],
    [1, 0, 10],
    [1, 4, 6],
    [1, 10, 0],
    [2, 0, 20],
    [3, 100, 0],
    [6, 0, 320],
    [7, 0, 600],
    [30, 0, 600]
  ])("C-302: after %i failures and %i s there are %i s left", (failures, since, left) => {
    expect(remainingBackoff(failures, seconds(-since), NOW)).toBe(left * SECOND)
  })
})

describe("when a pod ended", () => {
  const unready = (at: number) => ({
    conditions: [{ type: "Ready", status: "False", lastTransitionTime: toTime(seconds(at)) }]
  })

  it("C-302: is when the last of its containers did, sidecars too", () => {
    const state = (at: number) => ({ terminated: { exitCode: 0, finishedAt: toTime(seconds(at)) } })
    const one = (name: string, at: number) => ({ name, ready: false, restartCount: 0, state: state(at) })
    const sidecar = { name: "side", image: "app:1", restartPolicy: "Always" }
    const init = { name: "init", image: "app:1" }
    const ended = pod("a", {
      spec: { initContainers: [init, sidecar] },
      status: { containerStatuses: [one("main", 3)], initContainerStatuses: [one("init", 99), one("side", 5)] }
    })
    expect(finishedTime(ended)).toBe(seconds(5))
  })

  it("C-302: is since when it is not ready, if a container has not ended", () => {
    const running = [{ name: "main", ready: false, restartCount: 0, state: { running: {} } }]
    expect(finishedTime(pod("a", { status: { containerStatuses: running, ...unready(4) } }))).toBe(seconds(4))
  })

  it("C-302: is when its deletion was asked for, and at last its creation", () => {
    const metadata = { deletionTimestamp: toTime(seconds(30)), deletionGracePeriodSeconds: 20 }
    expect(finishedTime(pod("a", { metadata }))).toBe(seconds(10))
    expect(finishedTime(pod("a", { metadata: { creationTimestamp: toTime(later(NOW, -SECOND)) } }))).toBe(seconds(-1))
  })
})
