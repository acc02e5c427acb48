/** Examples of `pkg/controller/job/pod_failure_policy_test.go`. */
import { describe, expect, it } from "vitest"
import { matchPodFailurePolicy } from "../../../../src/decide/controller/job/podFailurePolicy.ts"
import type { PodFailurePolicyRule } from "../../../../src/event/BatchObjects.ts"
import { pod } from "./jobs.ts"

const match = (rules: ReadonlyArray<PodFailurePolicyRule>, of = pod("a", { phase: "Failed", exitCode: 3 })) =>
  matchPodFailurePolicy({ rules }, of)

const onExitCodes = (action: string, operator: string, values: ReadonlyArray<number>, containerName?: string) => ({
  action,
  onExitCodes: { operator, values, ...(containerName === undefined ? {} : { containerName }) }
})

const disrupted = pod("a", {
  phase: "Failed",
  status: { conditions: [{ type: "DisruptionTarget", status: "True" }] }
})
const onDisruption = (action: string) => ({
  action,
  onPodConditions: [{ type: "DisruptionTarget", status: "True" }]
})

describe("a pod failure policy", () => {
  it("C-305: fails the Job with the container, its exit code and the rule", () => {
    expect(match([onExitCodes("Ignore", "In", [1]), onExitCodes("FailJob", "In", [2, 3])])).toEqual({
      failsJob: "Container main for pod n/a failed with exit code 3 matching FailJob rule at index 1",
      counts: true,
      action: "FailJob"
    })
  })

  it("C-305: fails the Job with the pod's condition and the rule", () => {
    expect(match([onDisruption("FailJob")], disrupted).failsJob).toBe(
      "Pod n/a has condition DisruptionTarget matching FailJob rule at index 0"
    )
  })

  it.each([
    ["Ignore", false],
    ["Count", true],
    ["FailIndex", true]
  ])("C-305: %s: the failure counts: %s", (action, counts) => {
    expect(match([onExitCodes(action, "NotIn", [1])])).toEqual({ failsJob: undefined, counts, action })
  })

  it("C-305: the first rule that matches decides; without one the failure counts", () => {
    expect(match([onExitCodes("Ignore", "In", [3]), onExitCodes("FailJob", "In", [3])]).action).toBe("Ignore")
    expect(match([onExitCodes("Ignore", "In", [4]), onDisruption("Ignore")])).toEqual({
      failsJob: undefined,
      counts: true,
      action: undefined
    })
    expect(matchPodFailurePolicy(undefined, disrupted).counts).toBe(true)
  })

  it("C-305: exit code 0 and containers of other names are never meant", () => {
    expect(match([onExitCodes("FailJob", "NotIn", [5])], pod("a", { phase: "Failed", exitCode: 0 })).action).toBe(
      undefined
    )
    expect(match([onExitCodes("FailJob", "In", [3], "other")]).action).toBe(undefined)
    expect(match([onExitCodes("FailJob", "In", [3], "main")]).action).toBe("FailJob")
  })

  it("C-305: containers come before init containers", () => {
    const ended = (name: string, exitCode: number) => ({ name, state: { terminated: { exitCode } } })
    const status = { initContainerStatuses: [ended("init", 7)], containerStatuses: [ended("main", 7)] }
    const of = pod("a", { phase: "Failed", status })
    expect(match([onExitCodes("FailJob", "In", [7])], of).failsJob).toMatch(/^Container main /)
  })
})
