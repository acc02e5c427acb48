/** One look at one CronJob (`pkg/controller/cronjob/cronjob_controllerv2.go`, sync, syncCronJob; C-315…C-318). */
import {
  type CronJobObject,
  type CronJobStatus,
  type CronSchedule,
  finishedCondition,
  type Instant,
  isControlledBy,
  isCronJob,
  isJob,
  isJobFinished,
  isJobSucceeded,
  type JobObject,
  type JobReference,
  jobNameAt,
  jobOfCronJob,
  jobsToCleanUp,
  type KubernetesObject,
  mostRecentScheduleTime,
  nextScheduleDelay,
  parseInstant,
  toTime,
  unknownTimeZone
} from "@kubereel/core"
import { Result } from "effect"
import { refusalOf, storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import type { Synced } from "../../client/WorkQueue.ts"
import { type ControllerTools, eventAbout } from "../ControllerContext.ts"
import { isNamespaceTerminating } from "../PodControl.ts"
import { scheduleOf } from "./scheduleOf.ts"

const referenceTo = ({ apiVersion, kind, metadata }: KubernetesObject): JobReference => ({
  kind,
  namespace: metadata.namespace ?? "",
  name: metadata.name,
  uid: metadata.uid ?? "",
  apiVersion,
  resourceVersion: metadata.resourceVersion ?? ""
})

/** `left`: somebody else looks after it, and will be heard. */
type Started = "done" | "retry" | "left"

export class CronJobSync {
  readonly #tools: ControllerTools
  readonly #jobs: ReadonlyArray<JobObject>
  /** What the cache knows of it, and what this sync makes of its status. */
  readonly #cached: CronJobObject
  #cronJob: CronJobObject
  #status: CronJobStatus
  #changed = false

  constructor(tools: ControllerTools, cronJob: CronJobObject, jobs: ReadonlyArray<JobObject>) {
    this.#tools = tools
    this.#jobs = jobs
    this.#cached = cronJob
    this.#cronJob = cronJob
    this.#status = cronJob.status
  }

  /**
   * What is to be written; `undefined`: nothing. The original writes the object that it read from its cache, so where it went on with a
   * newer one it is refused, and comes back.
   */
  get toWrite(): CronJobObject | undefined {
    if (!this.#changed) return undefined
    return this.#cronJob === this.#cached ? { ...this.#cached, status: this.#status } : this.#cached
  }

  *run(): Course<Synced> {
    for (const job of jobsToCleanUp(this.#cached, this.#jobs)) if (yield* this.#deleteJob(job)) this.#changed = true
    const { now } = this.#tools.engine
    for (const job of this.#jobs) if (!(yield* this.#look(job))) return "retry"
    yield* this.#dropMissing()
    const { metadata, spec } = this.#cronJob
    if (metadata.deletionTimestamp !== undefined) return undefined
    const unknown = unknownTimeZone(spec.timeZone ?? "")
    if (unknown !== undefined) {
      this.#tell("Warning", "UnknownTimeZone", `invalid timeZone: ${JSON.stringify(spec.timeZone)}: ${unknown}`)
      return undefined
    }
    if (spec.suspend === true) return undefined
    if (spec.schedule.includes("TZ")) this.#tellZoned()
    const schedule = scheduleOf(this.#cronJob)
    if (Result.isSuccess(schedule)) return yield* this.#serve(schedule.success, now)
    const message = `unparseable schedule: ${JSON.stringify(spec.schedule)} : ${schedule.failure}`
    this.#tell("Warning", "UnparseableSchedule", message)
    return undefined
  }

  #tell(type: "Normal" | "Warning", reason: string, message: string): void {
    this.#tools.events.record(eventAbout(this.#cronJob, type, reason, message))
  }

  #tellZoned(): void {
    const see = "see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details"
    const used = `CRON_TZ or TZ used in schedule ${JSON.stringify(this.#cronJob.spec.schedule)}`
    this.#tell("Warning", "UnsupportedSchedule", `${used} is not officially supported, ${see}`)
  }

  get #active(): ReadonlyArray<JobReference> {
    return this.#status.active ?? []
  }

  #drop(uid: string | undefined): void {
    this.#status = { ...this.#status, active: this.#active.filter((job) => job.uid !== uid) }
  }

  *#deleteJob({ metadata }: KubernetesObject): Course<boolean> {
    const of = { kind: "Job", namespace: metadata.namespace ?? "", name: metadata.name }
    const refusal = refusalOf(yield* this.#tools.client.delete(of, { propagationPolicy: "Background" }))
    if (refusal !== undefined) {
      this.#tell("Warning", "FailedDelete", `Deleted job: ${refusal.message}`)
      return false
    }
    this.#drop(metadata.uid)
    this.#tell("Normal", "SuccessfulDelete", `Deleted job ${metadata.name}`)
    return true
  }

  /** What a Job says of the CronJob: it has ended, or it was not known to run. `false`: try again. */
  *#look(job: JobObject): Course<boolean> {
    const { uid } = job.metadata
    const known = this.#active.some((active) => active.uid === uid)
    if (!isJobFinished(job)) return known || (yield* this.#unexpected(job))
    if (known) {
      this.#drop(uid)
      const condition = finishedCondition(job)?.type
      this.#tell("Normal", "SawCompletedJob", `Saw completed job: ${job.metadata.name}, condition: ${condition}`)
      this.#changed = true
    }
    const completed = parseInstant(job.status.completionTime ?? "")
    const last = parseInstant(this.#status.lastSuccessfulTime ?? "")
    if (!isJobSucceeded(job) || completed === undefined || (last !== undefined && completed <= last)) return true
    this.#status = { ...this.#status, lastSuccessfulTime: toTime(completed) }
    this.#changed = true
    return true
  }

  *#unexpected({ metadata }: JobObject): Course<boolean> {
    const { name, namespace = "" } = this.#cached.metadata
    const fresh = yield* this.#tools.client.get({ kind: "CronJob", namespace, name })
    if (fresh === undefined || !isCronJob(fresh)) return false
    if (fresh.status.active?.some(({ uid }) => uid === metadata.uid) === true) {
      this.#cronJob = fresh
      this.#status = fresh.status
      return true
    }
    const message = `Saw a job that the controller did not create or forgot: ${metadata.name}`
    this.#tell("Warning", "UnexpectedJob", message)
    return true
  }

  /** Jobs of which the cache knows nothing are asked for; what is gone is active no more. */
  *#dropMissing(): Course {
    const children = new Set(this.#jobs.map(({ metadata }) => metadata.uid))
    for (const { name, namespace = "", uid } of this.#active) {
      if (children.has(uid)) continue
      if ((yield* this.#tools.client.get({ kind: "Job", namespace, name })) !== undefined) continue
      this.#tell("Normal", "MissingJob", `Active job went missing: ${name}`)
      this.#drop(uid)
      this.#changed = true
    }
  }

  /** The latest time that was due is served, unless something speaks against it. */
  *#serve(schedule: CronSchedule, now: Instant): Course<Synced> {
    const missed = mostRecentScheduleTime(this.#current, schedule, now, true)
    if (missed.latest === undefined && missed.error !== undefined) {
      this.#tell("Warning", "InvalidSchedule", `invalid schedule: ${this.#cronJob.spec.schedule} : ${missed.error}`)
      return undefined
    }
    if (missed.how === "many" && missed.latest !== undefined) {
      const advice = "Set or decrease .spec.startingDeadlineSeconds or check clock skew"
      this.#tell("Warning", "TooManyMissedTimes", `too many missed start times. ${advice}`)
    }
    const due = missed.latest
    const started = due === undefined || this.#isServed(due) ? "done" : yield* this.#start(due)
    if (started !== "done") return started === "retry" ? "retry" : undefined
    return { after: nextScheduleDelay(this.#current, schedule, now) }
  }

  get #current(): CronJobObject {
    return { ...this.#cronJob, status: this.#status }
  }

  /**
   * Nothing is to be started for that time: it is done, or the last Job still runs. (That it is too late is never found here: times were
   * looked for no further back than the deadline reaches, so Kubernetes' Event MissSchedule never comes.)
   */
  #isServed(due: Instant): boolean {
    const name = jobNameAt(this.#cronJob, due)
    if (this.#active.some((job) => job.name === name) || this.#status.lastScheduleTime === toTime(due)) return true
    if (this.#cronJob.spec.concurrencyPolicy !== "Forbid" || this.#active.length === 0) return false
    const why = "Not starting job because prior execution is running and concurrency policy is Forbid"
    this.#tell("Normal", "JobAlreadyActive", why)
    return true
  }

  *#start(due: Instant): Course<Started> {
    const { client } = this.#tools
    if (this.#cronJob.spec.concurrencyPolicy === "Replace" && !(yield* this.#deleteActive())) return "retry"
    const wanted = jobOfCronJob(this.#cronJob, due)
    const namespace = this.#cronJob.metadata.namespace ?? ""
    const answer = yield* client.create(wanted, namespace)
    const refusal = refusalOf(answer)
    if (refusal?.reason === "AlreadyExists") return yield* this.#adoptExisting(wanted.metadata.name, due)
    if (refusal !== undefined) {
      if (!isNamespaceTerminating(refusal))
        this.#tell("Warning", "FailedCreate", `Error creating job: ${refusal.message}`)
      return "retry"
    }
    const made = storedOf(answer)
    if (made === undefined) return "retry"
    this.#tell("Normal", "SuccessfulCreate", `Created job ${made.metadata.name}`)
    this.#started(made, due)
    return "done"
  }

  #started(job: KubernetesObject, due: Instant): void {
    this.#status = {
      ...this.#status,
      active: [...this.#active, referenceTo(job)],
      lastScheduleTime: toTime(due)
    }
    this.#changed = true
  }

  /** It was made before, and only the status does not know it. Somebody else's Job of that name is left alone. */
  *#adoptExisting(name: string, due: Instant): Course<Started> {
    const namespace = this.#cronJob.metadata.namespace ?? ""
    const job = yield* this.#tools.client.get({ kind: "Job", namespace, name })
    if (job === undefined || !isJob(job)) return "retry"
    const known = this.#active.some(({ uid }) => uid === job.metadata.uid)
    if (known || !isControlledBy(job, this.#cronJob)) return "left"
    this.#started(job, due)
    return "done"
  }

  /** Replace: whoever still runs goes. */
  *#deleteActive(): Course<boolean> {
    for (const { name, namespace = "" } of this.#active) {
      const of = { kind: "Job", namespace, name }
      const job = yield* this.#tools.client.get(of)
      if (job === undefined) {
        this.#tell("Warning", "FailedGet", `Get job: jobs.batch ${JSON.stringify(name)} not found`)
        return false
      }
      if (!(yield* this.#deleteJob(job))) return false
      this.#changed = true
    }
    return true
  }
}
