/** Runs each Job's pods until it is over (`pkg/controller/job/job_controller.go`; C-300…C-312). */
import {
  type BackoffRecord,
  controllerOf,
  hasTrackingFinalizer,
  isJob,
  isJobFinished,
  isManagedElsewhere,
  isPod,
  JOB_TRACKING_FINALIZER,
  type JobObject,
  jsonEqual,
  type KubernetesObject,
  later,
  type Micros,
  noFailures,
  type OwnerReference,
  type PodObject,
  parseInstant,
  SECOND
} from "@kubereel/core"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { ConsistencyStore } from "../ConsistencyStore.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { ControllerExpectations } from "../ControllerExpectations.ts"
import { claimPods } from "../claimPods.ts"
import { indexByNamespace, indexPods, keyOf, podsOf, resolveControllerRef, selecting, splitKey } from "../keys.ts"
import { FinalizerExpectations } from "./FinalizerExpectations.ts"
import { JobPodControl } from "./JobPodControl.ts"
import { JobSync } from "./JobSync.ts"
import { OrphanPods } from "./OrphanPods.ts"

const WORKERS = 5

/** SyncJobBatchPeriod: what happens to pods within it is looked at together (C-301). */
const BATCH: Micros = SECOND

/** DefaultJobApiBackOff, MaxJobApiBackOff. */
const BACK_OFF = { first: SECOND, most: 60 * SECOND }

class JobController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue
  readonly #orphans: OrphanPods
  readonly #written: ConsistencyStore
  readonly #expectations = new ControllerExpectations()
  readonly #finalizers = new FinalizerExpectations()
  readonly #backoffs = new Map<string, BackoffRecord>()
  /** UIDs of Jobs that were told to be over; the caches do not show it yet. */
  readonly #finished = new Set<string>()
  readonly #syncing: JobSync

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#written = new ConsistencyStore(informers, tools.release.gates.StaleControllerConsistency)
    const [written, expectations, finalizers] = [this.#written, this.#expectations, this.#finalizers]
    const pods = new JobPodControl({ tools, written, expectations, finalizers })
    this.#orphans = new OrphanPods(tools, pods)
    this.#queue = new WorkQueue({
      engine,
      entity,
      workers: WORKERS,
      backOff: BACK_OFF,
      perKeyOnly: true,
      sync: (key) => this.#sync(key)
    })
    this.#syncing = new JobSync({ tools, written, pods, wake: (key, delay) => this.#queue.addAfter(key, delay) })
    indexPods(informers)
    indexByNamespace(informers, "Job")
    informers.on("Job", {
      added: (job) => this.#queue.add(keyOf(job)),
      updated: (job, old) => isJob(job) && isJob(old) && this.#jobUpdated(job, old),
      deleted: (job) => isJob(job) && this.#jobDeleted(job)
    })
    informers.on("Pod", {
      added: (pod) => isPod(pod) && this.#podAdded(pod),
      updated: (pod, old) => isPod(pod) && isPod(old) && this.#podUpdated(pod, old),
      deleted: (pod) => isPod(pod) && this.#podDeleted(pod, true)
    })
  }

  #wakeLater(job: KubernetesObject): void {
    this.#queue.addAfter(keyOf(job), BATCH)
  }

  #jobUpdated(job: JobObject, old: JobObject): void {
    if (isJobFinished(job)) return this.#orphans.addSelected(job)
    if (job.metadata.generation === old.metadata.generation) this.#wakeLater(job)
    else this.#queue.add(keyOf(job))
    const startedAt = parseInstant(job.status.startTime ?? "")
    const { activeDeadlineSeconds } = job.spec
    if (startedAt === undefined || activeDeadlineSeconds === undefined) return
    if (activeDeadlineSeconds !== old.spec.activeDeadlineSeconds)
      this.#queue.addAfter(keyOf(job), later(startedAt, activeDeadlineSeconds * SECOND) - this.#tools.engine.now)
  }

  #jobDeleted(job: JobObject): void {
    const key = keyOf(job)
    this.#queue.add(key)
    this.#written.clear(key, job.metadata.uid)
    this.#finished.delete(job.metadata.uid ?? "")
    this.#orphans.addSelected(job)
    this.#backoffs.delete(key)
  }

  #resolve(namespace: string | undefined, owner: OwnerReference | undefined): JobObject | undefined {
    const found = resolveControllerRef(this.#tools.informers, "Job", namespace, owner)
    return found !== undefined && isJob(found) ? found : undefined
  }

  /** Somebody may want to adopt it. */
  #wakeMatching(pod: PodObject): void {
    if (pod.metadata.labels === undefined) return
    for (const job of selecting(this.#tools.informers, "Job", pod)) if (isJob(job)) this.#wakeLater(job)
  }

  #podAdded(pod: PodObject): void {
    if (pod.metadata.deletionTimestamp !== undefined) return this.#podDeleted(pod, false)
    const owner = controllerOf(pod)
    if (owner === undefined) {
      if (hasTrackingFinalizer(pod)) this.#orphans.add(pod)
      return this.#wakeMatching(pod)
    }
    const job = this.#resolve(pod.metadata.namespace, owner)
    if (job === undefined) return
    this.#expectations.creationObserved(keyOf(job))
    this.#wakeLater(job)
  }

  #podUpdated(pod: PodObject, old: PodObject): void {
    if (pod.metadata.deletionTimestamp !== undefined) return this.#podDeleted(pod, false)
    const [before, after] = [controllerOf(old), controllerOf(pod)]
    const changed = !jsonEqual(before, after)
    if (changed && before !== undefined) this.#podOfJobChanged(pod, this.#resolve(pod.metadata.namespace, before))
    if (after !== undefined) return this.#podOfJobChanged(pod, this.#resolve(pod.metadata.namespace, after))
    if (hasTrackingFinalizer(pod)) this.#orphans.add(pod)
    if (changed || !jsonEqual(pod.metadata.labels, old.metadata.labels)) this.#wakeMatching(pod)
  }

  #podOfJobChanged(pod: PodObject, job: JobObject | undefined): void {
    if (job === undefined) return
    if (!hasTrackingFinalizer(pod)) this.#finalizers.removalObserved(keyOf(job), pod.metadata.uid ?? "")
    this.#wakeLater(job)
  }

  /** `final`: it is gone; otherwise it is marked, and has to be replaced, too. */
  #podDeleted(pod: PodObject, final: boolean): void {
    const [owner, held] = [controllerOf(pod), hasTrackingFinalizer(pod)]
    const job = this.#resolve(pod.metadata.namespace, owner)
    if (job === undefined || isJobFinished(job)) {
      const mayBeOurs = owner === undefined || owner.kind === "Job"
      if (held && mayBeOurs) this.#orphans.add(pod)
      return
    }
    this.#expectations.deletionObserved(keyOf(job))
    if (final || !held) this.#finalizers.removalObserved(keyOf(job), pod.metadata.uid ?? "")
    this.#wakeLater(job)
  }

  #forget(key: string): void {
    this.#expectations.delete(key)
    this.#finalizers.delete(key)
    this.#written.clear(key)
    this.#backoffs.delete(key)
  }

  *#sync(key: string): Course<Synced> {
    if (!this.#written.isReady(key)) return "retry"
    const job = this.#tools.informers.get("Job", ...splitKey(key))
    if (job === undefined || !isJob(job)) return void this.#forget(key)
    if (isManagedElsewhere(job)) return undefined
    const uid = job.metadata.uid ?? ""
    if (isJobFinished(job)) {
      this.#backoffs.delete(key)
      this.#written.clear(key, uid)
      return void this.#finished.delete(uid)
    }
    if (this.#finished.has(uid)) return undefined
    const satisfied = this.#expectations.satisfied(key, this.#tools.engine.now)
    const pods = yield* this.#claim(job)
    if (pods === undefined) return "retry"
    const claimed = { pods, released: this.#finalizers.of(key), backoff: this.#backoffs.get(key) ?? noFailures }
    const synced = yield* this.#syncing.run(job, claimed, satisfied)
    if (synced.backoff !== undefined) this.#backoffs.set(key, synced.backoff)
    if (synced.finished) this.#finished.add(uid)
    return synced.failed ? "retry" : undefined
  }

  /** getPodsForJob: adopted pods carry the finalizer already, though the cache does not show it yet. */
  *#claim(job: JobObject): Course<ReadonlyArray<PodObject> | undefined> {
    const { pods, failure } = yield* claimPods(this.#tools, job, podsOf(this.#tools.informers, job), {
      finalizers: [JOB_TRACKING_FINALIZER],
      wrote: (pod) => this.#written.wroteAt(keyOf(job), job.metadata.uid ?? "", pod)
    })
    if (failure !== undefined) return undefined
    return pods.map((pod) => {
      const isIts = pod.metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid) === true
      if (isIts || hasTrackingFinalizer(pod)) return pod
      const finalizers = [...(pod.metadata.finalizers ?? []), JOB_TRACKING_FINALIZER]
      return { ...pod, metadata: { ...pod.metadata, finalizers } } as PodObject
    })
  }
}

export const startJobController = (context: ControllerContext): void => {
  new JobController(controllerTools(context, "job", "job-controller"))
}
