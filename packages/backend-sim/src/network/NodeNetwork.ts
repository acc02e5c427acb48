/** A node's part of the network: kube-proxy with its rules, and what passes between the node and all others (S-352, S-393, S-415). */
import {
  type Endpoint,
  endpointsOf,
  type Instant,
  type Micros,
  type ProxyNode,
  route,
  SECOND,
  type ServicePort
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"
import type { Engine } from "../engine/Engine.ts"
import { type RandomStream, stream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { quantile } from "../profile/quantiles.ts"
import type { Runtime } from "../runtime/Runtime.ts"
import type { ServiceLog } from "./ServiceLog.ts"
import { ServiceTable } from "./ServiceTable.ts"
import { ServiceView } from "./ServiceView.ts"

export interface NodeNetworkOptions {
  readonly engine: Engine
  readonly seed: number
  readonly name: string
  readonly hostIP: string
  readonly profile: NodeProfile
  readonly store: Store
  readonly log: ServiceLog
}

/** minSyncPeriod (`pkg/proxy/apis/config/v1alpha1/defaults.go`). */
const MIN_SYNC_PERIOD: Micros = SECOND
const ZONE = "topology.kubernetes.io/zone"

/** Where the rules send a connection. */
export type Picked = Endpoint | "Refused" | "Dropped"

export class NodeNetwork {
  readonly #o: NodeNetworkOptions
  /** What its own processes, and connections without a pod, draw from. */
  readonly random: RandomStream
  /** Made when somebody asks, or when it must be known later what was known then. */
  #proxy: ServiceView | undefined
  /** By service port and client: with which endpoint it stays, and until when. */
  readonly #sticky = new Map<string, { readonly endpoint: string; readonly until: Instant }>()
  #sends = true
  #hears = true
  #powered: boolean
  #runtime: Runtime | undefined

  constructor(options: NodeNetworkOptions, powered: boolean) {
    this.#o = options
    this.#powered = powered
    this.random = stream(options.seed, `network/${options.name}`)
  }

  get name(): string {
    return this.#o.name
  }

  get hostIP(): string {
    return this.#o.hostIP
  }

  get profile(): NodeProfile {
    return this.#o.profile
  }

  get runtime(): Runtime {
    if (this.#runtime === undefined) throw new Error(`the node ${this.#o.name} has no runtime`)
    return this.#runtime
  }

  /** What runs on it. */
  attach(runtime: Runtime): void {
    this.#runtime = runtime
  }

  get powered(): boolean {
    return this.#powered
  }

  /** Is there a way to that node and back? */
  reaches(other: NodeNetwork): boolean {
    return other === this || (this.sends && other.hears)
  }

  /** Does anything get out of it? */
  get sends(): boolean {
    return this.#powered && this.#sends
  }

  /** Does anything get into it? */
  get hears(): boolean {
    return this.#powered && this.#hears
  }

  /** What passes between it and the rest from now on. Rules stay as they are while nothing is heard. */
  connect(sends: boolean, hears: boolean): void {
    const before = this.#sends
    this.#sends = sends
    this.#hears = hears
    if (before === sends || !this.#powered) return
    const { engine } = this.#o
    if (sends) this.#view.resume(engine.now, this.#watchDelay(this.#o.log.count), undefined)
    else this.#view.cut(engine.now)
  }

  powerOff(): void {
    if (!this.#powered) return
    this.#view.cut(this.#o.engine.now)
    this.#powered = false
  }

  /** The machine has booted: rules are made anew once kube-proxy runs, which takes so long. */
  powerOn(after: Micros): void {
    this.#powered = true
    this.#sticky.clear()
    if (this.#sends) this.#view.resume(this.#o.engine.now, after, new ServiceTable())
  }

  /** The rule for an address that no node has; `undefined`: there is none. */
  servicePort(protocol: string, ip: string, port: number): ServicePort | undefined {
    return this.#view.at(this.#o.engine.now).portAt(protocol, ip, port)
  }

  /** The rule for a port of the node itself. */
  nodePort(protocol: string, port: number): ServicePort | undefined {
    return this.#view.at(this.#o.engine.now).nodePort(protocol, port)
  }

  /**
   * The endpoint of one new connection: any that the rules have, each as likely (`statistic --mode random`), or the one that this
   * client had last. `client`: its address.
   */
  pick(
    port: ServicePort,
    client: string,
    random: RandomStream,
    connection: { readonly to: "internal" | "external"; readonly fromInside: boolean }
  ): Picked {
    const { engine } = this.#o
    const slices = this.#view.at(engine.now).slicesOf(port.service)
    const routed = route(port, endpointsOf(slices, port.name, port.protocol), this.#node, connection)
    if (routed._tag !== "Endpoints") return routed._tag
    const { endpoints } = routed
    const key = `${port.service}:${port.name} ${client}`
    const known = port.stickyFor === undefined ? undefined : this.#sticky.get(key)
    const kept = endpoints.find(({ ip, port: at }) => known?.endpoint === `${ip}:${at}` && engine.now < known.until)
    const picked = kept ?? endpoints[endpoints.length === 1 ? 0 : random.int(endpoints.length)]
    if (picked === undefined) return "Dropped"
    if (port.stickyFor !== undefined)
      this.#sticky.set(key, {
        endpoint: `${picked.ip}:${picked.port}`,
        until: (engine.now + port.stickyFor) as Instant
      })
    return picked
  }

  get #node(): ProxyNode {
    const labels = this.#o.store.get("Node", undefined, this.#o.name)?.metadata.labels
    return { name: this.#o.name, zone: labels?.[ZONE] ?? "" }
  }

  get #view(): ServiceView {
    this.#proxy ??= new ServiceView({
      log: this.#o.log,
      delay: (change) => this.#watchDelay(change),
      takes: (change) => quantile(this.#o.profile.serviceRules, this.#chance("kube-proxy").at(change)),
      interval: MIN_SYNC_PERIOD
    })
    return this.#proxy
  }

  #watchDelay(change: number): Micros {
    return quantile(this.#o.profile.watch, this.#chance("kube-proxy-watch").at(change))
  }

  /** The same draw for the same change, whoever asks when. */
  #chance(of: string): RandomStream {
    const known = this.#chances.get(of)
    if (known !== undefined) return known
    const made = stream(this.#o.seed, `${of}/${this.#o.name}`)
    this.#chances.set(of, made)
    return made
  }

  readonly #chances = new Map<string, RandomStream>()
}
