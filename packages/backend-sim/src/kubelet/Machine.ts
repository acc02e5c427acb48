/**
 * A node's machine: its container runtime and what is on its disk, its power, its network, and the kubelet that may run on it.
 * A kubelet that is stopped leaves its containers running; a machine without power leaves what is on disk.
 */
import {
  type Allocation,
  containerNotFound,
  execStatus,
  type HttpReply,
  type ImageSpec,
  isPod,
  type KubeletConfiguration,
  type KubernetesObject,
  type KubernetesRelease,
  type Micros,
  type Network,
  type NodeObject,
  type PodEvent,
  type PodObject,
  type PodRef,
  type Pressure,
  type PulledRecord,
  type Status,
  usualHostPaths
} from "@kubereel/core"
import type { Change, Store } from "../apiserver/Store.ts"
import type { Staleness } from "../client/StaleWatch.ts"
import { type Decisions, decisions } from "../defect/Decisions.ts"
import type { Engine, Handle } from "../engine/Engine.ts"
import { type RandomStream, stream } from "../engine/Random.ts"
import { commandReply } from "../network/command.ts"
import { answerOf } from "../network/exchange.ts"
import type { NodeNetwork } from "../network/NodeNetwork.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { type Quantiles, quantile } from "../profile/quantiles.ts"
import { type Answerer, declares, type ExecReply } from "../runtime/answers.ts"
import { type Fault, Faults } from "../runtime/Faults.ts"
import { Images } from "../runtime/Images.ts"
import type { Process } from "../runtime/Process.ts"
import { Runtime } from "../runtime/Runtime.ts"
import type { RuntimeOptions } from "../runtime/RuntimeOptions.ts"
import { Kubelet } from "./Kubelet.ts"
import type { KubeletApi } from "./KubeletApi.ts"
import { type ContainerPoint, ResourceMetrics } from "./ResourceMetrics.ts"

export interface MachineOptions {
  readonly engine: Engine
  readonly seed: number
  readonly name: string
  readonly hostIP: string
  /** Of its first boot. */
  readonly bootID: string
  /** The n-th of the `POD_ADDRESSES` addresses of the node's pods, and again the first after the last. */
  readonly podIP: (index: number) => string
  readonly network: RuntimeOptions["network"]
  readonly profile: NodeProfile
  readonly configuration: KubeletConfiguration
  readonly handlers: RuntimeOptions["handlers"]
  /** It is long up when the cluster begins; else it has no power yet. */
  readonly up: boolean
  /** What a kubelet of that boot takes its Node to be before it is registered. */
  readonly initialNode: (bootID: string) => KubernetesObject
  readonly release: KubernetesRelease
  readonly store: Store
  /** A kubelet's connection to the API server. `engine`: of its process. */
  readonly connect: (engine: Engine) => KubeletApi
  readonly images: ReadonlyArray<ImageSpec>
  readonly programs: RuntimeOptions["programs"]
  readonly undeclared?: RuntimeOptions["undeclared"]
  readonly everyProbeTick: boolean
  readonly everyResync: boolean
  /** As Kubernetes decides if absent. */
  readonly decide?: Decisions
  readonly onFact: (pod: PodRef, event: PodEvent) => void
}

export const POD_ADDRESSES = 254

export class Machine {
  readonly #o: MachineOptions
  readonly #random: RandomStream
  readonly #faults = new Faults()
  readonly #runtime: Runtime
  readonly #metrics: ResourceMetrics
  readonly #images: Images
  readonly #pulledRecords = new Map<string, PulledRecord>()
  readonly #hostPaths = new Map(usualHostPaths)
  readonly #allocated = new Map<string, Allocation>()
  readonly #volumesInUse = new Map<string, Set<string>>()
  #kubelet: Kubelet | undefined
  /** The kubelet or the machine is starting. */
  #starting: Handle | undefined
  #incarnation = 0
  #powered = true
  /** It has announced that it goes down, and the kubelet holds that up: what lets it. */
  #shutdown: (() => void) | undefined
  /** Nothing holds it up any more. */
  #goingDown: Handle | undefined
  #bootID: string
  /** Can it ask others, and others it? */
  #connected = true
  #reachable = true
  #pressure: ReadonlyArray<Pressure> = []
  /** What lies in the directory of static pods. */
  #manifests: ReadonlyArray<KubernetesObject> = []

  constructor(options: MachineOptions) {
    this.#o = options
    this.#random = stream(options.seed, `machine/${options.name}`)
    this.#bootID = options.bootID
    this.#images = new Images({
      engine: options.engine,
      entity: `kubelet/${options.name}/images`,
      profile: options.profile,
      specs: options.images
    })
    this.#runtime = this.#makeRuntime()
    this.#metrics = new ResourceMetrics(
      options.engine,
      stream(options.seed, `machine/${options.name}/metrics`),
      this.#runtime
    )
    this.#powered = options.up
    if (options.up) this.#kubelet = this.#runKubelet()
    // The first process of all is one that is long there.
    else this.#incarnation = 1
  }

  get name(): string {
    return this.#o.name
  }

  get network(): NodeNetwork {
    return this.#o.network.node
  }

  /** How often the probes of its kubelet were looked at. */
  get probeVisits(): number {
    return this.#kubelet?.probeVisits ?? 0
  }

  /** A pod of this node changed on the API server. */
  hear(change: Change, pod: PodObject): void {
    this.#kubelet?.hear(change, pod)
  }

  /** The watch of its kubelet is late from now on. `false`: none runs. */
  makeStale(stale: Staleness): boolean {
    this.#kubelet?.makeStale(stale)
    return this.#kubelet !== undefined
  }

  /** Somebody wrote the node's object. */
  hearNode(node: NodeObject): void {
    this.#kubelet?.hearNode(node)
  }

  /** A ConfigMap or Secret changed. */
  hearObject(change: Change, object: KubernetesObject): void {
    this.#kubelet?.hearObject(change, object)
  }

  /** A signal from outside to a container's process. `false`: no such process runs. */
  kill(uid: string, container: string, signal: number): boolean {
    return this.#runtime.kill(uid, container, signal)
  }

  /** Does its kubelet answer whoever asks it over the network? */
  get answers(): boolean {
    return this.#kubelet !== undefined && this.#reachable
  }

  get hostIP(): string {
    return this.#o.hostIP
  }

  /** The process of a container, also one that has ended, as long as the runtime keeps it. */
  process(uid: string, id: string): Readonly<Process> | undefined {
    return this.#runtime.processes(uid).find(({ container }) => container.id === id)
  }

  /** How a command ends that somebody executes in a container; `undefined`: no kubelet answers. */
  exec(uid: string, container: string, command: ReadonlyArray<string>): Status | undefined {
    if (!this.answers) return undefined
    const process = this.#running(uid, container)
    return process === undefined
      ? containerNotFound(container)
      : execStatus(command, commandReply(process, { runtime: this.#runtime, uid, command, begins: 0 }).answer.exitCode)
  }

  /** The same for whoever wants to read what it prints: only of commands that the program declares. `undefined`: the container does not run. */
  execReply(uid: string, container: string, command: ReadonlyArray<string>): ExecReply | "undeclared" | undefined {
    const process = this.#running(uid, container)
    if (process === undefined) return undefined
    if (!declares(process, command)) return "undeclared"
    return commandReply(process, { runtime: this.#runtime, uid, command, begins: 0 }).answer
  }

  /** What the pod's processes answer to an HTTP request that comes in through the kubelet (`kubectl port-forward`). `undefined`: nobody listens there. */
  httpReply(uid: string, port: number, path: string): Extract<HttpReply, { readonly _tag: "Response" }> | undefined {
    const pod = this.#runtime.networkOf(uid)
    if (pod === undefined) return undefined
    const { cluster, node } = this.#o.network
    const asked = { server: { node, pod }, answerers: this.#runtime.answerers(uid, "") }
    const target = { scheme: "http", host: "localhost", port, path }
    const { reply } = answerOf(cluster, asked, target, { elapsed: 0, waiting: [], hops: [] })
    return reply._tag === "Response" ? reply : undefined
  }

  #running(uid: string, container: string): Answerer | undefined {
    const { containers } = this.#runtime.status(uid)
    const running = containers.find(({ name, state }) => name === container && state === "running")
    return running === undefined ? undefined : this.#runtime.answerer(uid, running.id)
  }

  /** What its kubelet said so long ago that the pod's containers use; `undefined`: none answered. */
  resourceMetrics(uid: string, ago: Micros): ReadonlyArray<ContainerPoint> | undefined {
    return this.#metrics.ago(uid, ago)
  }

  /** The pod's sandbox dies. `false`: it has none. */
  killSandbox(uid: string): boolean {
    return this.#runtime.killSandbox(uid)
  }

  /** Something beside its pods makes the node run short of these, and of nothing else. */
  press(pressure: ReadonlyArray<Pressure>): void {
    this.#pressure = pressure
    this.#kubelet?.press(pressure)
  }

  /** Calls to the runtime fail from now on. */
  fault(fault: Fault): void {
    this.#faults.add(fault, this.#o.engine.now)
    this.#kubelet?.runtimeFaulted()
  }

  /** They succeed again. */
  mend(fault: Fault): void {
    this.#faults.remove(fault)
    this.#kubelet?.runtimeFaulted()
  }

  /** None of them fails any more. */
  endFaults(): void {
    this.#faults.clear()
    this.#kubelet?.runtimeFaulted()
  }

  /** The kubelet's process is killed; its containers run on. With it goes what held a shutdown up. */
  stopKubelet(): void {
    if (this.#shutdown !== undefined) return this.powerOff()
    if (this.#starting !== undefined) this.#o.engine.cancel(this.#starting)
    this.#starting = undefined
    this.#kubelet?.stop()
    this.#kubelet = undefined
    this.#metrics.answers(false)
  }

  /** The kubelet starts, unless it runs already; nothing happens on a machine without power. */
  startKubelet(): void {
    if (this.#kubelet === undefined && this.#starting === undefined && this.#powered)
      this.#begin(this.#o.profile.kubeletStart, () => {
        this.#kubelet = this.#runKubelet()
      })
  }

  /** As a service manager does it: stopped, then started again a moment later. */
  restartKubelet(): void {
    if (!this.#powered) return
    this.stopKubelet()
    if (!this.#powered) return
    this.#begin(this.#o.profile.kubeletRestart, () => {
      this.#starting = undefined
      this.startKubelet()
    })
  }

  /** Everything stops at once, and nobody is told. */
  powerOff(): void {
    this.#shutdown = undefined
    if (this.#goingDown !== undefined) this.#o.engine.cancel(this.#goingDown)
    this.#goingDown = undefined
    this.stopKubelet()
    this.#powered = false
    this.#o.network.node.powerOff()
    this.#runtime.powerOff()
    this.#volumesInUse.clear()
  }

  /** It is told to go down, and does as soon as no kubelet holds that up. */
  shutDown(): void {
    if (!this.#powered || this.#shutdown !== undefined) return
    if (this.#kubelet?.shutdown.inhibits !== true) return this.powerOff()
    const release = () => {
      if (this.#shutdown !== release) return
      const takes = quantile(this.#o.profile.powerOff, this.#random.next())
      this.#goingDown = this.#o.engine.after(`machine/${this.#o.name}`, takes, () => this.powerOff())
    }
    this.#shutdown = release
    this.#kubelet.shutdown.prepare(release)
  }

  /** It boots, and its kubelet starts by itself. A shutdown that is still held up is called off. */
  powerOn(): void {
    if (this.#shutdown !== undefined && this.#goingDown === undefined) {
      this.#shutdown = undefined
      this.#kubelet?.shutdown.cancel()
    }
    if (this.#powered) return
    this.#powered = true
    this.#begin(this.#o.profile.boot, () => {
      this.#starting = undefined
      this.#bootID = this.#random.uuid()
      this.#runtime.recover()
      // kube-proxy is there as soon as the kubelet can be.
      this.#o.network.node.powerOn(this.#o.profile.kubeletStart[3])
      this.startKubelet()
    })
  }

  /** It has been up, and its kubelet begins now. */
  join(): void {
    this.#powered = true
    this.#o.network.node.powerOn(this.#o.profile.kubeletStart[3])
    this.startKubelet()
  }

  /** What passes between the machine and the control plane from now on. */
  setNetwork(network: Network): void {
    const connected = network === "heal" || network === "cut-in"
    this.#reachable = network === "heal" || network === "cut-out"
    this.#o.network.node.connect(connected, this.#reachable)
    this.#metrics.answers(this.#reachable && this.#kubelet !== undefined)
    if (connected === this.#connected) return
    this.#connected = connected
    this.#kubelet?.connect(connected)
  }

  #begin(takes: Quantiles, run: () => void): void {
    this.#starting = this.#o.engine.after(`machine/${this.#o.name}`, quantile(takes, this.#random.next()), run)
  }

  /** From now on these manifests of static pods lie on the machine's disk. */
  placeStaticPods(manifests: ReadonlyArray<KubernetesObject>): void {
    this.#manifests = manifests
    this.#kubelet?.placeStaticPods(manifests)
  }

  #runKubelet(): Kubelet {
    const { configuration, connect, engine, hostIP, name, profile, release, seed, store } = this.#o
    this.#starting = undefined
    const incarnation = this.#incarnation++
    const kubelet = new Kubelet({
      engine,
      seed,
      name,
      incarnation,
      hostIP,
      bootID: this.#bootID,
      initialNode: () => this.#o.initialNode(this.#bootID),
      profile,
      configuration,
      release,
      store,
      connect,
      runtime: this.#runtime,
      images: this.#images,
      pulledRecords: this.#pulledRecords,
      hostPaths: this.#hostPaths,
      allocated: this.#allocated,
      volumesInUse: this.#volumesInUse,
      listPods: () => store.list("Pod").flatMap((pod) => (isPod(pod) && pod.spec.nodeName === name ? [pod] : [])),
      reachable: () => this.#connected,
      everyProbeTick: this.#o.everyProbeTick,
      everyResync: this.#o.everyResync,
      decide: this.#o.decide ?? decisions
    })
    this.#metrics.answers(this.#reachable)
    if (this.#pressure.length > 0) kubelet.press(this.#pressure)
    if (this.#manifests.length > 0) kubelet.placeStaticPods(this.#manifests)
    return kubelet
  }

  #makeRuntime(): Runtime {
    const { engine, handlers, name, network, onFact, podIP, profile, programs, undeclared } = this.#o
    let addresses = 0
    const nextIP = (): string => {
      for (let tries = 1; tries < POD_ADDRESSES && runtime.isTaken(podIP(addresses)); tries++) addresses++
      return podIP(addresses++)
    }
    const runtime = new Runtime({
      engine,
      entity: `kubelet/${name}/runtime`,
      profile,
      programs,
      undeclared,
      faults: this.#faults,
      handlers,
      nextIP,
      network,
      image: (image) => this.#images.status(image) ?? { tag: image, repoDigest: "", user: "" },
      onChange: (uid) => this.#kubelet?.runtimeChanged(uid),
      killsWhenCallerGoes: (this.#o.decide ?? decisions).killsWhenCallerGoes,
      onFact
    })
    network.node.attach(runtime)
    return runtime
  }
}
