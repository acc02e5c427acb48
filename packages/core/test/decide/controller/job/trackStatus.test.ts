/** After `TestTrackJobStatusAndRemoveFinalizers` of `pkg/controller/job/job_controller_test.go`. */
import { describe, expect, it } from "vitest"
import type { Finish } from "../../../../src/decide/controller/job/jobConditions.ts"
import { countReleased, finishedStatus, trackStatus } from "../../../../src/decide/controller/job/trackStatus.ts"
import { toTime } from "../../../../src/event/Instant.ts"
import { indexed, job, NOW, observe, pod, seconds } from "./jobs.ts"

const met: Finish = { type: "SuccessCriteriaMet", reason: "CompletionsReached", message: "enough" }
const target: Finish = { type: "FailureTarget", reason: "BackoffLimitExceeded", message: "too many" }

const track = (of: ReturnType<typeof job>, pods: ReadonlyArray<ReturnType<typeof pod>>, finish?: Finish) =>
  trackStatus(observe(of, pods), of.status, finish, NOW)

const names = (pods: ReadonlyArray<{ readonly metadata: { readonly name: string } }>) =>
  pods.map(({ metadata }) => metadata.name)

describe("how a Job counts its pods", () => {
  it("C-307: first the status names those that ended, then their finalizers go, then they are counted", () => {
    const pods = [pod("a", { phase: "Succeeded" }), pod("b", { phase: "Failed" }), pod("c")]
    const tracked = track(job({ completions: 3 }), pods)
    expect(tracked.changed).toBe(true)
    expect(tracked.status.uncountedTerminatedPods).toEqual({ succeeded: ["uid-a"], failed: ["uid-b"] })
    expect(names(tracked.release)).toEqual(["a", "b"])
    expect(countReleased(tracked.status, tracked.held)).toBe(tracked.status)
    expect(countReleased(tracked.status, new Set(["uid-b", "uid-c"]))).toMatchObject({
      succeeded: 1,
      uncountedTerminatedPods: { succeeded: [], failed: ["uid-b"] }
    })
    expect(countReleased(tracked.status, new Set(["uid-c"]))).toMatchObject({ succeeded: 1, failed: 1 })
  })

  it("C-307: who lost the finalizer in an earlier sync is counted without being named again", () => {
    const of = job({ completions: 3 }, { uncountedTerminatedPods: { succeeded: ["uid-a"], failed: ["uid-gone"] } })
    const tracked = track(of, [pod("a", { phase: "Succeeded", counted: true })])
    expect(tracked.status).toMatchObject({ succeeded: 1, failed: 1 })
    expect(tracked.release).toEqual([])
  })

  it("C-307: a finalizer that is known to be gone counts as gone though the cache still shows it", () => {
    const of = job({ completions: 3 }, { uncountedTerminatedPods: { succeeded: ["uid-a"] } })
    const observed = observe(of, [pod("a", { phase: "Succeeded" })], { released: new Set(["uid-a"]) })
    expect(trackStatus(observed, of.status, undefined, NOW)).toMatchObject({ status: { succeeded: 1 }, release: [] })
  })

  it("C-307: success is announced with the last pods, and told when nothing is left", () => {
    const tracked = track(job(), [pod("a", { phase: "Succeeded" })], met)
    expect(tracked.status.conditions).toMatchObject([{ type: "SuccessCriteriaMet", status: "True", message: "enough" }])
    expect(finishedStatus(tracked.status, tracked, 0, NOW)).toBe(undefined)
    const counted = countReleased(tracked.status, new Set())
    const ended = finishedStatus(counted, tracked, 0, seconds(1))
    expect(ended).toMatchObject({ succeeded: 1, completionTime: toTime(NOW) })
    expect(ended?.conditions?.map(({ type }) => type)).toEqual(["SuccessCriteriaMet", "Complete"])
  })

  it("C-307: when a Job failed all that had not ended count as failed, and it has no completion time", () => {
    const tracked = track(job(), [pod("a", { deleted: true }), pod("b")], target)
    expect(tracked.status.uncountedTerminatedPods).toEqual({ succeeded: [], failed: ["uid-a", "uid-b"] })
    const ended = finishedStatus(countReleased(tracked.status, new Set()), tracked, 0, NOW)
    expect(ended?.conditions?.map(({ type }) => type)).toEqual(["FailureTarget", "Failed"])
    expect(ended).not.toHaveProperty("completionTime")
  })

  it("C-307: by a success policy pods that still run are released and not counted", () => {
    const of = job(indexed(2, { successPolicy: { rules: [{ succeededCount: 1 }] } }))
    const pods = [pod("a", { phase: "Succeeded", index: 0 }), pod("b", { index: 1 })]
    const tracked = track(of, pods, { ...met, reason: "SuccessPolicy" })
    expect(names(tracked.release)).toEqual(["a", "b"])
    expect(tracked.status).toMatchObject({ completedIndexes: "0", succeeded: 1 })
    expect(tracked.status.uncountedTerminatedPods).toEqual({ succeeded: [], failed: [] })
  })

  it("C-308: it is not over while pods are uncounted or still end", () => {
    const tracked = track(job(), [], target)
    expect(finishedStatus(tracked.status, tracked, 1, NOW)).toBe(undefined)
    const uncounted = { ...tracked.status, uncountedTerminatedPods: { failed: ["x"] } }
    expect(finishedStatus(uncounted, tracked, 0, NOW)).toBe(undefined)
    expect(finishedStatus(tracked.status, tracked, 0, NOW)).toBeDefined()
  })

  it("C-312: at most 500 are named at a time, and it is not over before the others", () => {
    const pods = Array.from({ length: 600 }, (_, i) => pod(`p${i}`, { phase: "Succeeded" }))
    const tracked = track(job({ completions: 600 }), pods, met)
    expect(tracked.release.length).toBe(500)
    expect(tracked.status.uncountedTerminatedPods?.succeeded?.length).toBe(500)
    expect(finishedStatus(countReleased(tracked.status, new Set()), tracked, 0, NOW)).toBe(undefined)
  })

  it("C-300: an indexed Job names indexes, each once, and no UIDs", () => {
    const of = job(indexed(5), { completedIndexes: "0", succeeded: 1 })
    const again = pod("again", { phase: "Succeeded", index: 0 })
    const pods = [pod("c", { phase: "Succeeded", index: 3 }), pod("b", { phase: "Succeeded", index: 1 }), again]
    const tracked = track(of, pods)
    expect(tracked.status).toMatchObject({ completedIndexes: "0,1,3", succeeded: 3 })
    expect(tracked.status.uncountedTerminatedPods).toEqual({ succeeded: [], failed: [] })
    expect(names(tracked.release)).toEqual(["again", "b", "c"])
  })

  it("C-302: the last failed pod of an index keeps its finalizer until its successor has its counts", () => {
    const of = job(indexed(2, { backoffLimitPerIndex: 3 }))
    const failed = pod("a", { phase: "Failed", index: 0 })
    expect(track(of, [failed]).release).toEqual([])
    expect(names(track(of, [failed, pod("b", { index: 0 })]).release)).toEqual(["a"])
  })

  it("C-303: ignored failures are released and not counted", () => {
    const podFailurePolicy = { rules: [{ action: "Ignore", onExitCodes: { operator: "In", values: [1] } }] }
    const tracked = track(job({ podFailurePolicy }), [pod("a", { phase: "Failed" })])
    expect(names(tracked.release)).toEqual(["a"])
    expect(tracked.changed).toBe(false)
  })

  it("of a Job that is being deleted everything is released", () => {
    const of = job()
    const leaving = { ...of, metadata: { ...of.metadata, deletionTimestamp: toTime(NOW) } }
    expect(names(track(leaving, [pod("a")]).release)).toEqual(["a"])
  })
})
