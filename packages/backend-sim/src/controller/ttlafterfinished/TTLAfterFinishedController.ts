/** Deletes Jobs some time after they are over (`pkg/controller/ttlafterfinished/ttlafterfinished_controller.go`; C-311). */
import { isJob, type JobObject, type KubernetesObject, ttlLeft } from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { keyOf, splitKey } from "../keys.ts"

const WORKERS = 5

const asJob = (object: KubernetesObject | undefined): JobObject | undefined =>
  object !== undefined && isJob(object) ? object : undefined

class TTLAfterFinishedController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync: (key) => this.#sync(key) })
    informers.on("Job", { added: (job) => this.#seen(job), updated: (job) => this.#seen(job) })
  }

  #seen(object: KubernetesObject): void {
    const job = asJob(object)
    if (job !== undefined && this.#left(job) !== undefined) this.#queue.add(keyOf(job))
  }

  #left(job: JobObject): number | undefined {
    return ttlLeft(job, this.#tools.engine.now)
  }

  /** processJob: the cache may be stale, so the API server is asked before anything is deleted. */
  *#sync(key: string): Course<Synced> {
    const { client, informers } = this.#tools
    const [namespace, name] = splitKey(key)
    const job = asJob(informers.get("Job", namespace, name))
    const left = job === undefined ? undefined : this.#left(job)
    if (left === undefined) return undefined
    if (left > 0) return { after: left }
    const fresh = asJob(yield* client.get({ kind: "Job", namespace, name }))
    const really = fresh === undefined ? undefined : this.#left(fresh)
    if (fresh === undefined || really === undefined) return undefined
    if (really > 0) return { after: really }
    const options = { propagationPolicy: "Foreground", preconditions: { uid: fresh.metadata.uid ?? "" } } as const
    return refusalOf(yield* client.delete({ kind: "Job", namespace, name }, options)) === undefined
      ? undefined
      : "retry"
  }
}

export const startTTLAfterFinishedController = (context: ControllerContext): void => {
  new TTLAfterFinishedController(controllerTools(context, "ttlafterfinished", "ttl-after-finished-controller"))
}
