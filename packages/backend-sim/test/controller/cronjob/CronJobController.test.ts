/** After `pkg/controller/cronjob/cronjob_controllerv2_test.go`, in a control plane that begins at midnight. */
import { type JsonObject, type KubernetesObject, later, SECOND, toTime } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { START, TestControlPlane } from "../TestControlPlane.ts"

const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "app:1" }] } }

/** Its Jobs end when `finish` says so. */
const manifest = (spec: JsonObject = {}): JsonObject => ({
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "c" },
  spec: { schedule: "*/5 * * * *", jobTemplate: { spec: { template } }, ...spec }
})

const MINUTE = 60
const minuteOf = (n: number): string => `c-${START / SECOND / MINUTE + n}`

class CronJobs extends TestControlPlane {
  jobs(): ReadonlyArray<string> {
    return this.list("Job").map(({ metadata }) => metadata.name)
  }

  status(): JsonObject {
    return this.get("CronJob", "c")["status"] as JsonObject
  }

  active(): ReadonlyArray<string> {
    const active = (this.status()["active"] ?? []) as ReadonlyArray<{ readonly name: string }>
    return active.map(({ name }) => name)
  }

  /** Its pods ended so. */
  finish(job: string, phase: "Succeeded" | "Failed" = "Succeeded"): this {
    for (const pod of this.list("Pod"))
      if (pod.metadata.ownerReferences?.[0]?.name === job)
        this.patch("Pod", pod.metadata.name, { status: { phase } }, "status")
    return this.run(3)
  }

  /** Events that are not the Jobs'. */
  told(): ReadonlyArray<string> {
    return this.events.filter((event) => !/Created pod|Deleted pod|Job completed|backoff limit/.test(event))
  }

  /** Until so many minutes and a second after midnight. */
  until(minutes: number): this {
    this.engine.runUntil(later(START, (minutes * MINUTE + 1) * SECOND))
    return this
  }
}

const given = (spec: JsonObject = {}): CronJobs => {
  const cluster = new CronJobs()
  cluster.create(manifest(spec))
  return cluster.run(1)
}

describe("the CronJob controller", () => {
  it("C-313, C-314: makes a Job 100 ms after each time that is due", () => {
    const cluster = given()
    const moments: Array<number> = []
    cluster.store.watch((change, { kind }) => {
      if (kind === "Job" && change === "ADDED") moments.push((cluster.engine.now - START) / SECOND)
    })
    cluster.until(10)
    expect(cluster.jobs()).toEqual([minuteOf(5), minuteOf(10)])
    expect(moments.map((at) => Math.round(at * 10) / 10)).toEqual([300.1, 600.1])
    expect(cluster.status()).toMatchObject({ lastScheduleTime: toTime(later(START, 600 * SECOND)) })
    expect(cluster.active()).toEqual([minuteOf(5), minuteOf(10)])
    expect(cluster.told()).toEqual([
      `SuccessfulCreate: Created job ${minuteOf(5)}`,
      `SuccessfulCreate: Created job ${minuteOf(10)}`
    ])
  })

  it("C-317: says which Job has ended and how, and when one last succeeded", () => {
    const cluster = given({ jobTemplate: { spec: { backoffLimit: 0, template } } })
    cluster.until(5).finish(minuteOf(5))
    expect(cluster.active()).toEqual([])
    expect(cluster.told()).toContain(`SawCompletedJob: Saw completed job: ${minuteOf(5)}, condition: Complete`)
    expect(cluster.status()["lastSuccessfulTime"]).toBe(completionOf(cluster))
    cluster.until(10).finish(minuteOf(10), "Failed")
    expect(cluster.told()).toContain(`SawCompletedJob: Saw completed job: ${minuteOf(10)}, condition: Failed`)
    expect(cluster.status()["lastSuccessfulTime"]).toBe(completionOf(cluster))
  })

  it("C-318: keeps three that succeeded and one that failed", () => {
    const cluster = given({ jobTemplate: { spec: { backoffLimit: 0, template } } })
    for (const n of [5, 10, 15, 20]) cluster.until(n).finish(minuteOf(n))
    expect(cluster.jobs()).toEqual([10, 15, 20].map(minuteOf))
    expect(cluster.told()).toContain(`SuccessfulDelete: Deleted job ${minuteOf(5)}`)
    for (const n of [25, 30]) cluster.until(n).finish(minuteOf(n), "Failed")
    expect(cluster.jobs()).toEqual([10, 15, 20, 30].map(minuteOf))
    // What it deletes takes its pods along.
    expect(cluster.list("Pod").length).toBe(4)
  })

  it("C-317: Forbid: no second Job beside one that runs; when it has ended the latest time is served", () => {
    const cluster = given({ concurrencyPolicy: "Forbid" })
    cluster.until(16)
    expect(cluster.jobs()).toEqual([minuteOf(5)])
    expect(cluster.told().filter((event) => event.startsWith("JobAlreadyActive"))).toEqual(
      new Array(2).fill(
        "JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid"
      )
    )
    cluster.finish(minuteOf(5))
    expect(cluster.jobs()).toEqual([minuteOf(5), minuteOf(15)])
  })

  it("C-317: Replace: the Job that runs is deleted for the next one", () => {
    const cluster = given({ concurrencyPolicy: "Replace" })
    cluster.until(11)
    expect(cluster.jobs()).toEqual([minuteOf(10)])
    expect(cluster.active()).toEqual([minuteOf(10)])
    expect(cluster.told()).toEqual([
      `SuccessfulCreate: Created job ${minuteOf(5)}`,
      `SuccessfulDelete: Deleted job ${minuteOf(5)}`,
      `SuccessfulCreate: Created job ${minuteOf(10)}`
    ])
  })

  it("C-315: of many times that were missed only the latest is served", () => {
    const cluster = given({ suspend: true })
    cluster.until(62)
    expect(cluster.jobs()).toEqual([])
    cluster.patch("CronJob", "c", { spec: { suspend: false } })
    cluster.run(1)
    expect(cluster.jobs()).toEqual([minuteOf(60)])
  })

  it("C-315: more than 100 that were missed are told, and the latest is served", () => {
    const cluster = given({ schedule: "* * * * *", suspend: true })
    cluster.until(150)
    cluster.patch("CronJob", "c", { spec: { suspend: false } })
    cluster.run(1)
    expect(cluster.jobs()).toEqual([minuteOf(150)])
    const advice = "Set or decrease .spec.startingDeadlineSeconds or check clock skew"
    expect(cluster.told()).toContain(`TooManyMissedTimes: too many missed start times. ${advice}`)
  })

  it("C-316: what is later than its deadline is not started", () => {
    const cluster = given({ concurrencyPolicy: "Forbid", startingDeadlineSeconds: 30 })
    cluster.until(10)
    cluster.finish(minuteOf(5))
    expect(cluster.jobs()).toEqual([minuteOf(5), minuteOf(10)])
    const late = given({ concurrencyPolicy: "Forbid", startingDeadlineSeconds: 30 })
    late.until(12)
    late.finish(minuteOf(5))
    late.until(14)
    expect(late.jobs()).toEqual([minuteOf(5)])
  })

  it("C-313: in its zone", () => {
    // 05:35 in Kolkata is five minutes after midnight in UTC.
    const cluster = given({ schedule: "35 5 * * *", timeZone: "Asia/Kolkata" })
    cluster.until(6)
    expect(cluster.jobs()).toEqual([minuteOf(5)])
    expect(cluster.get("Job", minuteOf(5)).metadata.annotations).toEqual({
      "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-01-01T05:35:00+05:30"
    })
  })

  it("a schedule that is changed counts from then on", () => {
    const cluster = given({ schedule: "0 12 * * *" })
    cluster.until(2)
    cluster.patch("CronJob", "c", { spec: { schedule: "*/10 * * * *" } })
    cluster.until(10)
    expect(cluster.jobs()).toEqual([minuteOf(10)])
  })

  it("C-317: a schedule that no day meets is told once, and looked at no more", () => {
    const cluster = given({ schedule: "59 23 31 2 *" })
    cluster.until(600)
    const why = "time difference between two schedules is less than 1 second"
    expect(cluster.told()).toEqual([`InvalidSchedule: invalid schedule: 59 23 31 2 * : ${why}`])
  })

  it("C-317: a Job that goes missing is active no more, and told", () => {
    const cluster = given({ concurrencyPolicy: "Forbid" })
    cluster.until(5)
    cluster.delete("Job", minuteOf(5), { propagationPolicy: "Background" })
    cluster.run(2)
    expect(cluster.active()).toEqual([])
    expect(cluster.told()).toContain(`MissingJob: Active job went missing: ${minuteOf(5)}`)
  })

  it("C-317: a Job that somebody else gives it is told", () => {
    const cluster = given()
    const { apiVersion, kind, metadata } = cluster.get("CronJob", "c")
    const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "", controller: true }
    cluster.create({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "mine", ownerReferences: [owner] },
      spec: { template }
    })
    cluster.run(1)
    const message = "Saw a job that the controller did not create or forgot: mine"
    expect(cluster.told()).toContain(`UnexpectedJob: ${message}`)
  })

  it("C-317: somebody else's Job of the name is left alone", () => {
    const cluster = given()
    cluster.create({ apiVersion: "batch/v1", kind: "Job", metadata: { name: minuteOf(5) }, spec: { template } })
    cluster.until(6)
    expect(cluster.active()).toEqual([])
    expect(cluster.told()).toEqual([])
  })

  it("C-317: a Job that is refused is told, and tried again", () => {
    const hostname = { ...template.spec, hostname: "h" }
    const cluster = given({ jobTemplate: { spec: { template: { spec: hostname } } } })
    const refuse = cluster.api.create.bind(cluster.api)
    let refusals = 2
    cluster.api.create = (object: KubernetesObject, namespace: string) => {
      if (object.kind !== "Job" || refusals === 0) return refuse(object, namespace)
      refusals--
      const body = {
        kind: "Status",
        apiVersion: "v1",
        status: "Failure",
        message: "no",
        reason: "Forbidden",
        code: 403
      }
      return { status: 403, body }
    }
    cluster.until(5)
    expect(cluster.told()).toEqual([
      "FailedCreate: Error creating job: no",
      "FailedCreate: Error creating job: no",
      `SuccessfulCreate: Created job ${minuteOf(5)}`
    ])
  })

  it("a CronJob that is deleted takes its Jobs and their pods along", () => {
    const cluster = given()
    cluster.until(6)
    cluster.delete("CronJob", "c")
    cluster.run(5)
    expect([...cluster.list("CronJob"), ...cluster.list("Job"), ...cluster.list("Pod")]).toEqual([])
  })

  it("idle time costs nothing: in a year of which one minute is due little happens", () => {
    const cluster = given({ schedule: "0 0 31 12 *" })
    const before = cluster.log.length
    let steps = 0
    while (!cluster.engine.runUntil(later(START, 360 * 86_400 * SECOND), 1)) steps++
    expect(cluster.log.length).toBe(before)
    expect(steps).toBeLessThan(10)
  })
})

const completionOf = (cluster: CronJobs): string =>
  (cluster.get("Job", minuteOf(5))["status"] as { readonly completionTime: string }).completionTime
