/** What a Job's sync does to pods, many at the same time (`pkg/controller/job/job_controller.go`; C-300, C-307, C-310). */
import {
  controllerOf,
  hasTrackingFinalizer,
  isPodReady,
  JOB_TRACKING_FINALIZER,
  type JobObject,
  type KubernetesObject,
  type ObservedJob,
  type PodObject,
  podOfJob,
  type Status
} from "@kubereel/core"
import { refusalOf, storedOf } from "../../client/Client.ts"
import { type Course, together } from "../../client/Course.ts"
import type { ConsistencyStore } from "../ConsistencyStore.ts"
import type { ControllerTools } from "../ControllerContext.ts"
import type { ControllerExpectations } from "../ControllerExpectations.ts"
import { keyOf } from "../keys.ts"
import { isNamespaceTerminating, PodControl, slowStartBatch } from "../PodControl.ts"
import type { FinalizerExpectations } from "./FinalizerExpectations.ts"

export interface JobPodControlOptions {
  readonly tools: ControllerTools
  readonly written: ConsistencyStore
  readonly expectations: ControllerExpectations
  readonly finalizers: FinalizerExpectations
}

/** How many pods were deleted, and how many of these were ready. */
export interface Deleted {
  readonly pods: number
  readonly ready: number
  readonly failed: boolean
}

const isGone = (refusal: Status | undefined): boolean => refusal?.code === 404

const sumUp = (refusals: ReadonlyArray<Status | undefined>, ready: number): Deleted => {
  const failures = refusals.filter((refusal) => refusal !== undefined && !isGone(refusal)).length
  return { pods: refusals.length - failures, ready, failed: failures > 0 }
}

export class JobPodControl {
  readonly #o: JobPodControlOptions
  readonly #pods: PodControl

  constructor(options: JobPodControlOptions) {
    this.#o = options
    this.#pods = new PodControl(options.tools, (owner, pod) =>
      options.written.wroteAt(keyOf(owner), owner.metadata.uid ?? "", pod)
    )
  }

  /** deleteActivePods: of a Job that is over; their finalizers stay until they are counted. */
  *deleteActive({ active, job }: ObservedJob): Course<Deleted> {
    const refusals = yield* this.#all(active.map((pod) => this.#pods.delete(pod, job)))
    return sumUp(refusals, active.filter(isPodReady).length)
  }

  /** deleteJobPods: of a Job that goes on without them: they are not counted. */
  *deleteUncounted(pods: ReadonlyArray<PodObject>, job: JobObject): Course<Deleted> {
    const { expectations, tools } = this.#o
    expectations.expectDeletions(keyOf(job), pods.length, tools.engine.now)
    let ready = 0
    const refusals = yield* this.#all(
      pods.map((pod) =>
        this.#releaseAndDelete(pod, job, () => {
          if (isPodReady(pod)) ready++
        })
      )
    )
    for (const refusal of refusals) if (refusal !== undefined) expectations.deletionObserved(keyOf(job))
    return sumUp(refusals, ready)
  }

  /** How many of `count` were made, as far as it is known; `indexes`: of an indexed Job. */
  *create(
    { job, lastFailed }: ObservedJob,
    count: number,
    indexes: ReadonlyArray<number> | undefined
  ): Course<{ readonly made: number; readonly failed: boolean }> {
    const { expectations, tools } = this.#o
    expectations.expectCreations(keyOf(job), count, tools.engine.now)
    const { failure, successes } = yield* slowStartBatch(tools, count, (i) => {
      const index = indexes?.[i]
      return this.#create(podOfJob(job, index, index === undefined ? undefined : lastFailed.get(index)), job)
    })
    for (let missing = count - successes; missing > 0; missing--) expectations.creationObserved(keyOf(job))
    return { made: successes, failed: failure !== undefined }
  }

  /** removeTrackingFinalizerFromPods: for each whether it has none any more. */
  *releaseAll(pods: ReadonlyArray<PodObject>, key: string): Course<ReadonlyArray<boolean>> {
    const { finalizers } = this.#o
    finalizers.expectRemoved(
      key,
      pods.map(({ metadata }) => metadata.uid ?? "")
    )
    const refusals = yield* this.#all(pods.map((pod) => this.release(pod)))
    return refusals.map((refusal, i) => {
      if (refusal === undefined) return true
      finalizers.removalObserved(key, pods[i]?.metadata.uid ?? "")
      return isGone(refusal)
    })
  }

  /** Takes the finalizer off, if the cache shows one. */
  *release(pod: PodObject): Course<Status | undefined> {
    if (!hasTrackingFinalizer(pod)) return undefined
    const body = { metadata: { "$deleteFromPrimitiveList/finalizers": [JOB_TRACKING_FINALIZER] } }
    const { name, namespace = "" } = pod.metadata
    const answer = yield* this.#o.tools.client.patch({ kind: "Pod", namespace, name }, { type: "strategic", body })
    const stored = storedOf(answer)
    const owner = stored === undefined ? undefined : controllerOf(stored)
    if (stored !== undefined && owner !== undefined)
      this.#o.written.wroteAt(`${namespace}/${owner.name}`, owner.uid, stored)
    return refusalOf(answer)
  }

  *#releaseAndDelete(pod: PodObject, job: JobObject, tried: () => void): Course<Status | undefined> {
    const held = yield* this.release(pod)
    if (held !== undefined) return held
    const refusal = yield* this.#pods.delete(pod, job)
    tried()
    return refusal
  }

  *#create(pod: KubernetesObject, job: JobObject): Course<Status | undefined> {
    const refusal = yield* this.#pods.create(pod, job)
    return refusal === undefined || isNamespaceTerminating(refusal) ? undefined : refusal
  }

  #all<Result>(courses: ReadonlyArray<Course<Result>>): Course<ReadonlyArray<Result>> {
    const { engine, entity } = this.#o.tools
    return together(engine, entity, courses)
  }
}
