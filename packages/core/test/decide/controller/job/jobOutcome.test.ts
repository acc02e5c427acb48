/** After `pkg/controller/job/job_controller_test.go`. */
import { describe, expect, it } from "vitest"
import {
  completed,
  jobOutcome,
  timeToDeadline,
  tooManySucceeded
} from "../../../../src/decide/controller/job/jobOutcome.ts"
import { SECOND } from "../../../../src/event/Instant.ts"
import { indexed, job, NOW, observe, pod, seconds } from "./jobs.ts"

const reason = (...args: Parameters<typeof observe>) => jobOutcome(observe(...args), undefined)?.reason
const failed = (count: number) => Array.from({ length: count }, (_, i) => pod(`f${i}`, { phase: "Failed" }))

const restarting = (restartCount: number, phase = "Running") =>
  pod("a", { phase, status: { containerStatuses: [{ name: "main", ready: true, restartCount }] } })

const onFailure = (backoffLimit: number) =>
  job({
    backoffLimit,
    template: { spec: { restartPolicy: "OnFailure", containers: [{ name: "main", image: "a:1" }] } }
  })

describe("a Job fails", () => {
  it("C-304: when more pods failed than it allows", () => {
    expect(reason(job({ backoffLimit: 2 }), failed(2))).toBe(undefined)
    expect(jobOutcome(observe(job({ backoffLimit: 2 }), failed(3)), undefined)).toEqual({
      type: "FailureTarget",
      reason: "BackoffLimitExceeded",
      message: "Job has reached the specified backoff limit"
    })
    expect(reason(job({ backoffLimit: 2 }, { failed: 2 }), failed(1))).toBe("BackoffLimitExceeded")
    expect(reason(job({ backoffLimit: 0 }, { uncountedTerminatedPods: { failed: ["x"] } }), [])).toBe(
      "BackoffLimitExceeded"
    )
  })

  it("C-304: with OnFailure when its containers were restarted as often; with 0 more often than that", () => {
    expect(reason(onFailure(2), [restarting(1)])).toBe(undefined)
    expect(reason(onFailure(2), [restarting(2)])).toBe("BackoffLimitExceeded")
    expect(reason(onFailure(0), [restarting(0)])).toBe(undefined)
    expect(reason(onFailure(0), [restarting(1)])).toBe("BackoffLimitExceeded")
    expect(reason(onFailure(2), [restarting(5, "Succeeded")])).toBe(undefined)
    expect(reason(job({ backoffLimit: 2 }), [restarting(5)])).toBe(undefined)
  })

  it("C-304: when it was active longer than its deadline, which does not run while it is suspended", () => {
    const limited = job({ activeDeadlineSeconds: 10 })
    const left = (after: number) => timeToDeadline(limited, NOW, seconds(after))
    expect(left(4)).toBe(6 * SECOND)
    expect(jobOutcome(observe(limited, []), left(9))).toBe(undefined)
    expect(jobOutcome(observe(limited, []), left(10))).toEqual({
      type: "FailureTarget",
      reason: "DeadlineExceeded",
      message: "Job was active longer than specified deadline"
    })
    expect(timeToDeadline(job({ activeDeadlineSeconds: 10, suspend: true }), NOW, seconds(20))).toBe(undefined)
    expect(timeToDeadline(job(), NOW, seconds(20))).toBe(undefined)
  })

  it("C-303: a deleted pod has failed, unless only failed pods are replaced", () => {
    const deleted = [pod("a", { deleted: true })]
    expect(reason(job({ backoffLimit: 0 }), deleted)).toBe("BackoffLimitExceeded")
    expect(reason(job({ backoffLimit: 0, podReplacementPolicy: "Failed" }), deleted)).toBe(undefined)
    const podFailurePolicy = { rules: [{ action: "Count", onExitCodes: { operator: "In", values: [9] } }] }
    expect(reason(job({ backoffLimit: 0, podFailurePolicy }), deleted)).toBe(undefined)
  })

  it("C-305: when its policy says so, and failures that it ignores do not count", () => {
    const rule = (action: string) => ({ rules: [{ action, onExitCodes: { operator: "In", values: [1] } }] })
    expect(reason(job({ podFailurePolicy: rule("FailJob") }), failed(1))).toBe("PodFailurePolicy")
    expect(reason(job({ backoffLimit: 0, podFailurePolicy: rule("Ignore") }), failed(3))).toBe(undefined)
    expect(reason(job({ backoffLimit: 0, podFailurePolicy: rule("Count") }), failed(1))).toBe("BackoffLimitExceeded")
  })

  it("C-304: when every index has ended and one has failed, or more have failed than may", () => {
    const perIndex = (more = {}) => job(indexed(3, { backoffLimitPerIndex: 0, ...more }))
    const [bad, good] = [
      (index: number) => pod(`f${index}`, { phase: "Failed", index }),
      (index: number) => pod(`s${index}`, { phase: "Succeeded", index })
    ]
    expect(reason(perIndex(), [bad(0), good(1)])).toBe(undefined)
    expect(jobOutcome(observe(perIndex(), [bad(0), good(1), good(2)]), undefined)).toMatchObject({
      reason: "FailedIndexes",
      message: "Job has failed indexes"
    })
    expect(jobOutcome(observe(perIndex({ maxFailedIndexes: 1 }), [bad(0), bad(1)]), undefined)).toMatchObject({
      reason: "MaxFailedIndexesExceeded",
      message: "Job has exceeded the specified maximal number of failed indexes"
    })
  })

  it("C-304: an index fails when its pods failed more often than each may, or at once by FailIndex", () => {
    const twice = job(indexed(2, { backoffLimitPerIndex: 1 }))
    const failedAfter = (failures: number) =>
      pod("a", {
        phase: "Failed",
        index: 0,
        annotations: { "batch.kubernetes.io/job-index-failure-count": `${failures}` }
      })
    expect(observe(twice, [failedAfter(0)]).failedIndexes).toEqual([])
    expect(observe(twice, [failedAfter(1)]).failedIndexes).toEqual([{ first: 0, last: 0 }])
    const rules = [{ action: "FailIndex", onExitCodes: { operator: "In", values: [1] } }]
    const atOnce = job(indexed(2, { backoffLimitPerIndex: 5, podFailurePolicy: { rules } }))
    expect(observe(atOnce, [failedAfter(0)]).failedIndexes).toEqual([{ first: 0, last: 0 }])
  })

  it("C-307: what was announced stays decided", () => {
    const announced = (type: string) =>
      job({ backoffLimit: 0 }, { conditions: [{ type, status: "True", reason: "R", message: "M" }] })
    expect(jobOutcome(observe(announced("FailureTarget"), []), undefined)).toEqual({
      ...{ type: "Failed", reason: "R", message: "M" }
    })
    expect(jobOutcome(observe(announced("SuccessCriteriaMet"), failed(3)), undefined)?.type).toBe("SuccessCriteriaMet")
  })
})

describe("a Job succeeds", () => {
  it("C-306: when as many pods succeeded as it asks for, and none is active", () => {
    const enough = { succeeded: 3 }
    expect(completed(observe(job({ completions: 3 }, enough), []), 1)).toBe(undefined)
    expect(completed(observe(job({ completions: 4 }, enough), []), 0)).toBe(undefined)
    expect(completed(observe(job({ completions: 3 }, enough), []), 0)).toEqual({
      type: "SuccessCriteriaMet",
      reason: "CompletionsReached",
      message: "Reached expected number of succeeded pods"
    })
  })

  it("C-306: without a number of completions when one succeeded and none is active", () => {
    const any = job({ parallelism: 3 })
    expect(completed(observe(any, []), 0)).toBe(undefined)
    expect(completed(observe(any, [pod("a", { phase: "Succeeded" })]), 2)).toBe(undefined)
    expect(completed(observe(any, [pod("a", { phase: "Succeeded" })]), 0)?.reason).toBe("CompletionsReached")
  })

  it("C-306: by its policy while other indexes still run", () => {
    const policy = { successPolicy: { rules: [{ succeededIndexes: "0" }] } }
    const pods = [pod("a", { phase: "Succeeded", index: 0 }), pod("b", { index: 1 })]
    expect(jobOutcome(observe(job(indexed(2, policy)), pods), undefined)).toEqual({
      type: "SuccessCriteriaMet",
      reason: "SuccessPolicy",
      message: "Matched rules at index 0"
    })
  })

  it("C-309: it is told if more pods succeeded than were asked for", () => {
    expect(tooManySucceeded(job({ completions: 2 }), { succeeded: 3 })).toBe(true)
    expect(tooManySucceeded(job({ completions: 2 }), { succeeded: 2 })).toBe(false)
    expect(tooManySucceeded(job({ parallelism: 2 }), { succeeded: 2 })).toBe(false)
  })
})
