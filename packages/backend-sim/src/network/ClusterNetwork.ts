/**
 * Who is where in the cluster, and what its names stand for. Every pod reaches every pod and node by its address (S-397), as long as
 * both nodes have power and are not cut off. The cluster's DNS runs beside the control plane: who is cut off gets no answer from it.
 */
import {
  CLUSTER_DNS,
  candidates,
  clusterDns,
  fromHostsFile,
  type Instant,
  type Micros,
  nodeResolver,
  type PodSpec,
  podResolver
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"
import type { Engine } from "../engine/Engine.ts"
import { type RandomStream, stream } from "../engine/Random.ts"
import type { ControlPlaneProfile } from "../profile/ControlPlaneProfile.ts"
import { quantile } from "../profile/quantiles.ts"
import type { NodeNetwork } from "./NodeNetwork.ts"
import { ServiceLog } from "./ServiceLog.ts"
import { ServiceView } from "./ServiceView.ts"

/** A process that asks others: of a pod, or of its node. */
export interface Asker {
  readonly node: NodeNetwork
  readonly pod: AskingPod | undefined
}

export interface AskingPod {
  readonly uid: string
  readonly name: string
  readonly namespace: string
  readonly ip: string
  readonly spec: Partial<PodSpec>
}

export type Lookup =
  /** In the order in which they are tried. */
  | { readonly _tag: "Addresses"; readonly addresses: ReadonlyArray<string> }
  | { readonly _tag: "NoSuchHost"; readonly server: string }
  /** No answer from the DNS server. */
  | { readonly _tag: "Silent" }

/** CNAMEs that are followed one after the other. */
const MOST_ALIASES = 8

const isAddress = (host: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(":")

export class ClusterNetwork {
  readonly log: ServiceLog
  readonly #engine: Engine
  readonly #seed: number
  readonly #dns: ServiceView
  /** By the address of the node; several nodes may stand behind one. */
  readonly #byHostIP = new Map<string, Set<NodeNetwork>>()
  /** By the first three numbers of the addresses of a node's pods. */
  readonly #bySubnet = new Map<string, NodeNetwork>()
  readonly #randoms = new Map<string, RandomStream>()

  constructor(engine: Engine, store: Store, seed: number, { controllers }: ControlPlaneProfile) {
    this.#engine = engine
    this.#seed = seed
    this.log = new ServiceLog(engine, store)
    const chance = stream(seed, "coredns")
    this.#dns = new ServiceView({
      log: this.log,
      delay: (change): Micros => quantile(controllers.watch, chance.at(change)),
      takes: () => 0,
      interval: 0
    })
  }

  get now(): Instant {
    return this.#engine.now
  }

  /** `subnet`: the first three numbers of the addresses of its pods. */
  join(node: NodeNetwork, subnet: string): void {
    const sharing = this.#byHostIP.get(node.hostIP) ?? new Set()
    this.#byHostIP.set(node.hostIP, sharing.add(node))
    this.#bySubnet.set(subnet, node)
  }

  leave(node: NodeNetwork): void {
    const sharing = this.#byHostIP.get(node.hostIP)
    if (sharing?.delete(node) === true && sharing.size === 0) this.#byHostIP.delete(node.hostIP)
    for (const [subnet, one] of this.#bySubnet) if (one === node) this.#bySubnet.delete(subnet)
  }

  /** The nodes that have that address themselves, seen from one: whose own it is comes first. */
  nodesAt(ip: string, from: NodeNetwork): ReadonlyArray<NodeNetwork> {
    const sharing = this.#byHostIP.get(ip)
    if (sharing === undefined) return []
    return sharing.has(from) ? [from, ...[...sharing].filter((node) => node !== from)] : [...sharing]
  }

  /** The node whose pods have such addresses. */
  nodeOfPod(ip: string): NodeNetwork | undefined {
    return this.#bySubnet.get(ip.slice(0, ip.lastIndexOf(".")))
  }

  /** What an asker's connections draw from. */
  randomOf({ node, pod }: Asker): RandomStream {
    if (pod === undefined) return node.random
    const known = this.#randoms.get(pod.uid)
    if (known !== undefined) return known
    const made = stream(this.#seed, `connections/${pod.namespace}/${pod.name}/${pod.uid}`)
    this.#randoms.set(pod.uid, made)
    return made
  }

  /** The addresses that a name stands for, for that asker. */
  lookup(asker: Asker, host: string): Lookup {
    if (isAddress(host)) return { _tag: "Addresses", addresses: [host] }
    const { node, pod } = asker
    const name = host.toLowerCase()
    const known =
      pod === undefined
        ? fromHostsFile(name, { spec: {}, hostname: node.name, podIP: node.hostIP })
        : fromHostsFile(name, { spec: pod.spec, hostname: hostnameOf(pod), podIP: pod.ip })
    if (known !== undefined) return { _tag: "Addresses", addresses: [known] }
    const resolver = pod === undefined ? nodeResolver : podResolver(pod.spec, pod.namespace)
    // Without any, a resolver asks the machine that it runs on.
    const server = resolver.nameservers[0] ?? "127.0.0.1"
    if (server !== CLUSTER_DNS) return { _tag: "NoSuchHost", server }
    if (!node.sends) return { _tag: "Silent" }
    const found = candidates(name, resolver)
      .map((one) => this.#resolve(one))
      .find((one) => one.length > 0)
    if (found === undefined) return { _tag: "NoSuchHost", server }
    return { _tag: "Addresses", addresses: shuffled(found, this.randomOf(asker)) }
  }

  /** An empty answer: there is no such name. */
  #resolve(name: string): ReadonlyArray<string> {
    const records = this.#dns.at(this.now)
    let asked = name
    for (let i = 0; i < MOST_ALIASES; i++) {
      const answer = clusterDns(asked, records)
      if (answer?._tag === "Addresses") return answer.addresses
      if (answer?._tag !== "Alias") return []
      asked = answer.name.replace(/\.$/, "")
      if (isAddress(asked)) return []
    }
    return []
  }
}

const hostnameOf = ({ name, spec }: AskingPod): string => {
  const { hostname } = spec
  return typeof hostname === "string" && hostname !== "" ? hostname : name
}

/** CoreDNS gives several addresses in an order of chance (its plugin `loadbalance`). */
const shuffled = (addresses: ReadonlyArray<string>, random: RandomStream): ReadonlyArray<string> => {
  if (addresses.length === 1) return addresses
  const left = [...addresses]
  return addresses.flatMap(() => left.splice(random.int(left.length), 1))
}
