/** Pods whose Job is gone or over lose the finalizer that waited for it (`pkg/controller/job/job_controller.go`, syncOrphanPod). */
import {
  controllerOf,
  hasTrackingFinalizer,
  isJob,
  isJobFinished,
  isManagedElsewhere,
  isPod,
  type JobObject,
  type JsonObject,
  type PodObject,
  SECOND,
  selects
} from "@kubereel/core"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import type { ControllerTools } from "../ControllerContext.ts"
import { keyOf, resolveControllerRef, splitKey } from "../keys.ts"
import type { JobPodControl } from "./JobPodControl.ts"

const WORKERS = 5
const TRACKED = "jobTracking"
const BACK_OFF = { first: SECOND, most: 60 * SECOND }

/** The label by which generated selectors select. */
const CONTROLLER_UID = "batch.kubernetes.io/controller-uid"

const uidIn = (labels: unknown): string | undefined => (labels as JsonObject | undefined)?.[CONTROLLER_UID] as string

export class OrphanPods {
  readonly #tools: ControllerTools
  readonly #control: JobPodControl
  readonly #queue: WorkQueue
  /** What a key stands for that names no pod: the selector of a Job. */
  readonly #selectors = new Map<string, JsonObject>()

  constructor(tools: ControllerTools, control: JobPodControl) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#control = control
    this.#queue = new WorkQueue({
      engine,
      entity: `${entity}/orphans`,
      workers: WORKERS,
      backOff: BACK_OFF,
      perKeyOnly: true,
      sync: (key) => this.#sync(key)
    })
    informers.index("Pod", TRACKED, (pod) => {
      if (!hasTrackingFinalizer(pod)) return []
      const { labels, namespace } = pod.metadata
      return [`${namespace}`, `${namespace}/${uidIn(labels) ?? ""}`]
    })
  }

  add(pod: PodObject): void {
    this.#queue.add(`pod:${keyOf(pod)}`)
  }

  /** All that the Job selects. */
  addSelected({ metadata, spec }: JobObject): void {
    if (spec.selector === undefined) return
    const key = `selector:${metadata.namespace ?? ""}/${JSON.stringify(spec.selector)}`
    this.#selectors.set(key, spec.selector)
    this.#queue.add(key)
  }

  *#sync(key: string): Course<Synced> {
    const [kind, of] = [key.slice(0, key.indexOf(":")), key.slice(key.indexOf(":") + 1)]
    const [namespace, name] = splitKey(of)
    if (kind === "selector") return yield* this.#syncSelected(key, namespace)
    const pod = this.#tools.informers.get("Pod", namespace, name)
    const done = pod === undefined || !isPod(pod) || (yield* this.#syncPod(pod))
    return done ? undefined : "retry"
  }

  *#syncSelected(key: string, namespace: string): Course<Synced> {
    const selector = this.#selectors.get(key)
    this.#selectors.delete(key)
    const uid = uidIn(selector?.["matchLabels"])
    const tracked = this.#tools.informers.byIndex("Pod", TRACKED, uid === undefined ? namespace : `${namespace}/${uid}`)
    for (const pod of tracked) if (isPod(pod) && selects(selector, pod.metadata.labels)) yield* this.#syncPod(pod)
    return undefined
  }

  /** handleSingleOrphanPod; `false`: try again. */
  *#syncPod(pod: PodObject): Course<boolean> {
    const owner = controllerOf(pod)
    if (owner !== undefined) {
      if (owner.kind !== "Job" || owner.apiVersion !== "batch/v1") return true
      const job = resolveControllerRef(this.#tools.informers, "Job", pod.metadata.namespace, owner)
      if (job !== undefined && isJob(job) && (isManagedElsewhere(job) || !isJobFinished(job))) return true
    }
    const refusal = yield* this.#control.release(pod)
    return refusal === undefined || refusal.code === 404
  }
}
