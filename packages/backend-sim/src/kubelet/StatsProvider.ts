/**
 * What the pods of a node use, as a kubelet measures it (`pkg/kubelet/stats/cri_stats_provider.go`, `server/stats`): containers every
 * ten seconds, volumes much less often.
 */
import {
  type ContainerSpec,
  type ContainerStats,
  emptyDirsOf,
  type Instant,
  later,
  type Micros,
  type PodObject,
  type PodStats,
  parseQuantity,
  SECOND,
  wholeValue
} from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { Process } from "../runtime/Process.ts"
import type { Runtime } from "../runtime/Runtime.ts"
import { leavesFiles, logSizeAt, memoryAt, ROOTFS, saysUsage, writtenAt } from "../runtime/usage.ts"

/** containerd's `stats_collect_period` and cAdvisor's housekeeping. */
const CONTAINERS_EVERY: Micros = 10 * SECOND
/** `volumeStatsAggPeriod`: how often new pods are looked for, and the shortest time between two measurements of one. */
const VOLUMES_EVERY: Micros = 60 * SECOND

interface Measured {
  readonly volumes: ReadonlyMap<string, number>
  /** When they are measured next. */
  readonly next: Instant
}

export class StatsProvider {
  readonly #engine: Engine
  readonly #random: RandomStream
  readonly #runtime: Runtime
  readonly #phase: Instant
  readonly #volumes = new Map<string, Measured>()

  constructor(engine: Engine, random: RandomStream, runtime: Runtime) {
    this.#engine = engine
    this.#random = random
    this.#runtime = runtime
    this.#phase = later(engine.now, -Math.floor(random.next() * VOLUMES_EVERY))
  }

  /** Does a process of that pod say what it uses, or has one left something behind that still counts? */
  saysUsage(uid: string): boolean {
    return this.#runtime
      .processes(uid)
      .some(({ container, run }) => (container.state === "running" ? saysUsage(run) : leavesFiles(run)))
  }

  /** `undefined`: no container of the pod runs. */
  podStats(pod: PodObject): PodStats | undefined {
    const uid = pod.metadata.uid ?? ""
    const processes = this.#runtime.processes(uid)
    const running = processes.filter(({ container }) => container.state === "running")
    if (running.length === 0) return undefined
    const at = this.#tick(CONTAINERS_EVERY)
    const kept = new Set(this.#runtime.status(uid).containers.map(({ id }) => id))
    const logging = processes.filter(({ container }) => kept.has(container.id))
    const containers = running.map((process) => ({ ...statsOf(process, at), logs: logsOf(process, logging, at) }))
    const volumes = this.#measured(pod)
    const inMemory = emptyDirsOf(pod).filter(({ medium }) => medium === "Memory")
    const tmpfs = inMemory.reduce((sum, { name }) => sum + (volumes.get(name) ?? 0), 0)
    return {
      containers,
      memory: containers.reduce((sum, { memory }) => sum + memory, tmpfs),
      volumes,
      // The sandbox has a process of its own.
      processes: running.length + 1
    }
  }

  forget(uid: string): void {
    this.#volumes.delete(uid)
  }

  /** The last of a series of moments that go back to the kubelet's start. */
  #tick(every: Micros): Instant {
    return later(this.#phase, Math.floor((this.#engine.now - this.#phase) / every) * every)
  }

  /** A pod is found by the next round over all pods; from then on each has a clock of its own (volumeStatCalculator). */
  #measured(pod: PodObject): ReadonlyMap<string, number> {
    const uid = pod.metadata.uid ?? ""
    const now = this.#engine.now
    let known = this.#volumes.get(uid)
    if (known === undefined) {
      const since = this.#runtime.since(uid) ?? now
      const rounds = Math.floor((since - this.#phase) / VOLUMES_EVERY) + 1
      known = { volumes: new Map(), next: later(this.#phase, rounds * VOLUMES_EVERY) }
    }
    while (known.next <= now) {
      const pause = VOLUMES_EVERY + Math.floor(this.#random.next() * VOLUMES_EVERY)
      known = { volumes: this.#volumesAt(pod, known.next), next: later(known.next, pause) }
    }
    this.#volumes.set(uid, known)
    return known.volumes
  }

  /** What each process last wrote stays in the volume when it ends; a volume of memory takes no more than its limit. */
  #volumesAt(pod: PodObject, at: Instant): ReadonlyMap<string, number> {
    const processes = this.#runtime.processes(pod.metadata.uid ?? "")
    return new Map(
      emptyDirsOf(pod).map(({ medium, name, sizeLimit }): [string, number] => {
        const byContainer = new Map<string, number>()
        // The newest last, so that it has the last word.
        for (const { begun, container, run, spec } of processes.toReversed()) {
          const ended = container.finishedAt
          const size = writtenAt(run, Math.min(at, ended ?? at) - begun).get(name)
          if (size !== undefined && mayWrite(spec, name)) byContainer.set(container.name, size)
        }
        const used = [...byContainer.values()].reduce((sum, size) => sum + size, 0)
        const limit = medium === "Memory" && sizeLimit !== undefined ? parseQuantity(sizeLimit) : undefined
        return [name, limit === undefined ? used : Math.min(used, Number(wholeValue(limit)))]
      })
    )
  }
}

/** Into a volume that it does not mount, or mounts read-only, nothing is written. */
const mayWrite = ({ volumeMounts = [] }: ContainerSpec, volume: string): boolean =>
  volumeMounts.some(({ name, readOnly }) => name === volume && readOnly !== true)

const statsOf = ({ begun, container, run }: Readonly<Process>, at: Instant): Omit<ContainerStats, "logs"> => {
  const elapsed = at - begun
  return {
    name: container.name,
    memory: memoryAt(run, elapsed),
    rootfs: writtenAt(run, elapsed).get(ROOTFS) ?? 0
  }
}

/** Each instance has a log file of its own in the container's directory, and the directory is what is measured (podContainerLogMetrics). */
const logsOf = (
  { container: { name } }: Readonly<Process>,
  kept: ReadonlyArray<Readonly<Process>>,
  at: Instant
): number =>
  kept
    .filter(({ container }) => container.name === name)
    .reduce(
      (sum, { begun, container, run }) => sum + logSizeAt(run, Math.min(at, container.finishedAt ?? at) - begun),
      0
    )
