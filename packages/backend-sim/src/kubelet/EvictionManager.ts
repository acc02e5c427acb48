/**
 * Looks every ten seconds at what is left of the node, and ends pods when it is too little (`pkg/kubelet/eviction/eviction_manager.go`;
 * K-280…K-285). While nothing on the node could run short it does not look.
 */
import {
  diskUsage,
  type EvictionConfig,
  evictionMessage,
  failedBy,
  type Instant,
  inEvictionOrder,
  isCriticalPod,
  later,
  localStorageViolation,
  type NodeUsage,
  noPressure,
  type Observations,
  observe,
  type PodObject,
  type PodStats,
  type Pressure,
  type PressureResource,
  type PressureState,
  parsePod,
  pressureLimit,
  rankPods,
  resourceOf,
  SECOND,
  synchronize,
  type Threshold
} from "@kubereel/core"
import type { Handle } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { killPodNow } from "./killPodNow.ts"
import { recordNodeEvent } from "./nodeEvents.ts"
import type { PodWorker } from "./PodWorker.ts"
import { recordPodEvent } from "./podEvents.ts"
import type { StatsProvider } from "./StatsProvider.ts"

const MONITORING_PERIOD = 10 * SECOND
const CLEANUP_POLL = SECOND
const CLEANUP_POLLS = 30
/** Seconds that a pod gets when there is no time to lose. */
const IMMEDIATE = 1

type Amounts = NodeUsage["outside"]

export interface EvictionManagerOptions {
  readonly node: KubeletNode
  readonly entity: string
  readonly name: string
  readonly random: RandomStream
  readonly config: EvictionConfig
  /** Of the machine: bytes of memory and disk, and processes. */
  readonly capacity: () => Amounts
  readonly stats: StatsProvider
  readonly activePods: () => ReadonlyArray<PodObject>
  readonly worker: (uid: string) => PodWorker | undefined
  /** The node's conditions of pressure have changed. */
  readonly onConditions: () => void
}

interface Eviction {
  readonly pod: PodObject
  readonly grace: number
  readonly message: string
  readonly annotations?: { readonly [key: string]: string }
  /** Said of the pod as the condition DisruptionTarget, too. */
  readonly disrupts: boolean
}

export class EvictionManager {
  readonly #o: EvictionManagerOptions
  #state: PressureState = noPressure
  #outside: Amounts = { memory: 0, disk: 0, pids: 0 }
  /** A look was taken, or would have been, at this moment. */
  #looked: Instant
  #scheduled: Handle | undefined
  #busy = false
  #stopped = false

  constructor(options: EvictionManagerOptions) {
    this.#o = options
    this.#looked = later(options.node.engine.now, -Math.floor(options.random.next() * MONITORING_PERIOD))
  }

  /** `MemoryPressure`, `DiskPressure`, `PIDPressure`: those that hold. */
  get conditions(): ReadonlyArray<string> {
    return this.#state.conditions
  }

  /** Something beside the pods takes so much that only this is left; what is not named is as it should be. */
  press(pressure: ReadonlyArray<Pressure>): void {
    const { config } = this.#o
    const capacity = this.#o.capacity()
    const pods = this.#usage(this.#o.activePods()).pods
    const outside = (resource: PressureResource): number => {
      const wanted = pressure.find((one) => one.resource === resource)
      if (wanted === undefined) return 0
      const left = wanted.available ?? pressureLimit(config, resource, capacity[resource])
      return left === undefined ? 0 : Math.max(capacity[resource] - pods[resource] - left, 0)
    }
    this.#outside = { memory: outside("memory"), disk: outside("disk"), pids: outside("pids") }
    this.#schedule()
  }

  /** A container of the pod has started or ended. */
  changed(uid: string): void {
    if (this.#scheduled === undefined && this.#o.stats.saysUsage(uid)) this.#schedule()
  }

  /** The kubelet ends. */
  stop(): void {
    this.#stopped = true
    if (this.#scheduled !== undefined) this.#o.node.engine.cancel(this.#scheduled)
  }

  #schedule(): void {
    if (this.#scheduled !== undefined || this.#busy || this.#stopped) return
    const { engine } = this.#o.node
    const looks = Math.floor((engine.now - this.#looked) / MONITORING_PERIOD) + 1
    this.#looked = later(this.#looked, looks * MONITORING_PERIOD)
    this.#scheduled = engine.schedule(this.#o.entity, this.#looked, () => this.#look())
  }

  #mayRunShort(): boolean {
    const { conditions, firstObserved } = this.#state
    return (
      conditions.length + firstObserved.size > 0 ||
      Object.values(this.#outside).some((amount) => amount > 0) ||
      this.#o.activePods().some(({ metadata }) => this.#o.stats.saysUsage(metadata.uid ?? ""))
    )
  }

  #look(): void {
    this.#scheduled = undefined
    this.#looked = this.#o.node.engine.now
    const pods = this.#o.activePods()
    const observations = observe(this.#usage(pods))
    const before = this.#state.conditions
    this.#state = synchronize(this.#o.config, this.#state, observations, this.#looked)
    if (before.join() !== this.#state.conditions.join()) this.#o.onConditions()
    const evictions = this.#violations(pods)
    const chosen = evictions.length > 0 ? evictions : this.#underPressure(pods, observations)
    if (chosen.length > 0) return this.#evictAll(chosen)
    if (this.#mayRunShort()) this.#schedule()
  }

  #usage(pods: ReadonlyArray<PodObject>): NodeUsage {
    const sum = { memory: 0, disk: 0, pids: 0 }
    for (const pod of pods) {
      const stats = this.#o.stats.podStats(pod)
      if (stats === undefined) continue
      sum.memory += stats.memory
      sum.disk += diskUsage(pod, stats)
      sum.pids += stats.processes
    }
    return { capacity: this.#o.capacity(), outside: this.#outside, pods: sum }
  }

  /** All pods that use more of the disk than they may. */
  #violations(pods: ReadonlyArray<PodObject>): ReadonlyArray<Eviction> {
    return pods.flatMap((pod) => {
      const stats = this.#o.stats.podStats(pod)
      const message = stats === undefined || isCriticalPod(pod) ? undefined : localStorageViolation(pod, stats)
      return message === undefined ? [] : [{ pod, grace: IMMEDIATE, message, disrupts: false }]
    })
  }

  /** At most one pod. */
  #underPressure(pods: ReadonlyArray<PodObject>, observations: Observations): ReadonlyArray<Eviction> {
    const thresholds = inEvictionOrder(this.#state.met, () => this.#o.random.next())
    const [pressing] = thresholds
    if (pressing === undefined) return []
    const resource = resourceOf(pressing.signal)
    this.#recordNodeEvent(resource)
    const stats = (pod: PodObject): PodStats | undefined => this.#o.stats.podStats(pod)
    const pod = rankPods(pressing.signal, pods, stats).find((one) => !isCriticalPod(one))
    if (pod === undefined) return []
    const words = evictionMessage(resource, pod, stats, { thresholds, observations })
    return [{ pod, grace: this.#grace(pressing, pod), disrupts: true, ...words }]
  }

  #grace({ gracePeriod }: Threshold, { spec }: PodObject): number {
    const { maxPodGracePeriod } = this.#o.config
    if (gracePeriod === 0) return IMMEDIATE
    return Math.min(maxPodGracePeriod, spec.terminationGracePeriodSeconds ?? maxPodGracePeriod)
  }

  #recordNodeEvent(resource: string): void {
    const { name, node } = this.#o
    const message = `Attempting to reclaim ${resource}`
    recordNodeEvent(node, name, { type: "Warning", reason: "EvictionThresholdMet", message })
  }

  /** One after the other, each until it is dead; then the next look comes as soon as they are cleaned up. */
  #evictAll(evictions: ReadonlyArray<Eviction>): void {
    this.#busy = true
    const next = (index: number): void => {
      const eviction = evictions[index]
      if (eviction === undefined) return this.#waitForCleanup(evictions, 1)
      this.#evict(eviction, () => next(index + 1))
    }
    next(0)
  }

  #evict({ annotations, disrupts, grace, message, pod }: Eviction, done: () => void): void {
    const { node, worker: workerOf } = this.#o
    const worker = workerOf(pod.metadata.uid ?? "")
    if (worker === undefined) return done()
    const reason = "Evicted"
    recordPodEvent(node, parsePod(pod), {
      type: "Warning",
      reason,
      message,
      ...(annotations === undefined ? {} : { annotations })
    })
    const words = { reason, message, ...(disrupts ? { condition: message } : {}) }
    killPodNow(node, { pod, worker, grace, status: (status) => failedBy(status, words) }, done)
  }

  #waitForCleanup(evictions: ReadonlyArray<Eviction>, poll: number): void {
    this.#scheduled = this.#o.node.engine.after(this.#o.entity, CLEANUP_POLL, () => {
      const clean = evictions.every(({ pod }) => this.#o.worker(pod.metadata.uid ?? "")?.finished !== false)
      if (!clean && poll < CLEANUP_POLLS) return this.#waitForCleanup(evictions, poll + 1)
      this.#busy = false
      if (!this.#stopped) this.#look()
    })
  }
}
