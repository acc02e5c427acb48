/**
 * Simulated machines with our kubelets that live under a real API server. Whoever owns this hands over what the server's watches show,
 * sends what the kubelets ask for, and drives the engine by the wall's clock; nothing in here knows of either.
 */
import {
  compareResourceVersions,
  type ImageSpec,
  type Instant,
  type Intention,
  isNode,
  isPod,
  type KubernetesObject,
  later,
  latestRelease,
  type NodeSpec,
  type PodObject,
  type Program,
  releaseOf,
  SECOND,
  type ServedKubelet
} from "@kubereel/core"
import { DEFAULT_HANDLER, nodeObject } from "../apiserver/nodeObject.ts"
import { type Change, Store } from "../apiserver/Store.ts"
import { Engine } from "../engine/Engine.ts"
import { stream } from "../engine/Random.ts"
import { actOn } from "../kubelet/actOn.ts"
import { Machine, POD_ADDRESSES } from "../kubelet/Machine.ts"
import { nodeAddress, podNetwork, podSubnet } from "../network/addresses.ts"
import { ClusterNetwork } from "../network/ClusterNetwork.ts"
import { NodeNetwork } from "../network/NodeNetwork.ts"
import { type Environments, environmentOf, environments } from "../profile/Environment.ts"
import type { Fault } from "../runtime/Faults.ts"
import type { RuntimeOptions } from "../runtime/RuntimeOptions.ts"
import { LivePods } from "../served/LivePods.ts"
import { liveProfile } from "./liveProfile.ts"
import { RemoteApi, type Send } from "./RemoteApi.ts"

export interface JoinedNodesOptions {
  readonly start: Instant
  readonly seed: number
  /** Of the control plane: `v1.36.3`. */
  readonly kubernetes: string
  readonly nodes: ReadonlyArray<NodeSpec>
  readonly images: ReadonlyArray<ImageSpec>
  /** Those of the pods of a namespace. */
  readonly programs: (namespace: string) => ReadonlyArray<Program>
  readonly undeclared?: RuntimeOptions["undeclared"]
  readonly send: Send
  /** Where their kubelets are asked; absent: nowhere. */
  readonly endpoints?: Endpoints
  /** Of each node, by which its pods' addresses are counted; default 0, 1, 2, … */
  readonly numbers?: ReadonlyArray<number>
  readonly profiles?: Environments
}

export interface Endpoints {
  /** Of all the nodes. */
  readonly address: string
  /** One a node. */
  readonly ports: ReadonlyArray<number>
}

/** By this annotation its Node is known to be one of ours. */
export const JOINED = "kubereel.dev/joined"

/** Which addresses the pods of one of ours have. */
export const POD_CIDR = "kubereel.dev/pod-cidr"

/** Nodes begin one after the other: so many in a second. */
const STARTS_A_SECOND = 100

/** What nobody but a kubelet's caches hears of. */
const cached: ReadonlySet<string> = new Set(["ConfigMap", "Secret", "PersistentVolumeClaim", "RuntimeClass"])

export class JoinedNodes {
  readonly #o: JoinedNodesOptions
  readonly #engine: Engine
  readonly #store = new Store(0)
  readonly #network: ClusterNetwork
  readonly #machines = new Map<string, Machine>()
  readonly #pods: LivePods

  constructor(options: JoinedNodesOptions) {
    this.#o = options
    this.#engine = new Engine(options.start)
    const { controlPlane } = environmentOf(undefined, environments)
    this.#network = new ClusterNetwork(this.#engine, this.#store, options.seed, controlPlane)
    for (const [index, spec] of options.nodes.entries()) this.#add(spec, index)
    this.#pods = new LivePods({
      engine: this.#engine,
      machines: { get: (node = "") => this.#machines.get(node) },
      api: {
        getPod: (namespace, name) => {
          const pod = this.#store.get("Pod", namespace, name)
          return pod !== undefined && isPod(pod) ? pod : undefined
        }
      }
    })
  }

  /** Their kubelets begin, one after the other, and register them. */
  begin(): void {
    for (const [index, [name, machine]] of [...this.#machines].entries()) {
      const at = later(this.#engine.now, Math.floor((index * SECOND) / STARTS_A_SECOND))
      this.#engine.schedule(`machine/${name}`, at, () => machine.join())
    }
  }

  /** Nothing happens before that moment by itself; `undefined`: ever. */
  get soonest(): Instant | undefined {
    const [soonest, next] = [this.#engine.soonest, this.#pods.next(this.#engine.now)]
    return soonest === undefined || next === undefined ? (soonest ?? next) : (Math.min(soonest, next) as Instant)
  }

  /** Runs until that moment, or until `budget` things happened: then `false`. */
  run(to: Instant, budget: number): boolean {
    const done = to < this.#engine.now || this.#engine.runUntil(to, budget)
    this.#pods.look(this.#engine.now)
    return done
  }

  /** What the kubelet of that node answers to whoever asks it. `undefined`: there is no such node. */
  kubelet(name: string): ServedKubelet | undefined {
    const machine = this.#machines.get(name)
    if (machine === undefined) return undefined
    const isHere = (pod: KubernetesObject): pod is PodObject => isPod(pod) && pod.spec.nodeName === name
    return {
      name,
      answers: () => machine.answers,
      pods: async () => this.#store.list("Pod").filter(isHere),
      of: this.#pods
    }
  }

  has(name: string | undefined): boolean {
    return this.#machines.has(name ?? "")
  }

  /** What is known of an object of the server. */
  known(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined {
    return this.#store.get(kind, namespace, name)
  }

  list(kind: string): ReadonlyArray<KubernetesObject> {
    return this.#store.list(kind)
  }

  /** A watch of the server shows a change. Pods of other nodes are not kept. */
  hear(change: Change, object: KubernetesObject): void {
    if (isPod(object) && !this.has(object.spec.nodeName)) return
    if (this.#isNewer(object)) this.#store.keep(change, object)
    if (isPod(object)) this.#machines.get(object.spec.nodeName ?? "")?.hear(change, object)
    if (isNode(object) && change === "MODIFIED") this.#machines.get(object.metadata.name)?.hearNode(object)
    if (cached.has(object.kind)) for (const machine of this.#machines.values()) machine.hearObject(change, object)
  }

  /** What somebody does to one of the machines. `false`: there is none of that name. */
  act(intention: Extract<Intention, { readonly _tag: "Node" }>): boolean {
    const machine = this.#machines.get(intention.name)
    if (machine !== undefined) actOn(machine, intention)
    return machine !== undefined
  }

  fault(fault: Fault): boolean {
    const machine = this.#machines.get(fault.node)
    machine?.fault(fault)
    return machine !== undefined
  }

  /** No call to the runtime of that machine fails any more. */
  heal(node: string): boolean {
    const machine = this.#machines.get(node)
    machine?.endFaults()
    return machine !== undefined
  }

  /** A signal for a container's process; `(sandbox)`: the pod's sandbox dies. `false`: no such process runs. */
  kill(pod: KubernetesObject, container: string, signal: number): boolean {
    const { uid = "" } = pod.metadata
    const machine = isPod(pod) ? this.#machines.get(pod.spec.nodeName ?? "") : undefined
    return (container === "(sandbox)" ? machine?.killSandbox(uid) : machine?.kill(uid, container, signal)) === true
  }

  /** Nothing of the machines happens any more. */
  stop(): void {
    for (const machine of this.#machines.values()) machine.powerOff()
  }

  /** An answer is news only of what is there. */
  #learn(object: KubernetesObject): void {
    const known = this.#store.get(object.kind, object.metadata.namespace, object.metadata.name)
    if (known?.metadata.uid === object.metadata.uid && this.#isNewer(object)) this.#store.keep("MODIFIED", object)
  }

  #isNewer({ kind, metadata }: KubernetesObject): boolean {
    const known = this.#store.get(kind, metadata.namespace, metadata.name)?.metadata.resourceVersion ?? "0"
    return (compareResourceVersions(metadata.resourceVersion ?? "0", known) ?? 1) > 0
  }

  #add(spec: NodeSpec, index: number): void {
    const { images, kubernetes, profiles = {}, programs, seed, send, undeclared } = this.#o
    const engine = this.#engine.skewed(spec.clockSkew ?? 0)
    const environment = environmentOf(spec.profile, { ...environments, ...profiles })
    const profile = liveProfile(environment.node)
    const random = stream(seed, `joined/${spec.name}`)
    const { endpoints, numbers } = this.#o
    const number = numbers?.[index] ?? index
    const hostIP = endpoints?.address ?? nodeAddress(number)
    const subnet = podSubnet(number)
    const node = new NodeNetwork(
      { engine: this.#engine, seed, name: spec.name, hostIP, profile, store: this.#store, log: this.#network.log },
      false
    )
    this.#network.join(node, subnet)
    const registered = (bootID: string) =>
      joinedNode(spec, {
        ...{ bootID, address: hostIP, version: kubernetes, now: engine.now },
        ...{ port: endpoints?.ports[index], podCIDR: podNetwork(number) }
      })
    const machine = new Machine({
      ...{ engine, seed, hostIP, images, programs, undeclared, profile, up: false },
      ...{ everyProbeTick: false, everyResync: false, onFact: () => undefined },
      name: spec.name,
      bootID: random.uuid(),
      podIP: (n) => `${subnet}.${(n % POD_ADDRESSES) + 1}`,
      network: { cluster: this.#network, node },
      configuration: spec.kubelet,
      handlers: spec.runtimeHandlers ?? [DEFAULT_HANDLER],
      initialNode: registered,
      release: releaseOf(kubernetes) ?? latestRelease,
      store: this.#store,
      connect: (own) =>
        new RemoteApi({
          ...{ engine: own, name: spec.name, send, store: this.#store, node: registered },
          learn: (object) => this.#learn(object)
        })
    })
    this.#machines.set(spec.name, machine)
    if (spec.staticPods.length > 0) machine.placeStaticPods(spec.staticPods)
  }
}

interface Registered extends Pick<Parameters<typeof nodeObject>[1], "bootID" | "address" | "version" | "now"> {
  /** Of its kubelet; absent: nobody can ask it. */
  readonly port: number | undefined
  readonly podCIDR: string
}

/** Without what the server gives it. */
const joinedNode = (spec: NodeSpec, { podCIDR, port, ...identity }: Registered): KubernetesObject => {
  const node = nodeObject(spec, { ...identity, uid: "", resourceVersion: "" }, false)
  const { annotations, labels, name } = node.metadata
  const { daemonEndpoints: _, ...status } = node["status"] as { readonly [field: string]: unknown }
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith("node.alpha.kubernetes.io/"))
  const metadata = { name, labels, annotations: { ...Object.fromEntries(kept), [JOINED]: "true", [POD_CIDR]: podCIDR } }
  const asked = port === undefined ? {} : { daemonEndpoints: { kubeletEndpoint: { Port: port } } }
  return { ...node, metadata, status: { ...status, ...asked } } as unknown as KubernetesObject
}
