/**
 * One look at one Job: its pods are made or deleted, counted and released, and its status says so
 * (`pkg/controller/job/job_controller.go`, syncJob; C-304…C-310).
 */
import {
  type BackoffRecord,
  type Claimed,
  completed,
  countReleased,
  ensureCondition,
  type Finish,
  finishedStatus,
  isSuspended,
  type JobObject,
  type JobStatus,
  jobCondition,
  jobOutcome,
  type Micros,
  managePods,
  type ObservedJob,
  observeJob,
  parseInstant,
  SECOND,
  timeToDeadline,
  tooManySucceeded,
  toTime,
  trackStatus
} from "@kubereel/core"
import { storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import type { ConsistencyStore } from "../ConsistencyStore.ts"
import { type ControllerTools, eventAbout } from "../ControllerContext.ts"
import { keyOf } from "../keys.ts"
import type { JobPodControl } from "./JobPodControl.ts"

/** Pods that fail are not replaced sooner than they are looked at. */
const SHORTEST_DELAY: Micros = SECOND

export interface JobSyncOptions {
  readonly tools: ControllerTools
  readonly written: ConsistencyStore
  readonly pods: JobPodControl
  readonly wake: (key: string, delay: Micros) => void
}

/** What the controller has to remember of a sync. */
export interface JobSynced {
  readonly failed: boolean
  readonly finished?: boolean
  /** Absent: what was known before still holds. */
  readonly backoff?: BackoffRecord
}

/** What was done about the pods, and what the status is to say of it. */
interface Acted {
  readonly active: number
  readonly ready: number
  readonly terminating: number
  readonly failed: boolean
  readonly status: JobStatus
  readonly finish: Finish | undefined
}

type Numbers = Pick<Acted, "active" | "ready" | "terminating" | "failed">

const suspended = { type: "Suspended", reason: "JobSuspended", message: "Job suspended" }
const resumed = { type: "Suspended", reason: "JobResumed", message: "Job resumed" }

export class JobSync {
  readonly #o: JobSyncOptions

  constructor(options: JobSyncOptions) {
    this.#o = options
  }

  /** `satisfied`: the caches show all pods that were made and deleted before. */
  *run(job: JobObject, claimed: Claimed, satisfied: boolean): Course<JobSynced> {
    const { engine } = this.#o.tools
    const { now } = engine
    const observed = observeJob(job, claimed)
    const { startTime } = job.status
    const startedAt = startTime === undefined ? (isSuspended(job) ? undefined : now) : parseInstant(startTime)
    const status = {
      ...job.status,
      uncountedTerminatedPods: job.status.uncountedTerminatedPods ?? {},
      ...(startedAt === undefined ? {} : { startTime: startTime ?? toTime(now) })
    }
    const deadline = timeToDeadline(job, startedAt, now)
    const outcome = jobOutcome(observed, deadline)
    if (outcome === undefined && deadline !== undefined) this.#o.wake(keyOf(job), deadline)
    const acted =
      outcome === undefined
        ? yield* this.#manage(observed, status, satisfied)
        : yield* this.#end(observed, status, satisfied ? outcome : undefined)
    return yield* this.#track(observed, acted)
  }

  /** Whoever still runs is deleted; `outcome` counts only if nobody was overlooked. */
  *#end(observed: ObservedJob, status: JobStatus, outcome: Finish | undefined): Course<Acted> {
    const { active, ready, terminating } = observed
    const deleted = yield* this.#o.pods.deleteActive(observed)
    return {
      active: active.length - deleted.pods,
      ready: ready - deleted.ready,
      terminating: terminating + deleted.pods,
      failed: deleted.failed,
      status,
      finish: deleted.pods === active.length ? outcome : undefined
    }
  }

  *#manage(observed: ObservedJob, status: JobStatus, satisfied: boolean): Course<Acted> {
    const { active, job, ready, terminating } = observed
    const managed = satisfied && job.metadata.deletionTimestamp === undefined
    const numbers = managed
      ? yield* this.#managePods(observed)
      : { active: active.length, ready, terminating, failed: false }
    const finish = completed(observed, numbers.active)
    const told = managed && finish === undefined ? this.#tellSuspension(job, status) : status
    return { ...numbers, status: told, finish }
  }

  /** manageJob. */
  *#managePods(observed: ObservedJob): Course<Numbers> {
    const { pods, tools, wake } = this.#o
    const { job, ready, terminating } = observed
    const active = observed.active.length
    const plan = managePods(observed, tools.engine.now)
    switch (plan.what) {
      case "nothing":
        break
      case "wait":
        wake(keyOf(job), Math.max(plan.delay, SHORTEST_DELAY))
        break
      case "delete": {
        const deleted = yield* pods.deleteUncounted(plan.pods, job)
        return {
          active: active - deleted.pods,
          ready: ready - deleted.ready,
          terminating: terminating + deleted.pods,
          failed: deleted.failed
        }
      }
      case "create": {
        const { failed, made } = yield* pods.create(observed, plan.count, plan.indexes)
        return { active: active + made, ready, terminating, failed }
      }
    }
    return { active, ready, terminating, failed: false }
  }

  /** The condition, its Event, and a start time that counts active time only. */
  #tellSuspension(job: JobObject, status: JobStatus): JobStatus {
    const { engine, events } = this.#o.tools
    const [told, holds] = isSuspended(job) ? [suspended, "True" as const] : [resumed, "False" as const]
    const before = status.conditions ?? []
    const conditions = ensureCondition(before, jobCondition(told, holds, engine.now))
    if (conditions === before) return status
    events.record(eventAbout(job, "Normal", holds === "True" ? "Suspended" : "Resumed", told.message))
    const { startTime: _, ...rest } = status
    return { ...rest, conditions, ...(holds === "True" ? {} : { startTime: toTime(engine.now) }) }
  }

  /** trackJobStatusAndRemoveFinalizers. */
  *#track(observed: ObservedJob, { active, failed, finish, ready, status, terminating }: Acted): Course<JobSynced> {
    const { engine } = this.#o.tools
    const { job } = observed
    const tracked = trackStatus(observed, { ...status, active, ready, terminating }, finish, engine.now)
    const before = job.status
    const toWrite =
      tracked.changed ||
      status.conditions !== before.conditions ||
      active !== (before.active ?? 0) ||
      ready !== before.ready ||
      terminating !== before.terminating
    const current = { ...job, status: tracked.status }
    const stored = toWrite ? yield* this.#putStatus(current) : current
    if (stored === undefined) return { failed: true }
    const remembered = toWrite ? { backoff: observed.backoff } : {}
    const held = new Set(tracked.held)
    const released = yield* this.#o.pods.releaseAll(tracked.release, keyOf(job))
    for (const [i, pod] of tracked.release.entries()) if (released[i] === true) held.delete(pod.metadata.uid ?? "")
    const counted = countReleased(stored.status, held)
    if (released.includes(false)) {
      if (counted !== stored.status) yield* this.#putStatus({ ...stored, status: counted })
      return { ...remembered, failed: true }
    }
    const ended = finishedStatus(counted, tracked, terminating, engine.now)
    const last = ended ?? counted
    if (last === stored.status) return { ...remembered, failed }
    if ((yield* this.#putStatus({ ...stored, status: last })) === undefined) return { ...remembered, failed: true }
    if (ended !== undefined && tracked.finish !== undefined) this.#tellEnd({ ...stored, status: ended }, tracked.finish)
    return { ...remembered, failed, finished: ended !== undefined }
  }

  *#putStatus(job: JobObject): Course<JobObject | undefined> {
    const { tools, written } = this.#o
    const stored = storedOf(yield* tools.client.update(job, "status"))
    if (stored === undefined) return undefined
    written.wroteAt(keyOf(job), job.metadata.uid ?? "", stored)
    return stored as JobObject
  }

  /** recordJobFinished. */
  #tellEnd(job: JobObject, { message, reason, type }: Finish): void {
    const { events } = this.#o.tools
    if (type !== "Complete") return events.record(eventAbout(job, "Warning", reason, message))
    if (tooManySucceeded(job, job.status)) {
      const many = "Too many succeeded pods running after completion count reached"
      events.record(eventAbout(job, "Warning", "TooManySucceededPods", many))
    }
    events.record(eventAbout(job, "Normal", "Completed", "Job completed"))
  }
}
