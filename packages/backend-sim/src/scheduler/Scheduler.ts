/**
 * kube-scheduler in time: who is tried when, and what is written of it (`pkg/scheduler/schedule_one.go`, `eventhandlers.go`).
 * The rules themselves are core's, in `decide/scheduler`.
 *
 * **What follows a first FailedScheduling.** A pod without a node is tried once and then waits in a pool until the rule that
 * turned it down hears of a change that may help. For missing room (NodeResourcesFit) that is a node that grew, or *any* pod
 * with a node that ended or went away, anywhere in the cluster. So in an otherwise idle cluster there is one attempt, and the
 * next ones come when 5 minutes in the pool are over (looked for every 30 seconds). On the cluster of the shipped recordings
 * several scenarios ran at a time: two pods in different namespaces were tried again within 60 µs of each other, each time a
 * pod of a third one went, 0.2 to 7 seconds after the first attempt; a pod that misses a label, for which no deletion helps,
 * was never tried again. `elsewhere` brings such neighbours back; without it the cluster holds nothing but what is simulated.
 *
 * Not simulated: evicting others (preemption) and nominated nodes, pod affinity, topology spread, volumes, resource claims.
 */
import {
  type Failure,
  type Instant,
  isTerminal,
  type KubernetesObject,
  later,
  type NodeObject,
  type PluginName,
  type PodObject,
  podInfoOf,
  schedulePod,
  schedulingFailed,
  truncateMessage
} from "@kubereel/core"
import { RateLimiter } from "../client/RateLimiter.ts"
import { Alarm } from "../engine/Alarm.ts"
import { RandomStream, stream } from "../engine/Random.ts"
import { EventBroadcaster } from "./EventBroadcaster.ts"
import { NEIGHBOUR } from "./neighbour.ts"
import { SchedulerCache } from "./SchedulerCache.ts"
import type { Change, SchedulerOptions } from "./SchedulerOptions.ts"
import { MAX_IN_POOL, POOL_SWEEP, type QueuedPod, SchedulingQueue } from "./SchedulingQueue.ts"

export type { SchedulerLatency } from "./SchedulerOptions.ts"

const NAME = "default-scheduler"

interface GivenUp {
  readonly reason: Failure
  readonly message: string
  readonly rejectors: ReadonlySet<PluginName>
  readonly random: RandomStream
}

/** More draws than one attempt makes. */
const DRAWS = 16

const uidOf = (pod: PodObject): string => pod.metadata.uid ?? ""
const isAssigned = (pod: PodObject): boolean => (pod.spec.nodeName ?? "") !== ""
const isGated = (pod: PodObject): boolean => ((pod.spec["schedulingGates"] ?? []) as ReadonlyArray<unknown>).length > 0
const tolerations = (pod: PodObject): number => pod.spec.tolerations?.length ?? 0

export class Scheduler {
  readonly #o: SchedulerOptions
  readonly #queue = new SchedulingQueue()
  readonly #cache = new SchedulerCache()
  readonly #recorder: EventBroadcaster
  readonly #limiter = new RateLimiter()
  readonly #random: { readonly watch: RandomStream; readonly elsewhere: RandomStream }
  /** The pods that its watch knows: those that have not ended. */
  readonly #pods = new Map<string, PodObject>()
  /** Pods that have a node here, but not yet on the API server. */
  readonly #assumed = new Set<string>()
  readonly #start: Instant
  #heardUntil: Instant
  #nextNode = 0
  #isBusy = false
  readonly #flush: Alarm
  readonly #sweep: Alarm
  #awaitsNeighbour = false

  constructor(options: SchedulerOptions) {
    const { engine, seed, events, latency, host } = options
    this.#o = options
    this.#start = engine.now
    this.#heardUntil = engine.now
    this.#random = { watch: stream(seed, "scheduler/watch"), elsewhere: stream(seed, "scheduler/elsewhere") }
    this.#flush = this.#alarm((now) => this.#queue.flushErrors(now))
    this.#sweep = this.#alarm((now) => this.#queue.sweepPool(now))
    const random = stream(seed, "scheduler/events")
    this.#recorder = new EventBroadcaster({
      engine,
      entity: "scheduler/events",
      random,
      sink: events,
      latency: () => latency("event", random),
      component: NAME,
      host
    })
  }

  /** A pod changed on the API server; the scheduler hears of it a little later, and of everything in its order. */
  hearPod(change: Change, pod: PodObject): void {
    this.#hear(() => this.#onPod(change === "DELETED" || isTerminal(pod) ? undefined : pod, uidOf(pod)))
  }

  hearNode(change: Change, node: NodeObject): void {
    this.#hear(() => this.#onNode(change, node))
  }

  hearClaim(claim: KubernetesObject): void {
    this.#hear(() => this.#queue.move({ _tag: "ClaimChanged", claim }, this.#o.engine.now))
  }

  #hear(handle: () => void): void {
    const { engine } = this.#o
    const at = later(engine.now, this.#o.latency("watch", this.#random.watch))
    this.#heardUntil = Math.max(this.#heardUntil, at) as Instant
    engine.schedule("scheduler", this.#heardUntil, () => {
      handle()
      this.#go()
    })
  }

  // What it hears.

  #onNode(change: Change, node: NodeObject): void {
    const { name } = node.metadata
    const before = this.#cache.getNode(name)
    if (change === "DELETED") this.#cache.removeNode(name)
    else {
      this.#cache.putNode(node)
      this.#queue.move(
        before === undefined ? { _tag: "NodeAdded", node } : { _tag: "NodeUpdated", before, node },
        this.#o.engine.now
      )
    }
  }

  /** `pod`: as it is now; absent once it is gone or has ended. */
  #onPod(pod: PodObject | undefined, uid: string): void {
    const before = this.#pods.get(uid)
    if (pod === undefined) this.#pods.delete(uid)
    else this.#pods.set(uid, pod)
    if (pod === undefined) {
      if (before !== undefined) this.#gone(before)
    } else if (isAssigned(pod)) this.#assigned(pod, before)
    else if ((pod.spec.schedulerName ?? NAME) === NAME) this.#waiting(pod, before)
  }

  #gone(pod: PodObject): void {
    const uid = uidOf(pod)
    this.#queue.delete(uid)
    if (isAssigned(pod) || this.#assumed.has(uid)) this.#free(pod)
  }

  /** The room that a pod took is free again. */
  #free(pod: PodObject): void {
    this.#assumed.delete(uidOf(pod))
    this.#cache.removePod(uidOf(pod))
    this.#queue.move({ _tag: "AssignedPodDeleted", pod }, this.#o.engine.now)
  }

  #assigned(pod: PodObject, before: PodObject | undefined): void {
    const uid = uidOf(pod)
    this.#assumed.delete(uid)
    if (before !== undefined && isAssigned(before) && before.metadata.generation === pod.metadata.generation) return
    this.#queue.delete(uid)
    this.#cache.putPod(podInfoOf(pod), pod.spec.nodeName ?? "")
  }

  #waiting(pod: PodObject, before: PodObject | undefined): void {
    const uid = uidOf(pod)
    const { now } = this.#o.engine
    if (this.#assumed.has(uid)) {
      if (pod.metadata.deletionTimestamp !== undefined) this.#free(pod)
      return
    }
    if (isGated(pod)) return
    if (before === undefined || isGated(before)) return this.#queue.add(podInfoOf(pod), now)
    this.#queue.update(podInfoOf(pod))
    if (tolerations(pod) !== tolerations(before)) this.#queue.move({ _tag: "TolerationAdded", pod }, now, uid)
  }

  // What it does.

  /** Takes the next pod, if there is one and no cycle runs, and sees to the clocks of those that wait. */
  #go(): void {
    const queued = this.#isBusy ? undefined : this.#queue.pop()
    if (queued !== undefined) {
      this.#isBusy = true
      const random = this.#draws(queued)
      this.#o.engine.after("scheduler", this.#o.latency("cycle", random), () => {
        this.#isBusy = false
        this.#cycle(queued, random)
        this.#go()
      })
    }
    this.#setClocks()
  }

  /** An attempt's own chance: it depends on the pod and on how often it was tried, not on the pods around it. */
  #draws({ info, attempts }: QueuedPod): RandomStream {
    return new RandomStream(this.#o.seed, `scheduler/${info.uid}`, DRAWS * attempts)
  }

  /** The rules see the cluster as it is at the end of the cycle, so that nothing that happened meanwhile has to be caught up with. */
  #cycle(queued: QueuedPod, random: RandomStream): void {
    const pod = this.#pods.get(queued.info.uid)
    if (pod === undefined || isAssigned(pod) || this.#queue.has(queued.info.uid)) return
    if (pod.metadata.deletionTimestamp !== undefined) {
      return this.#tell(pod, `skip schedule deleting pod: ${pod.metadata.namespace}/${pod.metadata.name}`)
    }
    const info = pod === queued.info.pod ? queued.info : podInfoOf(pod)
    const current = { ...queued, info }
    const claims = (name: string) => this.#o.api.claim?.(pod.metadata.namespace ?? "", name)
    const result = schedulePod(info, this.#cache.nodes, { claims, start: this.#nextNode, tieBreak: random.next() })
    this.#nextNode = result.next
    if (result._tag === "Suggested") return this.#bind(current, result.node, random)
    this.#giveUp(current, { reason: "Unschedulable", message: result.message, rejectors: result.rejectors, random })
  }

  /** Takes the node for granted, so that the next cycle need not wait for the API server. */
  #bind(queued: QueuedPod, node: string, random: RandomStream): void {
    const { engine, api, latency } = this.#o
    const { pod, uid } = queued.info
    this.#assumed.add(uid)
    this.#cache.putPod(queued.info, node)
    engine.schedule("scheduler/binding", later(this.#limiter.reserve(engine.now), latency("bind", random)), () => {
      const refusal = api.bind(pod, node)
      if (refusal !== undefined) return this.#bindingFailed(queued, refusal, random)
      const note = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${node}`
      this.#recorder.record(pod, { type: "Normal", reason: "Scheduled", action: "Binding", note })
    })
  }

  /** An error like any other: it is told, and if the pod is still there it is tried again after a while. */
  #bindingFailed(queued: QueuedPod, refusal: string, random: RandomStream): void {
    if (this.#assumed.has(queued.info.uid)) this.#free(queued.info.pod)
    const message = `running Bind plugin "DefaultBinder": ${refusal}`
    this.#giveUp(queued, { reason: "SchedulerError", message, rejectors: new Set(), random })
    this.#go()
  }

  #giveUp(queued: QueuedPod, why: GivenUp): void {
    const { engine, api, latency } = this.#o
    const known = this.#pods.get(queued.info.uid)
    if (known !== undefined && !isAssigned(known)) {
      this.#queue.giveBack(
        { ...queued, info: known === queued.info.pod ? queued.info : podInfoOf(known) },
        why.rejectors,
        engine.now
      )
    }
    const pod = known ?? queued.info.pod
    this.#tell(pod, why.message)
    const conditions = schedulingFailed(pod, engine.now, why)
    if (conditions === undefined) return
    const at = later(this.#limiter.reserve(engine.now), latency("patch", why.random))
    engine.schedule("scheduler/status", at, () => api.patchConditions(pod, conditions))
  }

  #tell(pod: PodObject, message: string): void {
    this.#recorder.record(pod, {
      type: "Warning",
      reason: "FailedScheduling",
      action: "Scheduling",
      note: truncateMessage(message)
    })
  }

  // Its clocks: each is set only while there is somebody to wait for it.

  #setClocks(): void {
    this.#flush.set(this.#queue.nextFlush)
    this.#sweep.set(this.#nextSweep())
    this.#awaitNeighbour()
  }

  #alarm(due: (now: Instant) => void): Alarm {
    return new Alarm(this.#o.engine, "scheduler", () => {
      due(this.#o.engine.now)
      this.#go()
    })
  }

  /** The pool is looked through every 30 seconds since the start, for pods that have been there for more than 5 minutes. */
  #nextSweep(): Instant | undefined {
    const oldest = this.#queue.oldestInPool
    if (oldest === undefined) return undefined
    const sweeps = Math.floor((oldest + MAX_IN_POOL - this.#start) / POOL_SWEEP) + 1
    return later(this.#start, sweeps * POOL_SWEEP)
  }

  #awaitNeighbour(): void {
    const { elsewhere, engine } = this.#o
    if (elsewhere === undefined || this.#awaitsNeighbour || !this.#queue.awaitsDeletion) return
    this.#awaitsNeighbour = true
    engine.after("scheduler", Math.max(1, elsewhere(this.#random.elsewhere)), () => {
      this.#awaitsNeighbour = false
      this.#queue.move({ _tag: "AssignedPodDeleted", pod: NEIGHBOUR }, engine.now)
      this.#go()
    })
  }
}
