/** Makes a Job whenever one is due, and clears old ones away (`pkg/controller/cronjob/cronjob_controllerv2.go`; C-313…C-318). */
import {
  type CronJobObject,
  controllerOf,
  isCronJob,
  isJob,
  type JobObject,
  jsonEqual,
  type KubernetesObject,
  nextScheduleDelay,
  type OwnerReference
} from "@kubereel/core"
import { Result } from "effect"
import { storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools, eventAbout } from "../ControllerContext.ts"
import { keyOf, resolveControllerRef, splitKey } from "../keys.ts"
import { CronJobSync } from "./CronJobSync.ts"
import { scheduleOf } from "./scheduleOf.ts"

const WORKERS = 5
const BY_CRON_JOB = "cronJob"

class CronJobController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync: (key) => this.#sync(key) })
    informers.index("Job", BY_CRON_JOB, (job) => {
      const owner = controllerOf(job)
      return owner === undefined ? [] : [`${job.metadata.namespace}/${owner.name}`]
    })
    informers.on("Job", {
      added: (job) => this.#wakeOwner(job, controllerOf(job)),
      updated: (job, old) => this.#jobUpdated(job, old),
      deleted: (job) => this.#wakeOwner(job, controllerOf(job))
    })
    informers.on("CronJob", {
      added: (cronJob) => this.#queue.add(keyOf(cronJob)),
      updated: (cronJob, old) => isCronJob(cronJob) && isCronJob(old) && this.#updated(cronJob, old),
      deleted: (cronJob) => this.#queue.add(keyOf(cronJob))
    })
  }

  #wakeOwner(job: KubernetesObject, owner: OwnerReference | undefined): void {
    const found = resolveControllerRef(this.#tools.informers, "CronJob", job.metadata.namespace, owner)
    if (found !== undefined) this.#queue.add(keyOf(found))
  }

  #jobUpdated(job: KubernetesObject, old: KubernetesObject): void {
    const [before, after] = [controllerOf(old), controllerOf(job)]
    if (!jsonEqual(before, after)) this.#wakeOwner(job, before)
    this.#wakeOwner(job, after)
  }

  /** A new schedule counts from now on; whatever else changed is looked at at once. */
  #updated(cronJob: CronJobObject, old: CronJobObject): void {
    const { engine, events } = this.#tools
    const { schedule, timeZone } = cronJob.spec
    if (schedule === old.spec.schedule && timeZone === old.spec.timeZone) return this.#queue.add(keyOf(cronJob))
    const parsed = scheduleOf(cronJob)
    if (Result.isSuccess(parsed))
      return this.#queue.addAfter(keyOf(cronJob), nextScheduleDelay(cronJob, parsed.success, engine.now))
    const message = `unparseable schedule for cronjob: ${schedule}`
    events.record(eventAbout(cronJob, "Warning", "UnParseableCronJobSchedule", message))
  }

  *#sync(key: string): Course<Synced> {
    const { client, informers } = this.#tools
    const [namespace, name] = splitKey(key)
    const cronJob = informers.get("CronJob", namespace, name)
    if (cronJob === undefined || !isCronJob(cronJob)) return undefined
    const jobs = informers.byIndex("Job", BY_CRON_JOB, `${namespace}/${name}`).filter(isJob)
    const sync = new CronJobSync(this.#tools, cronJob, jobs as ReadonlyArray<JobObject>)
    const synced = yield* sync.run()
    if (sync.toWrite !== undefined && storedOf(yield* client.update(sync.toWrite, "status")) === undefined)
      return "retry"
    return synced
  }
}

export const startCronJobController = (context: ControllerContext): void => {
  new CronJobController(controllerTools(context, "cronjob", "cronjob-controller"))
}
