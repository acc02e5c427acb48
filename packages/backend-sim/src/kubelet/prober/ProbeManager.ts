/**
 * A kubelet's probes: a worker for each, the results that they publish, and who hears of them
 * (`pkg/kubelet/prober/prober_manager.go`, `results/results_manager.go`; K-150, K-159, K-170).
 */
import {
  type ContainerSpec,
  isRestartableInitContainer,
  manualTriggers,
  type Pod,
  type ProbeEvent,
  type ProbeResult,
  type ProbeResults,
  type ProbeType,
  type ProbeWorker as Task
} from "@kubereel/core"
import type { RandomStream } from "../../engine/Random.ts"
import type { PublishedResult } from "./handleProbeResult.ts"
import type { ProbeHost } from "./ProbeHost.ts"
import { ProbeWorker } from "./ProbeWorker.ts"

export interface ProbeManagerOptions
  extends Pick<ProbeHost, "engine" | "stream" | "profile" | "runtime" | "start" | "everyTick" | "status"> {
  /** Ranks what the sync loop hears among everything else that happens in that moment. */
  readonly entity: string
  readonly record: (pod: Pod, container: string, event: ProbeEvent) => void
  /** Results that are new, or others than before; the kubelet's sync loop hears of those of one moment before any sync begins. */
  /** A worker or its result came or went. */
  readonly onChange: (uid: string) => void
  readonly onResults: (uid: string, results: ReadonlyArray<PublishedResult>) => void
}

interface ProbedPod {
  /** By container and kind of probe, in the order in which they were made. */
  readonly workers: Map<string, ProbeWorker>
  /** By kind of probe and the runtime's ID of the container. */
  readonly results: Map<string, ProbeResult>
  readonly random: RandomStream
  /** Published, and not heard of yet. */
  news: ReadonlyArray<PublishedResult>
}

const keyOf = (container: string, type: ProbeType): string => `${container}/${type}`

/** The probes of a container in the order in which their workers are made. */
const probesOf = (container: ContainerSpec): ReadonlyArray<readonly [ProbeType, Task["probe"]]> =>
  (["startup", "readiness", "liveness"] as const).flatMap((type) => {
    const probe = container[`${type}Probe`]
    return probe === undefined ? [] : [[type, probe] as const]
  })

export class ProbeManager {
  readonly #o: ProbeManagerOptions
  readonly #host: ProbeHost
  readonly #pods = new Map<string, ProbedPod>()
  #visits = 0

  constructor(options: ProbeManagerOptions) {
    this.#o = options
    this.#host = {
      ...options,
      record: (task, event) => options.record(task.pod, task.container.name, event),
      published: (task, id) => this.#of(task)?.results.get(keyOf(id, task.type)),
      publish: (task, id, result) => this.#publish(task, id, result),
      drop: (task, id) => this.#of(task)?.results.delete(keyOf(id, task.type)) === true && this.#told(task),
      ended: (task) =>
        this.#of(task)?.workers.delete(keyOf(task.container.name, task.type)) === true && this.#told(task),
      visited: () => this.#visits++
    }
  }

  /** How often a worker was looked at. */
  get visits(): number {
    return this.#visits
  }

  /** Makes the workers of a pod, regular containers first, then sidecars. As in a kubelet one that exists ends it: the rest is taken to be there, too. Answers whether it made one. */
  addPod(pod: Pod): boolean {
    let made = false
    const sidecars = (pod.spec.initContainers ?? []).filter(isRestartableInitContainer)
    for (const container of [...pod.spec.containers, ...sidecars]) {
      for (const [type, probe] of probesOf(container)) {
        const { workers } = this.#pod(pod)
        const key = keyOf(container.name, type)
        if (workers.has(key)) return made
        made = true
        const task = { pod, container, sidecar: sidecars.includes(container), type, probe, proberStart: this.#o.start }
        workers.set(key, new ProbeWorker(this.#host, task))
      }
    }
    return made
  }

  /** What the probes of a pod have said so far. */
  results(uid: string): ProbeResults {
    const pod = this.#pods.get(uid)
    return {
      get: (type, id) => pod?.results.get(keyOf(id, type)),
      start: this.#o.start,
      hasWorker: (type, container) => pod?.workers.has(keyOf(container, type)) === true
    }
  }

  /**
   * Asks at once for the readiness that a generated status does not know yet, around the moment at which it is stored (`store`): a
   * worker that wakes up too early still sees the old one.
   */
  triggerAround(status: Pod, store: () => void): void {
    const uid = status.metadata.uid ?? ""
    const pod = this.#pods.get(uid)
    const asked = pod === undefined ? [] : manualTriggers(status.containers, this.results(uid))
    const early = asked.map(() => (pod?.random.next() ?? 1) < this.#o.profile.probeTooEarly)
    const trigger = (now: boolean) =>
      asked.forEach((container, i) => {
        if (early[i] === now) pod?.workers.get(keyOf(container, "readiness"))?.trigger(now)
      })
    trigger(true)
    store()
    trigger(false)
  }

  /** Liveness and startup probes of regular containers end with the pod's termination; sidecars are still needed (K-170). */
  stopLivenessAndStartup(pod: Pod): void {
    const regular = new Set(pod.spec.containers.map(({ name }) => name))
    this.#each(pod.metadata.uid ?? "", (worker) => {
      if (worker.task.type !== "readiness" && regular.has(worker.task.container.name)) worker.stop()
    })
  }

  removePod(uid: string): void {
    this.#each(uid, (worker) => worker.stop())
  }

  /** The sync in which the pod's workers were made is called off: it is about to end (K-012). */
  cancel(uid: string): void {
    this.#each(uid, (worker) => worker.cancel())
  }

  /** The pod's status, or what runs of it, is another one. */
  changed(uid: string): void {
    this.#each(uid, (worker) => worker.settle())
  }

  forget(uid: string): void {
    this.#each(uid, (worker) => worker.abandon())
    this.#pods.delete(uid)
  }

  /** The kubelet's process ends, and what it knew is gone. */
  stop(): void {
    for (const uid of [...this.#pods.keys()]) this.forget(uid)
  }

  #each(uid: string, act: (worker: ProbeWorker) => void): void {
    const workers = this.#pods.get(uid)?.workers
    if (workers !== undefined) for (const worker of [...workers.values()]) act(worker)
  }

  #pod(pod: Pod): ProbedPod {
    const uid = pod.metadata.uid ?? ""
    const known = this.#pods.get(uid)
    if (known !== undefined) return known
    const { name, namespace } = pod.metadata
    const random = this.#o.stream(`probe-triggers/${namespace}/${name}/${uid}`)
    const made: ProbedPod = { workers: new Map(), results: new Map(), random, news: [] }
    this.#pods.set(uid, made)
    return made
  }

  #of({ pod }: Task): ProbedPod | undefined {
    return this.#pods.get(pod.metadata.uid ?? "")
  }

  #told({ pod }: Task): void {
    this.#o.onChange(pod.metadata.uid ?? "")
  }

  /** Only what is new is told (K-159). */
  #publish(task: Task, id: string, result: ProbeResult): void {
    const pod = this.#of(task)
    const key = keyOf(id, task.type)
    if (pod === undefined || pod.results.get(key) === result) return
    this.#told(task)
    pod.results.set(key, result)
    pod.news = [...pod.news, { type: task.type, id, result }]
    if (pod.news.length > 1) return
    this.#o.engine.after(this.#o.entity, 0, () => {
      const { news } = pod
      pod.news = []
      this.#o.onResults(task.pod.metadata.uid ?? "", news)
    })
  }
}
