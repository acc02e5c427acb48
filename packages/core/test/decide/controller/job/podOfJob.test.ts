import { describe, expect, it } from "vitest"
import { podOfJob } from "../../../../src/decide/controller/job/podOfJob.ts"
import { indexed, job, pod } from "./jobs.ts"

const named = (name: string, completions: number) => {
  const made = job(indexed(completions))
  return { ...made, metadata: { ...made.metadata, name } }
}

describe("a pod of a Job", () => {
  it("C-300: carries the tracking finalizer, and is the Job's", () => {
    const { metadata } = podOfJob(job(), undefined, undefined)
    expect(metadata).toMatchObject({
      generateName: "j-",
      finalizers: ["batch.kubernetes.io/job-tracking"],
      labels: { "batch.kubernetes.io/job-name": "j", "batch.kubernetes.io/controller-uid": "job-uid" },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "j", uid: "job-uid", controller: true }]
    })
  })

  it("C-300: of an indexed one has its index in name, host name, label, annotation and environment", () => {
    const made = podOfJob(named("j", 12), 11, undefined)
    expect(made.metadata).toMatchObject({
      generateName: "j-11-",
      labels: { "batch.kubernetes.io/job-completion-index": "11" },
      annotations: { "batch.kubernetes.io/job-completion-index": "11" }
    })
    const fieldPath = "metadata.labels['batch.kubernetes.io/job-completion-index']"
    expect(made["spec"]).toMatchObject({
      hostname: "j-11",
      containers: [{ env: [{ name: "JOB_COMPLETION_INDEX", valueFrom: { fieldRef: { fieldPath } } }] }]
    })
  })

  it("C-300: its name is cut so that the index stays", () => {
    const { generateName = "" } = podOfJob(named("x".repeat(60), 200), 123, undefined).metadata
    expect(generateName).toBe(`${"x".repeat(53)}-123-`)
    expect(generateName.length).toBe(58)
  })

  it("C-300: a variable of that name that is there already stays as it is", () => {
    const env = [{ name: "JOB_COMPLETION_INDEX", value: "mine" }]
    const spec = { restartPolicy: "Never", containers: [{ name: "main", image: "app:1", env }] }
    expect(podOfJob(job(indexed(2, { template: { spec } })), 0, undefined)["spec"]).toMatchObject({
      containers: [{ env }]
    })
  })

  it("C-302: counts the failures of its index before it, the ignored ones apart", () => {
    const counts = (of: ReturnType<typeof job>, replaced: ReturnType<typeof pod> | undefined) => {
      const { annotations = {} } = podOfJob(of, 0, replaced).metadata
      const { "batch.kubernetes.io/job-completion-index": _, ...rest } = annotations
      return rest
    }
    const FAILURES = "batch.kubernetes.io/job-index-failure-count"
    const IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count"
    const of = job(indexed(2, { backoffLimitPerIndex: 3 }))
    const failed = pod("a", { phase: "Failed", index: 0, annotations: { [FAILURES]: "1" } })
    expect(counts(of, undefined)).toEqual({ [FAILURES]: "0" })
    expect(counts(of, failed)).toEqual({ [FAILURES]: "2" })
    const rules = [{ action: "Ignore", onExitCodes: { operator: "In", values: [1] } }]
    const ignoring = job(indexed(2, { backoffLimitPerIndex: 3, podFailurePolicy: { rules } }))
    expect(counts(ignoring, failed)).toEqual({ [FAILURES]: "1", [IGNORED]: "1" })
    expect(counts(job(indexed(2)), failed)).toEqual({})
  })
})
