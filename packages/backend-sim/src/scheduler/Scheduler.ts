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
 * Not simulated: resource claims, groups of pods.
 */
import {
  type Failure,
  type Instant,
  type KubernetesObject,
  later,
  NO_OBJECTS,
  type NodeObject,
  type Nomination,
  type PluginName,
  type PodInfo,
  type PodObject,
  SchedulerCache,
  schedulePod,
  schedulingFailed,
  truncateMessage,
  volumesToBind
} from "@kubereel/core"
import { type Course, carryOut } from "../client/Course.ts"
import { RateLimiter } from "../client/RateLimiter.ts"
import { heardAt, type Staleness } from "../client/StaleWatch.ts"
import { RandomStream, stream } from "../engine/Random.ts"
import { AssumedObjects } from "./AssumedObjects.ts"
import { EventBroadcaster } from "./EventBroadcaster.ts"
import { EventHandlers, isAssigned, nominatedNode, SCHEDULER_NAME } from "./EventHandlers.ts"
import { PreemptionExecutor } from "./PreemptionExecutor.ts"
import { QueueClocks } from "./QueueClocks.ts"
import type { Change, SchedulerOptions } from "./SchedulerOptions.ts"
import { type QueuedPod, SchedulingQueue } from "./SchedulingQueue.ts"
import { type AssumedVolumes, VolumeBinder } from "./VolumeBinder.ts"

export type { SchedulerLatency } from "./SchedulerOptions.ts"

interface GivenUp {
  readonly reason: Failure
  readonly message: string
  readonly rejectors: ReadonlySet<PluginName>
  readonly nomination: Nomination
  readonly random: RandomStream
}

/** More draws than one attempt makes, but for the victims of a large preemption. */
const DRAWS = 16

/** What an error makes of the node that is kept for a pod. */
const CLEARED: Nomination = { _tag: "Cleared" }

/** Of these the scheduler reads which pods belong together, and nothing that changes often. */
const selectors = new Set(["Service", "ReplicationController", "ReplicaSet", "StatefulSet"])
const storage = new Set(["PersistentVolumeClaim", "PersistentVolume", "StorageClass", "CSINode"])

export class Scheduler {
  readonly #o: SchedulerOptions
  readonly #queue: SchedulingQueue
  readonly #cache: SchedulerCache
  readonly #executor: PreemptionExecutor
  readonly #recorder: EventBroadcaster
  readonly #limiter = new RateLimiter()
  readonly #volumes: VolumeBinder
  readonly #watch: RandomStream
  readonly #known: EventHandlers
  #heardUntil: Instant
  readonly #late = new Map<string, { readonly stale: Staleness; heardUntil: Instant }>()
  #nextNode = 0
  #isBusy = false
  readonly #clocks: QueueClocks

  constructor(options: SchedulerOptions) {
    const { api, elsewhere, engine, events, host, latency, seed } = options
    const objects = new AssumedObjects(options.objects ?? NO_OBJECTS)
    this.#o = options
    this.#heardUntil = engine.now
    this.#watch = stream(seed, "scheduler/watch")
    const random = stream(seed, "scheduler/events")
    this.#recorder = new EventBroadcaster({
      engine,
      entity: "scheduler/events",
      random,
      sink: events,
      latency: () => latency("event", random),
      component: SCHEDULER_NAME,
      host
    })
    this.#executor = new PreemptionExecutor({
      engine,
      api,
      limiter: this.#limiter,
      latency: (draws) => latency("patch", draws),
      recorder: this.#recorder,
      schedulerName: SCHEDULER_NAME,
      getPod: (uid) => this.#known.pods.get(uid)
    })
    this.#cache = new SchedulerCache(objects)
    const draws = stream(seed, "scheduler/volumes")
    this.#volumes = new VolumeBinder({
      engine,
      objects,
      update: (object) => api.update(object),
      exists: ({ metadata }) => this.#known.pods.has(metadata.uid ?? ""),
      turn: () => this.#turn("patch", draws)
    })
    const queue = new SchedulingQueue(this.#cache, (uid) => !this.#executor.isRunning(uid))
    this.#queue = queue
    this.#known = new EventHandlers(engine, this.#cache, queue)
    this.#clocks = new QueueClocks({ engine, seed, queue, elsewhere, moved: () => this.#go() })
  }

  /** A pod changed on the API server; the scheduler hears of it a little later, and of everything in its order. */
  hearPod(change: Change, pod: PodObject): void {
    this.#hear("Pod", () => {
      this.#known.onPod(change === "DELETED" ? undefined : pod, pod.metadata.uid ?? "")
      if (change === "DELETED") this.#volumes.heard()
    })
  }

  hearNode(change: Change, node: NodeObject): void {
    this.#hear("Node", () => this.#known.onNode(change, node))
  }

  /** Any other object: most of them are nothing to the scheduler. */
  hearObject(change: Change, object: KubernetesObject): void {
    const { kind } = object
    if ((selectors.has(kind) && change !== "MODIFIED") || kind === "Service" || kind === "Namespace") {
      this.#cache.objectChanged(kind)
    }
    if (!storage.has(kind) && !(kind === "VolumeAttachment" && change === "DELETED")) return
    this.#hear(kind, () => {
      this.#queue.move({ _tag: "StorageChanged", object }, this.#o.engine.now)
      this.#volumes.heard()
    })
  }

  /** Its watches of these kinds are late from now on. */
  makeStale(stale: Staleness, kinds: ReadonlyArray<string> = ["Pod", "Node"]): void {
    for (const kind of kinds) {
      const heardUntil = this.#late.get(kind)?.heardUntil ?? this.#heardUntil
      this.#late.set(kind, { stale, heardUntil })
    }
  }

  /** In order; a kind whose watch is or was late has an order of its own. */
  #heardAt(kind: string, at: Instant): Instant {
    const late = this.#late.get(kind)
    if (late === undefined) {
      this.#heardUntil = Math.max(this.#heardUntil, at) as Instant
      return this.#heardUntil
    }
    late.heardUntil = Math.max(late.heardUntil, heardAt(late.stale, this.#o.engine.now, at)) as Instant
    return late.heardUntil
  }

  #hear(kind: string, handle: () => void): void {
    const { engine } = this.#o
    const at = this.#heardAt(kind, later(engine.now, this.#o.latency("watch", this.#watch)))
    if (!Number.isFinite(at)) return
    engine.schedule("scheduler", at, () => {
      handle()
      this.#go()
    })
  }

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
    this.#clocks.set()
  }

  /** An attempt's own chance: it depends on the pod and on how often it was tried, not on the pods around it. */
  #draws({ info, attempts }: QueuedPod): RandomStream {
    return new RandomStream(this.#o.seed, `scheduler/${info.uid}`, DRAWS * attempts)
  }

  /** The rules see the cluster as it is at the end of the cycle, so that nothing that happened meanwhile has to be caught up with. */
  #cycle(queued: QueuedPod, random: RandomStream): void {
    const pod = this.#known.pods.get(queued.info.uid)
    if (pod === undefined || isAssigned(pod) || this.#queue.has(queued.info.uid)) return
    if (pod.metadata.deletionTimestamp !== undefined) {
      return this.#tell(pod, `skip schedule deleting pod: ${pod.metadata.namespace}/${pod.metadata.name}`)
    }
    const info = pod === queued.info.pod ? queued.info : this.#cache.infoOf(pod)
    const current = { ...queued, info }
    const result = schedulePod(info, this.#cache, { start: this.#nextNode, tieBreak: random.next() })
    this.#nextNode = result.next
    if (result._tag === "Suggested") return this.#bind(current, result.node, random)
    const { message, nomination, rejectors } = result
    this.#giveUp(current, { reason: "Unschedulable", message, rejectors, nomination, random })
    if (nomination._tag === "Nominated") this.#preempt(info, nomination, random)
  }

  /** Takes the node for granted, so that the next cycle need not wait for the API server. */
  #bind(queued: QueuedPod, node: string, random: RandomStream): void {
    const { engine } = this.#o
    const { pod, uid } = queued.info
    const cached = this.#cache.getNode(node)
    const wanted = cached && volumesToBind(queued.info, this.#cache, cached)
    const assumed = wanted && this.#volumes.assume(wanted, node)
    this.#known.assumed.add(uid)
    this.#cache.nominator.delete(uid)
    this.#cache.putPod(queued.info, node)
    carryOut(engine, "scheduler/binding", this.#bound(pod, node, random, assumed), (refusal) => {
      if (refusal !== undefined) {
        if (assumed !== undefined) this.#volumes.revert(assumed)
        return this.#bindingFailed(queued, refusal, random)
      }
      const note = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${node}`
      this.#recorder.record(pod, { type: "Normal", reason: "Scheduled", action: "Binding", note })
    })
  }

  /** The binding cycle: what keeps it, if anything does. While volumes are bound the pod says where it will be (C-252). */
  *#bound(
    pod: PodObject,
    node: string,
    random: RandomStream,
    assumed: AssumedVolumes | undefined
  ): Course<string | undefined> {
    const { api } = this.#o
    if (assumed !== undefined) {
      yield this.#turn("patch", random)
      api.patchStatus(pod, { nominatedNodeName: node })
      const refusal = yield* this.#volumes.bind(pod, assumed)
      if (refusal !== undefined) return `running PreBind plugin "VolumeBinding": ${refusal}`
    }
    yield this.#turn("bind", random)
    const refusal = api.bind(pod, node)
    return refusal === undefined ? undefined : `running Bind plugin "DefaultBinder": ${refusal}`
  }

  /** How long a request takes from now on, its client's limit included. */
  #turn(name: "bind" | "patch", random: RandomStream): number {
    const { engine, latency } = this.#o
    return later(this.#limiter.reserve(engine.now), latency(name, random)) - engine.now
  }

  /** An error like any other: it is told, and if the pod is still there it is tried again after a while. */
  #bindingFailed(queued: QueuedPod, message: string, random: RandomStream): void {
    if (this.#known.assumed.has(queued.info.uid)) this.#known.free(queued.info)
    this.#giveUp(queued, { reason: "SchedulerError", message, rejectors: new Set(), nomination: CLEARED, random })
    this.#go()
  }

  #giveUp(queued: QueuedPod, why: GivenUp): void {
    const { engine, api, latency } = this.#o
    const known = this.#known.pods.get(queued.info.uid)
    const pod = known ?? queued.info.pod
    const info = pod === queued.info.pod ? queued.info : this.#cache.infoOf(pod)
    if (known !== undefined && !isAssigned(known)) {
      this.#queue.giveBack({ ...queued, info }, why.rejectors, engine.now)
      this.#keep(info, why.nomination)
    }
    this.#tell(pod, why.message)
    const condition = schedulingFailed(pod, engine.now, why)
    const kept = this.#nominationPatch(pod, why.nomination)
    if (condition === undefined && kept === undefined) return
    const at = later(this.#limiter.reserve(engine.now), latency("patch", why.random))
    engine.schedule("scheduler/status", at, () => api.patchStatus(pod, { condition, nominatedNodeName: kept }))
  }

  /** AddNominatedPod. */
  #keep(info: PodInfo, nomination: Nomination): void {
    const node =
      nomination._tag === "Nominated"
        ? nomination.candidate.node
        : nomination._tag === "Cleared"
          ? ""
          : nominatedNode(info.pod)
    if (node === "") this.#cache.nominator.delete(info.uid)
    else this.#cache.nominator.put(info, node)
  }

  /** What is to be written of it; `undefined`: nothing new. */
  #nominationPatch(pod: PodObject, nomination: Nomination): string | undefined {
    if (nomination._tag === "Unchanged") return undefined
    const node = nomination._tag === "Nominated" ? nomination.candidate.node : ""
    return node === nominatedNode(pod) ? undefined : node
  }

  /** Pods of lower priority for which the node was kept lose it; the victims are told meanwhile. */
  #preempt(info: PodInfo, { candidate }: Extract<Nomination, { _tag: "Nominated" }>, random: RandomStream): void {
    const lower = [...this.#cache.nominator.on(candidate.node)].filter(({ priority }) => priority < info.priority)
    this.#executor.start({ info, random }, candidate, lower)
  }

  #tell(pod: PodObject, message: string): void {
    this.#recorder.record(pod, {
      type: "Warning",
      reason: "FailedScheduling",
      action: "Scheduling",
      note: truncateMessage(message)
    })
  }
}
