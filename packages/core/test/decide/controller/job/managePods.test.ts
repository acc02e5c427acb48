/** After `pkg/controller/job/job_controller_test.go` and `indexed_job_utils_test.go`. */
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { pendingIndexes } from "../../../../src/decide/controller/job/indexedJob.ts"
import { managePods } from "../../../../src/decide/controller/job/managePods.ts"
import { withIndexes } from "../../../../src/decide/controller/job/OrderedIntervals.ts"
import { SECOND } from "../../../../src/event/Instant.ts"
import { indexed, job, NOW, observe, pod, seconds } from "./jobs.ts"

const plan = (...args: Parameters<typeof observe>) => managePods(observe(...args), NOW)
const names = (of: ReturnType<typeof plan>) =>
  of.what === "delete" ? of.pods.map(({ metadata }) => metadata.name) : []

describe("the pods of a Job", () => {
  it("C-298: are as many as may run at the same time, but no more than are still needed", () => {
    const five = job({ completions: 5, parallelism: 2 })
    expect(plan(five, [])).toEqual({ what: "create", count: 2, indexes: undefined })
    expect(plan(five, [pod("a")])).toMatchObject({ count: 1 })
    expect(plan(five, [pod("a"), pod("b")])).toEqual({ what: "nothing" })
    expect(plan({ ...five, status: { succeeded: 4 } }, [])).toMatchObject({ count: 1 })
    expect(plan({ ...five, status: { succeeded: 5 } }, [])).toEqual({ what: "nothing" })
  })

  it("C-298: without a number of completions nobody comes after the first success", () => {
    const any = job({ parallelism: 3 })
    expect(plan(any, [pod("a")])).toMatchObject({ what: "create", count: 2 })
    expect(plan(any, [pod("a"), pod("b", { phase: "Succeeded" })])).toEqual({ what: "nothing" })
  })

  it("C-312: are made and deleted 500 at a time", () => {
    expect(plan(job({ completions: 700, parallelism: 700 }), [])).toMatchObject({ what: "create", count: 500 })
    const many = Array.from({ length: 700 }, (_, i) => pod(`p${i}`))
    expect(names(plan(job({ completions: 700, parallelism: 0 }), many)).length).toBe(500)
  })

  it("C-310: all go when it is suspended, however many they are", () => {
    const many = Array.from({ length: 600 }, (_, i) => pod(`p${i}`))
    expect(names(plan(job({ suspend: true, completions: 600, parallelism: 600 }), many)).length).toBe(600)
    expect(plan(job({ suspend: true }), [])).toEqual({ what: "delete", pods: [] })
  })

  it("C-302: are not replaced before the back-off is over", () => {
    const backoff = { failuresAfterLastSuccess: 2, lastFailure: seconds(-5) }
    expect(plan(job(), [], { backoff })).toEqual({ what: "wait", delay: 15 * SECOND })
  })

  it("C-303: that are being deleted are replaced at once, or waited for by podReplacementPolicy Failed", () => {
    const leaving = [pod("a", { deleted: true })]
    expect(plan(job(), leaving, { backoff: { failuresAfterLastSuccess: 0, lastFailure: undefined } })).toMatchObject({
      what: "wait"
    })
    expect(managePods(observe(job(), leaving), seconds(10))).toMatchObject({ what: "create", count: 1 })
    expect(managePods(observe(job({ podReplacementPolicy: "Failed" }), leaving), seconds(10))).toEqual({
      what: "nothing"
    })
  })

  it("those that are not as far go first", () => {
    const parallel = job({ completions: 9, parallelism: 1 })
    const pods = [
      pod("runs"),
      pod("waits", { phase: "Pending" }),
      pod("new", { phase: "Pending", spec: { nodeName: "" } })
    ]
    expect(names(plan(parallel, pods))).toEqual(["new", "waits"])
  })
})

describe("the pods of an indexed Job", () => {
  it("C-300: take the first indexes that neither run nor have succeeded nor failed", () => {
    const of = job(indexed(8, { parallelism: 3, backoffLimitPerIndex: 1 }), {
      completedIndexes: "0,2",
      failedIndexes: "3"
    })
    expect(plan(of, [pod("a", { index: 1 })])).toEqual({ what: "create", count: 2, indexes: [4, 5] })
  })

  it("C-300: pods with an index twice, without one, or with one too high go first", () => {
    const of = job(indexed(2, { parallelism: 2 }))
    const pods = [
      ...[pod("a", { index: 0 }), pod("twice", { index: 0, phase: "Pending" })],
      ...[pod("none"), pod("high", { index: 2 })]
    ]
    expect([...names(plan(of, pods))].sort()).toEqual(["high", "none", "twice"])
  })

  it("C-302: each index waits for its own back-off", () => {
    const of = job(indexed(3, { backoffLimitPerIndex: 5 }))
    const failed = (index: number, since: number, failures = 0) =>
      pod(`f${index}`, {
        phase: "Failed",
        index,
        finishedAt: seconds(-since),
        annotations: { "batch.kubernetes.io/job-index-failure-count": `${failures}` }
      })
    expect(plan(of, [failed(0, 3), failed(1, 5, 1), failed(2, 10)])).toEqual({ what: "create", count: 1, indexes: [2] })
    expect(plan(of, [failed(0, 3), failed(1, 5, 1), pod("a", { index: 2 })])).toEqual({
      what: "wait",
      delay: 7 * SECOND
    })
  })

  it("C-303: an index whose pod is being deleted is free only if that pod is not waited for", () => {
    const leaving = [pod("a", { index: 0, deleted: true })]
    const at = (more: object) => managePods(observe(job(indexed(2, { parallelism: 2, ...more })), leaving), seconds(10))
    expect(at({})).toMatchObject({ indexes: [0, 1] })
    expect(at({ podReplacementPolicy: "Failed" })).toMatchObject({ indexes: [1] })
  })

  it("C-300: the pending indexes are those that are not taken, in order", () => {
    const taken = fc.uniqueArray(fc.nat({ max: 30 }))
    fc.assert(
      fc.property(taken, fc.nat({ max: 25 }), fc.nat({ max: 30 }), (indexes, completions, most) => {
        const free = Array.from({ length: completions }, (_, i) => i).filter((index) => !indexes.includes(index))
        expect(pendingIndexes(withIndexes([], indexes), completions, most)).toEqual(free.slice(0, most))
      })
    )
  })
})
