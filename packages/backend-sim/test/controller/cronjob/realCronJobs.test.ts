/**
 * Three CronJobs, due every minute, as a real control plane of Kubernetes 1.36.3 ran them for seven minutes, without nodes:
 * `realCronJobs.json` holds every status that its watch showed (minutes instead of times and Jobs' names) and the Events. How often an
 * Event of a completed Job is told twice is a race there, too, so counts are left out.
 */
import { readFileSync } from "node:fs"
import { type CronJobStatus, isPod, type KubernetesObject, later, parseInstant, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { START, TestControlPlane } from "../TestControlPlane.ts"

interface Status {
  readonly active: ReadonlyArray<number>
  readonly served?: number
  readonly succeeded?: number
}

const recorded: {
  readonly [name: string]: { readonly statuses: ReadonlyArray<Status>; readonly events: ReadonlyArray<string> }
} = JSON.parse(readFileSync(`${import.meta.dirname}/realCronJobs.json`, "utf8"))

const MINUTE = 60 * SECOND

const minuteOf = (time: string): number => Math.floor(((parseInstant(time) ?? START) - START) / MINUTE)
const numberOf = (job: string): number => Number(job.slice(job.indexOf("-") + 1)) - START / MINUTE

const comparable = ({ active = [], lastScheduleTime, lastSuccessfulTime }: CronJobStatus): Status => ({
  active: active.map(({ name }) => numberOf(name)),
  ...(lastScheduleTime === undefined ? {} : { served: minuteOf(lastScheduleTime) }),
  ...(lastSuccessfulTime === undefined ? {} : { succeeded: minuteOf(lastSuccessfulTime) })
})

/** After so many seconds the pods of a CronJob succeeded; those of `r` never did. */
const lifetimes: { readonly [name: string]: number } = { a: 16, f: 76 }

const policies: { readonly [name: string]: string } = { a: "Allow", f: "Forbid", r: "Replace" }

class Replayed extends TestControlPlane {
  readonly statuses = new Map<string, Array<Status>>()
  readonly told = new Map<string, Set<string>>()

  constructor() {
    super()
    this.store.watch((change, object) => this.#seen(change, object))
    this.run(55)
    const spec = { restartPolicy: "Never", containers: [{ name: "main", image: "busybox:1" }] }
    for (const [name, concurrencyPolicy] of Object.entries(policies))
      this.create({
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name },
        spec: { schedule: "*/1 * * * *", concurrencyPolicy, jobTemplate: { spec: { template: { spec } } } }
      })
    this.engine.runUntil(later(START, 7 * MINUTE + 5 * SECOND))
  }

  #seen(change: string, object: KubernetesObject): void {
    const { kind, metadata } = object
    if (kind === "Event") return this.#seenEvent(object)
    if (kind === "CronJob") {
      const known = this.statuses.get(metadata.name) ?? []
      const next = comparable(object["status"] as CronJobStatus)
      if (JSON.stringify(known.at(-1)) !== JSON.stringify(next)) known.push(next)
      this.statuses.set(metadata.name, known)
    }
    const lifetime = lifetimes[metadata.name.split("-")[0] ?? ""]
    if (!isPod(object) || change !== "ADDED" || lifetime === undefined) return
    this.engine.schedule(`test/${metadata.name}`, later(this.engine.now, lifetime * SECOND), () => {
      this.patch("Pod", metadata.name, { status: { phase: "Succeeded" } }, "status")
    })
  }

  #seenEvent(event: KubernetesObject): void {
    const { kind, name } = event["involvedObject"] as { readonly kind: string; readonly name: string }
    if (kind !== "CronJob") return
    const known = this.told.get(name) ?? new Set<string>()
    const message = String(event["message"]).replace(/(?<=\b[afr]-)\d+/, (minute) => `#${numberOf(`x-${minute}`)}`)
    known.add(`${event["reason"]}: ${message}`)
    this.told.set(name, known)
  }
}

describe("real CronJobs", () => {
  const cluster = new Replayed()

  it.each([
    ["C-313, C-317, C-318: Allow: served every minute, three that succeeded are kept", "a"],
    ["C-317: Forbid: the latest time is served when the last Job has ended", "f"],
    ["C-317: Replace: the Job that runs is deleted", "r"]
  ])("%s", (_, name) => {
    expect(cluster.statuses.get(name)).toEqual(recorded[name]?.statuses)
    expect([...(cluster.told.get(name) ?? [])].sort()).toEqual(recorded[name]?.events)
  })
})
