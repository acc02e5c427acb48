/** What a kubelet does about the shutdown of its machine. The groups are those of Kubernetes' own test (`nodeshutdown_manager_test.go`). */
import { describe, expect, it } from "vitest"
import { admitPod } from "../../../../src/decide/kubelet/lifecycle/admitPod.ts"
import { groupByPriority, shutdownGracePeriod } from "../../../../src/decide/kubelet/nodeshutdown/groupByPriority.ts"
import {
  type ShutdownSettings,
  shutdownGracePeriods,
  shutdownProblems
} from "../../../../src/decide/kubelet/nodeshutdown/shutdownGracePeriods.ts"
import { node, pod } from "../../scheduler/objects.ts"

const period = (priority: number, shutdownGracePeriodSeconds: number) => ({ priority, shutdownGracePeriodSeconds })

describe("how long a shutdown is held up", () => {
  it("K-295: not at all unless the kubelet is told to", () => {
    expect(shutdownGracePeriods({})).toEqual([])
    expect(shutdownGracePeriods({ shutdownGracePeriod: "0s", shutdownGracePeriodByPodPriority: [] })).toEqual([])
  })

  it("K-295: of the whole period, the last part is for critical pods, in whole seconds", () => {
    const settings = { shutdownGracePeriod: "90500ms", shutdownGracePeriodCriticalPods: "30s" }
    expect(shutdownGracePeriods(settings)).toEqual([period(0, 60), period(2_000_000_000, 30)])
    expect(shutdownGracePeriods({ shutdownGracePeriod: "30s" })).toEqual([period(0, 30), period(2_000_000_000, 0)])
  })

  it("K-295: periods by priority stand in their order, however they were written", () => {
    const shutdownGracePeriodByPodPriority = [period(100, 1), period(-5, 2), period(0, 3)]
    expect(shutdownGracePeriods({ shutdownGracePeriodByPodPriority })).toEqual([
      period(-5, 2),
      period(0, 3),
      period(100, 1)
    ])
  })

  it.each<readonly [ShutdownSettings, ReadonlyArray<string>]>([
    [{}, []],
    [{ shutdownGracePeriod: "1s", shutdownGracePeriodCriticalPods: "1s" }, []],
    [
      { shutdownGracePeriod: "500ms" },
      ["invalid configuration: shutdownGracePeriod 500ms must be either zero or otherwise >= 1 sec"]
    ],
    [
      { shutdownGracePeriod: "1m", shutdownGracePeriodCriticalPods: "90s" },
      ["invalid configuration: shutdownGracePeriodCriticalPods 1m30s must be <= shutdownGracePeriod 1m0s"]
    ],
    [
      { shutdownGracePeriod: "10s", shutdownGracePeriodCriticalPods: "999ms" },
      ["invalid configuration: shutdownGracePeriodCriticalPods 999ms must be either zero or otherwise >= 1 sec"]
    ],
    [
      { shutdownGracePeriod: "10s", shutdownGracePeriodByPodPriority: [period(0, 10)] },
      [
        "invalid configuration: Cannot specify both shutdownGracePeriodByPodPriority and shutdownGracePeriod at the same time"
      ]
    ]
  ])("K-295: %j is refused in the words of Kubernetes, or taken", (settings, problems) => {
    expect(shutdownProblems(settings)).toEqual(problems)
  })
})

describe("which pods end together", () => {
  const of = (priority: number | undefined) => pod(priority === undefined ? {} : { priority })
  const groupsOf = (periods: ReadonlyArray<number>, priorities: ReadonlyArray<number | undefined>) =>
    groupByPriority(
      periods.map((priority) => period(priority, 1)),
      priorities.map(of)
    ).map(({ pods }) => pods.map(({ spec }) => spec["priority"]))

  it("K-296: a pod belongs to the highest group that is not above it", () => {
    expect(groupsOf([0, 10, 20], [0, 5, 9, 10, 15, 20])).toEqual([[0, 5, 9], [10, 15], [20]])
  })

  it("K-296: who is below all belongs to the lowest, who is above all to the highest, who has no priority to 0", () => {
    expect(groupsOf([0, 10], [-1, undefined, 2_000_000_000])).toEqual([[-1, undefined], [2_000_000_000]])
    expect(groupsOf([5, 10], [0])).toEqual([[0], []])
  })

  it("K-296: each gets its own grace, but no more than its group has", () => {
    const group = { ...period(0, 30), pods: [] }
    expect(shutdownGracePeriod(group, pod({ terminationGracePeriodSeconds: 10 }))).toBe(10)
    expect(shutdownGracePeriod(group, pod({ terminationGracePeriodSeconds: 60 }))).toBe(30)
  })
})

it("K-297: everything else that speaks against a pod comes before the shutdown", () => {
  const admit = (one: ReturnType<typeof pod>) =>
    admitPod({ pod: one, otherPods: () => [], node: node("n-1"), pressure: [], shuttingDown: true })
  expect(admit(pod())).toEqual({
    _tag: "Refusal",
    reason: "NodeShutdown",
    message: "Pod was rejected as the node is shutting down."
  })
  expect(admit(pod({}, { cpu: "30" }))).toMatchObject({ reason: "OutOfcpu" })
})
