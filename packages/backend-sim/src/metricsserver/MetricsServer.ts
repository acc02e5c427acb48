/**
 * metrics-server: it asks every kubelet what its containers use, and remembers two answers (`sigs.k8s.io/metrics-server`,
 * `pkg/scraper/scraper.go` and `pkg/storage/pod.go`). What it would know is worked out when somebody asks: nothing ticks.
 */
import {
  type ContainerSpec,
  type Instant,
  later,
  type Micros,
  milliValue,
  type PodMetrics,
  type PodObject,
  parseQuantity,
  SECOND
} from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import { type RandomStream, stream } from "../engine/Random.ts"
import type { ContainerPoint } from "../kubelet/ResourceMetrics.ts"
import type { ControlPlaneProfile } from "../profile/ControlPlaneProfile.ts"
import { quantile } from "../profile/quantiles.ts"
import { cpuTime, memoryAt } from "../runtime/usage.ts"

/** Of a container that is younger nothing is said by one measurement alone (freshContainerMinMetricsResolution). */
const FRESH: Micros = 10 * SECOND

/** What a node's kubelet told so long ago of a pod; `undefined`: no kubelet answered. */
export type Scrape = (pod: PodObject, ago: Micros) => ReadonlyArray<ContainerPoint> | undefined

/** A measurement, and since when what it says is counted. */
interface Window {
  readonly last: ContainerPoint
  readonly since: Instant
}

const limitOf = (spec: ContainerSpec, resources: ContainerSpec["resources"]): number | undefined => {
  const quantity = parseQuantity(String((resources ?? spec.resources)?.limits?.["cpu"] ?? ""))
  return quantity === undefined || quantity.nano === 0n ? undefined : Number(milliValue(quantity))
}

/** resourceUsage. A thousandth of a CPU that is begun counts, as `MilliValue` rounds. */
const usageOf = ({ last: { process, timestamp }, since }: Window) => {
  const { begun, container, run, spec } = process
  const used = cpuTime(run, { from: since - begun, to: timestamp - begun }, limitOf(spec, container.resources))
  const cpu = Math.ceil(Number((used / (timestamp - since)).toFixed(6)))
  return { cpu, memory: memoryAt(run, timestamp - begun) * 1_000 }
}

export class MetricsServer {
  readonly #engine: Engine
  readonly #random: RandomStream
  readonly #profile: ControlPlaneProfile["metricsServer"]
  readonly #scrape: Scrape
  readonly #resolution: Micros
  readonly #phase: Instant

  constructor(engine: Engine, seed: number, profile: ControlPlaneProfile["metricsServer"], scrape: Scrape) {
    this.#engine = engine
    this.#random = stream(seed, "metrics-server")
    this.#profile = profile
    this.#scrape = scrape
    this.#resolution = quantile(profile.resolution, this.#random.next())
    this.#phase = later(engine.now, -Math.floor(this.#random.next() * this.#resolution))
  }

  /** `undefined`: it does not know it yet, or does not any more. */
  podMetrics(pod: PodObject): PodMetrics | undefined {
    const ago = this.#engine.now - this.#lastScrape()
    const last = this.#scrape(pod, ago)
    if (last === undefined || last.length === 0) return undefined
    const before = this.#scrape(pod, ago + this.#resolution) ?? []
    const windows = last.map((point) => this.#windowOf(point, before))
    if (!windows.every((window) => window !== undefined)) return undefined
    const oldest = windows.reduce((a, b) => (b.last.timestamp < a.last.timestamp ? b : a))
    const { timestamp } = oldest.last
    return {
      // metav1.Time: whole seconds.
      timestamp: (Math.floor(timestamp / SECOND) * SECOND) as Instant,
      window: timestamp - oldest.since,
      containers: windows.map((window) => ({ name: window.last.name, usage: usageOf(window) }))
    }
  }

  /** Since its start if that was a moment ago, else since the scrape before; not if that saw another instance of it (podStorage.Store). */
  #windowOf(last: ContainerPoint, before: ReadonlyArray<ContainerPoint>): Window | undefined {
    const age = last.timestamp - last.startedAt
    if (age >= FRESH && age < this.#resolution) return { last, since: last.startedAt }
    const known = before.find(({ name, timestamp }) => name === last.name && last.startedAt < timestamp)
    return known === undefined ? undefined : { last, since: known.timestamp }
  }

  /** When the newest answers came in of all that are stored. */
  #lastScrape(): Instant {
    const { now } = this.#engine
    const index = Math.floor((now - this.#phase) / this.#resolution)
    const at = (n: number): Instant => later(this.#phase, n * this.#resolution)
    const stored = later(at(index), quantile(this.#profile.scrape, this.#random.at(index + 2)))
    return at(stored <= now ? index : index - 1)
  }
}
