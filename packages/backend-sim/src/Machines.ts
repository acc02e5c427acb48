/** The machines of a simulated cluster: those that a scenario names, and those that join and leave while it runs. */
import {
  type Answer,
  alreadyExists,
  apiResource,
  type ImageSpec,
  type Intention,
  type KubernetesObject,
  type KubernetesRelease,
  type NodeSpec,
  type PodEvent,
  type PodRef,
  type Program
} from "@kubereel/core"
import type { ApiServer } from "./apiserver/ApiServer.ts"
import { DEFAULT_HANDLER, nodeObject, registerNode } from "./apiserver/nodeObject.ts"
import type { Store } from "./apiserver/Store.ts"
import { noNode } from "./clusterAnswers.ts"
import type { Decisions } from "./defect/Decisions.ts"
import type { Engine } from "./engine/Engine.ts"
import { stream } from "./engine/Random.ts"
import { actOn } from "./kubelet/actOn.ts"
import { Machine, POD_ADDRESSES } from "./kubelet/Machine.ts"
import { SimulatedApi } from "./kubelet/SimulatedApi.ts"
import { nodeAddress, podSubnet } from "./network/addresses.ts"
import type { ClusterNetwork } from "./network/ClusterNetwork.ts"
import { NodeNetwork } from "./network/NodeNetwork.ts"
import { type Environments, environmentOf } from "./profile/Environment.ts"
import type { NodeProfile } from "./profile/NodeProfile.ts"
import type { Fault } from "./runtime/Faults.ts"
import type { RuntimeOptions } from "./runtime/RuntimeOptions.ts"

type NodeIntention = Extract<Intention, { readonly _tag: "Node" }>

export interface MachinesOptions {
  readonly engine: Engine
  readonly seed: number
  readonly release: KubernetesRelease
  readonly store: Store
  readonly api: ApiServer
  readonly network: ClusterNetwork
  readonly profiles: Environments
  readonly images: ReadonlyArray<ImageSpec>
  readonly programs: ReadonlyArray<Program>
  readonly undeclared?: RuntimeOptions["undeclared"]
  readonly everyProbeTick: boolean
  readonly everyResync: boolean
  readonly decide: Decisions
  readonly onFact: (pod: PodRef, event: PodEvent) => void
}

export class Machines {
  readonly #o: MachinesOptions
  readonly #machines = new Map<string, Machine>()
  /** How many there have been, so that none gets the addresses of another. */
  #count = 0

  constructor(options: MachinesOptions) {
    this.#o = options
  }

  get(name: string | undefined): Machine | undefined {
    return this.#machines.get(name ?? "")
  }

  get all(): ReadonlyArray<Machine> {
    return [...this.#machines.values()]
  }

  /** A machine that is long up, and its Node. */
  begin(spec: NodeSpec): void {
    const { machine, register } = this.#make(spec, true)
    register()
    if (spec.staticPods.length > 0) machine.placeStaticPods(spec.staticPods)
  }

  /** What somebody does to a machine or, as an administrator, to its Node. */
  act(intention: NodeIntention): ReadonlyArray<Answer> {
    const { add, cordon, name, remove } = intention
    if (add !== undefined) return this.#add(add)
    const machine = this.#machines.get(name)
    if (machine === undefined) return [noNode(name)]
    actOn(machine, intention)
    if (remove === true) return this.#remove(machine)
    return cordon === undefined ? [] : this.cordon(name, cordon)
  }

  cordon(name: string, cordoned: boolean): ReadonlyArray<Answer> {
    const body = { spec: { unschedulable: cordoned ? true : null } }
    return [this.#o.api.patch({ kind: "Node", namespace: "", name }, "", { type: "strategic", body })]
  }

  fault(fault: Fault): ReadonlyArray<Answer> {
    const machine = this.#machines.get(fault.node)
    machine?.fault(fault)
    return machine === undefined ? [noNode(fault.node)] : []
  }

  /** It boots, and its kubelet registers its Node. */
  #add(spec: NodeSpec): ReadonlyArray<Answer> {
    const resource = apiResource("Node")
    if (this.#machines.has(spec.name)) {
      const body = alreadyExists(resource, spec.name)
      return [{ status: body.code, body }]
    }
    const { machine } = this.#make(spec, false)
    if (spec.staticPods.length > 0) machine.placeStaticPods(spec.staticPods)
    machine.powerOn()
    return []
  }

  /** Off for good, and whoever runs the machines says so: its Node goes. */
  #remove(machine: Machine): ReadonlyArray<Answer> {
    machine.powerOff()
    this.#machines.delete(machine.name)
    this.#o.network.leave(machine.network)
    return [this.#o.api.delete("Node", "", machine.name, {})]
  }

  #make(spec: NodeSpec, up: boolean): { readonly machine: Machine; readonly register: () => KubernetesObject } {
    const {
      api,
      decide,
      engine,
      everyProbeTick,
      everyResync,
      images,
      onFact,
      profiles,
      programs,
      release,
      seed,
      store
    } = this.#o
    const index = this.#count++
    const random = stream(seed, `node/${spec.name}${up ? "" : `/${index}`}`)
    const address = nodeAddress(index)
    const uids = [random.uuid()]
    const bootID = random.uuid()
    const kubelet = (boot: string) => ({ bootID: boot, address, version: release.version, now: engine.now })
    const register = (boot: string, joins: boolean): KubernetesObject => {
      const [uid, resourceVersion] = [uids.pop() ?? random.uuid(), store.nextVersion()]
      const node = nodeObject(spec, { ...kubelet(boot), uid, resourceVersion }, joins)
      return registerNode(store, node, engine.now)
    }
    const profile = environmentOf(spec.profile, profiles).node
    const subnet = podSubnet(index)
    const node = this.#join(spec.name, address, profile, { subnet, up })
    const machine = new Machine({
      ...{
        engine: engine.skewed(spec.clockSkew ?? 0),
        seed,
        bootID,
        up,
        release,
        store,
        images,
        programs: () => programs,
        undeclared: this.#o.undeclared,
        everyProbeTick,
        everyResync,
        decide,
        onFact
      },
      connect: (own) =>
        new SimulatedApi({ engine: own, api, store, name: spec.name, register: (boot) => register(boot, true) }),
      initialNode: (boot) => nodeObject(spec, { ...kubelet(boot), uid: "", resourceVersion: "" }, false),
      name: spec.name,
      hostIP: address,
      podIP: (n) => `${subnet}.${(n % POD_ADDRESSES) + 1}`,
      network: { cluster: this.#o.network, node },
      profile,
      configuration: spec.kubelet,
      handlers: spec.runtimeHandlers ?? [DEFAULT_HANDLER]
    })
    this.#machines.set(spec.name, machine)
    return { machine, register: () => register(bootID, false) }
  }

  /** A node's place in the network. */
  #join(
    name: string,
    hostIP: string,
    profile: NodeProfile,
    { subnet, up }: { readonly subnet: string; readonly up: boolean }
  ): NodeNetwork {
    const { engine, network, seed, store } = this.#o
    const node = new NodeNetwork({ engine, seed, name, hostIP, profile, store, log: network.log }, up)
    network.join(node, subnet)
    return node
  }
}
