/**
 * What is done to make room (`pkg/scheduler/framework/preemption/executor.go`, prepareCandidateAsync): the victims are marked and
 * deleted while the scheduler goes on with other pods; all at once, but for the last one, which comes when the others are done.
 */
import { type Candidate, later, type Micros, type PodInfo, type PodObject, updatedPodCondition } from "@kubereel/core"
import { type Course, carryOut, together } from "../client/Course.ts"
import type { RateLimiter } from "../client/RateLimiter.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { EventBroadcaster } from "./EventBroadcaster.ts"
import type { SchedulerApi } from "./SchedulerOptions.ts"

/** After what the pod itself is told in the same moment. */
const ENTITY = "scheduler/victims"

export interface ExecutorOptions {
  readonly engine: Engine
  readonly api: SchedulerApi
  readonly limiter: RateLimiter
  readonly latency: (random: RandomStream) => Micros
  readonly recorder: EventBroadcaster
  readonly schedulerName: string
  /** The pod as the scheduler's informer has it. */
  readonly getPod: (uid: string) => PodObject | undefined
}

export interface Preemptor {
  readonly info: PodInfo
  readonly random: RandomStream
}

export class PreemptionExecutor {
  readonly #o: ExecutorOptions
  readonly #preempting = new Set<string>()
  /** The last victim of each preemptor that has no other left, by its UID. */
  readonly #lastVictim = new Map<string, string>()

  constructor(options: ExecutorOptions) {
    this.#o = options
  }

  /** Is the pod to wait until its victims are told? (IsPodRunningPreemption) */
  isRunning(uid: string): boolean {
    if (!this.#preempting.has(uid)) return false
    const last = this.#lastVictim.get(uid)
    if (last === undefined) return true
    const victim = this.#o.getPod(last)
    return victim !== undefined && victim.metadata.deletionTimestamp === undefined
  }

  /** `lower`: pods of lower priority for which the node was kept. */
  start(preemptor: Preemptor, { node, victims }: Candidate, lower: ReadonlyArray<PodInfo>): void {
    const left = victims.filter(({ pod }) => pod.metadata.deletionTimestamp === undefined)
    if (left.length === 0) return
    this.#preempting.add(preemptor.info.uid)
    carryOut(this.#o.engine, ENTITY, this.#prepare(preemptor, { node, victims: left }, lower), () => {
      this.#preempting.delete(preemptor.info.uid)
      this.#lastVictim.delete(preemptor.info.uid)
    })
  }

  *#prepare(
    preemptor: Preemptor,
    { node, victims }: Pick<Candidate, "node" | "victims">,
    lower: ReadonlyArray<PodInfo>
  ): Course {
    const { api, engine } = this.#o
    for (const { pod } of lower) {
      if ((pod.status.nominatedNodeName ?? "") === "") continue
      yield this.#turn(preemptor)
      api.patchStatus(pod, { nominatedNodeName: "" })
    }
    const others = victims.slice(0, -1).map((victim) => this.#preempt(preemptor, victim, node))
    yield* together(engine, ENTITY, others)
    const last = victims.at(-1)
    if (last === undefined) return
    this.#lastVictim.set(preemptor.info.uid, last.uid)
    yield* this.#preempt(preemptor, last, node)
  }

  *#preempt(preemptor: Preemptor, { pod, uid }: PodInfo, node: string): Course {
    const { api, engine, recorder, schedulerName } = this.#o
    const { generation } = pod.metadata
    const told = {
      type: "DisruptionTarget",
      status: "True" as const,
      observedGeneration: generation,
      reason: "PreemptionByScheduler",
      message: `${schedulerName}: preempting to accommodate a higher priority pod`
    }
    const condition = updatedPodCondition(pod, told, engine.now)
    if (condition !== undefined) {
      yield this.#turn(preemptor)
      if (!api.patchStatus(pod, { condition })) return
    }
    yield this.#turn(preemptor)
    if (!api.deletePod(this.#o.getPod(uid) ?? pod)) return
    const note = `Preempted by pod ${preemptor.info.uid} on node ${node}`
    recorder.record(pod, { type: "Normal", reason: "Preempted", action: "Preempting", note })
  }

  #turn({ random }: Preemptor): Micros {
    const { engine, latency, limiter } = this.#o
    return later(limiter.reserve(engine.now), latency(random)) - engine.now
  }
}
