/**
 * Brings the pods of a StatefulSet to what it wants (`pkg/controller/statefulset/stateful_set_control.go`; C-285…C-288): in order, each
 * waiting for the one before, unless the set allows them all at once.
 */
import {
  type Instant,
  isAsItShouldBe,
  isAvailable,
  isCreated,
  isInOrdinalRange,
  isRunningAndReady,
  isTerminating,
  isUnavailable,
  type JsonObject,
  type KubernetesObject,
  newVersionedPod,
  ordinalOf,
  type PodObject,
  type Revisions,
  replicasOf,
  revisionOf,
  startOrdinal
} from "@kubereel/core"
import type { Course } from "../../client/Course.ts"
import type { ControllerTools } from "../ControllerContext.ts"
import { slowStartBatch } from "../PodControl.ts"
import type { Problem, StatefulPodControl } from "./StatefulPodControl.ts"

export interface Plan {
  readonly set: KubernetesObject
  readonly revisions: Revisions
  readonly now: Instant
  /** By their ordinals, from the first on; those that are missing as they would be made. */
  readonly replicas: ReadonlyArray<PodObject>
  /** Those with ordinals that are too many, the highest first. */
  readonly condemned: ReadonlyArray<PodObject>
  readonly firstUnavailable: PodObject | undefined
  /** One after the other. */
  readonly monotonic: boolean
}

/** What came of it: whether the rest has to wait for the next sync, and what went wrong. */
export interface Step {
  readonly waits: boolean
  readonly problem: Problem
  /** A pod of the current revision goes for the roll-out: it is counted no more. */
  readonly isReplacing?: boolean
}

const GO_ON: Step = { waits: false, problem: undefined }
const WAIT: Step = { waits: true, problem: undefined }

const after = (problem: Problem, waits: boolean): Step => ({ waits: waits || problem !== undefined, problem })

const strategyOf = ({ spec }: KubernetesObject): JsonObject =>
  ((spec as JsonObject)["updateStrategy"] ?? {}) as JsonObject

export const planFor = (
  set: KubernetesObject,
  pods: ReadonlyArray<PodObject>,
  revisions: Revisions,
  now: Instant
): Plan => {
  const first = startOrdinal(set)
  const byOrdinal = new Map(pods.filter((pod) => isInOrdinalRange(set, pod)).map((pod) => [ordinalOf(pod), pod]))
  const replicas = Array.from(
    { length: replicasOf(set) },
    (_, i) => byOrdinal.get(first + i) ?? newVersionedPod(revisions, first + i)
  )
  const condemned = pods
    .filter((pod) => ordinalOf(pod) >= 0 && !isInOrdinalRange(set, pod))
    .toSorted((a, b) => ordinalOf(b) - ordinalOf(a))
  const firstUnavailable = [...replicas, ...condemned.toReversed()].find((pod) => isUnavailable(set, pod, now))
  const monotonic = (set["spec"] as JsonObject)["podManagementPolicy"] !== "Parallel"
  return { set, revisions, now, replicas, condemned, firstUnavailable, monotonic }
}

export class StatefulSetControl {
  readonly #tools: Pick<ControllerTools, "engine" | "entity">
  readonly #pods: StatefulPodControl

  constructor(tools: Pick<ControllerTools, "engine" | "entity">, pods: StatefulPodControl) {
    this.#tools = tools
    this.#pods = pods
  }

  /** Replicas first, then those that are too many, then the roll-out. */
  *carryOut(plan: Plan): Course<Step> {
    const { condemned, replicas, revisions } = plan
    const living = yield* this.#forAll(plan, replicas, (pod) => this.#replica(plan, pod))
    if (living.waits) return living
    const keep = function* (this: StatefulSetControl, pod: PodObject): Course<Step> {
      if (this.#pods.claimsAreKept(revisions.update.set, pod)) return GO_ON
      return after(yield* this.#pods.keepClaims(revisions.update.set, pod), false)
    }
    const kept = yield* this.#forAll(plan, condemned, (pod) => keep.call(this, pod))
    if (kept.waits) return kept
    const gone = yield* this.#forAll(plan, condemned, (pod) => this.#condemned(plan, pod))
    return gone.waits ? gone : yield* this.#rollOut(plan)
  }

  /** runForAll: in order until one has to wait, or in batches that grow. */
  *#forAll({ monotonic }: Plan, pods: ReadonlyArray<PodObject>, step: (pod: PodObject) => Course<Step>): Course<Step> {
    if (!monotonic) {
      const one = function* (i: number): Course<Problem> {
        const pod = pods[i]
        return pod === undefined ? undefined : (yield* step(pod)).problem
      }
      const { failure } = yield* slowStartBatch(this.#tools, pods.length, one)
      return after(failure, false)
    }
    for (const pod of pods) {
      const done = yield* step(pod)
      if (done.waits) return done
    }
    return GO_ON
  }

  *#replica({ monotonic, now, revisions, set }: Plan, pod: PodObject): Course<Step> {
    const { phase } = pod.status
    // One that has ended is made anew, however it ended, when it is gone.
    if (phase === "Failed" || phase === "Succeeded")
      return after(isTerminating(pod) ? undefined : yield* this.#pods.delete(set, pod), true)
    if (!isCreated(pod)) {
      if (this.#pods.isClaimStale(set, pod)) return WAIT
      const problem = yield* this.#pods.create(set, pod)
      if (problem !== undefined || monotonic) return after(problem, true)
    }
    if (phase === "Pending") {
      const problem = yield* this.#pods.createClaims(set, pod)
      if (problem !== undefined) return after(problem, true)
      if (!this.#pods.claimsAreKept(set, pod)) {
        const unkept = yield* this.#pods.keepClaims(set, pod)
        if (unkept !== undefined) return after(unkept, true)
      }
    }
    if (monotonic && (isTerminating(pod) || !isRunningAndReady(pod) || !isAvailable(set, pod, now))) return WAIT
    const { update } = revisions
    if (!isCreated(pod) || (isAsItShouldBe(set, pod) && this.#pods.claimsAreKept(update.set, pod))) return GO_ON
    return after(yield* this.#pods.update(update.set, pod), false)
  }

  *#condemned({ firstUnavailable, monotonic, now, set }: Plan, pod: PodObject): Course<Step> {
    if (isTerminating(pod)) return monotonic ? WAIT : GO_ON
    const isHealthy = isRunningAndReady(pod) && isAvailable(set, pod, now)
    if (monotonic && !isHealthy && pod !== firstUnavailable) return WAIT
    return after(yield* this.#pods.delete(set, pod), true)
  }

  /** From the highest ordinal down to the partition, one at a time, each waiting for the one before (C-288). */
  *#rollOut({ now, replicas, revisions, set }: Plan): Course<Step> {
    const strategy = strategyOf(set)
    if (strategy["type"] === "OnDelete") return GO_ON
    const { partition = 0 } = (strategy["rollingUpdate"] ?? {}) as JsonObject
    for (const pod of replicas.slice(Number(partition)).toReversed()) {
      if (revisionOf(pod) !== revisions.update.name && !isTerminating(pod)) {
        const step = after(yield* this.#pods.delete(set, pod), true)
        return { ...step, isReplacing: step.problem === undefined }
      }
      if (isUnavailable(set, pod, now)) return WAIT
    }
    return GO_ON
  }
}
