/** Whom a new TCP connection reaches: through a Service's rules, to a pod, to a port of a node. */
import type { Answerer } from "../runtime/answers.ts"
import type { Asker, ClusterNetwork } from "./ClusterNetwork.ts"
import type { NodeNetwork } from "./NodeNetwork.ts"

export type Landing =
  /** Nobody takes connections there, and somebody is there to say so; or a rule refuses them. */
  | { readonly _tag: "Refused" }
  /** Whatever is sent there is lost. */
  | { readonly _tag: "Silent" }
  /** At that port of these processes. */
  | { readonly _tag: "Pod"; readonly server: Asker; readonly answerers: ReadonlyArray<Answerer>; readonly port: number }

const refused: Landing = { _tag: "Refused" }
const silent: Landing = { _tag: "Silent" }

/** `--service-cluster-ip-range` of kubeadm. */
const isServiceAddress = (ip: string): boolean => ip.startsWith("10.96.")
const isLoopback = (ip: string): boolean => ip.startsWith("127.") || ip === "::1"

/** All processes of a pod, in whichever container: they share its network. */
const atPod = (node: NodeNetwork, uid: string, port: number): Landing => {
  const { runtime } = node
  const pod = runtime.networkOf(uid)
  return pod === undefined
    ? silent
    : { _tag: "Pod", server: { node, pod }, answerers: runtime.answerers(uid, ""), port }
}

/** Processes in the node's own network, and ports of it that lead to a container (`hostPort`). */
const atHost = (node: NodeNetwork, port: number): Landing => {
  const { runtime } = node
  for (const { uid } of runtime.pods) {
    const pod = runtime.networkOf(uid)
    if (pod === undefined) continue
    if (pod.spec.hostNetwork === true) {
      const answerers = runtime.answerers(uid, "")
      if (listens(answerers, port)) return { _tag: "Pod", server: { node, pod }, answerers, port }
    } else {
      const ports = (pod.spec.containers ?? []).flatMap((one) => one.ports ?? [])
      const mapped = ports.find(({ hostPort }) => hostPort === port)
      if (mapped !== undefined) return atPod(node, uid, mapped.containerPort)
    }
  }
  return refused
}

const listens = (answerers: ReadonlyArray<Answerer>, port: number): boolean =>
  answerers.some(({ run }) => [...run.http, ...run.tcp, ...run.grpc].some((one) => one.port === port))

export interface Destination {
  readonly ip: string
  readonly port: number
}

/** Behind one address it is whoever takes the connection. */
const atOneOf = (hosts: ReadonlyArray<NodeNetwork>, via: NodeNetwork, port: number): Landing => {
  const landings = hosts.map((host) => (via.reaches(host) ? atHost(host, port) : silent))
  return landings.find(({ _tag }) => _tag === "Pod") ?? landings[0] ?? refused
}

/** A connection that a rule sent on, or that needs none. */
const deliver = (network: ClusterNetwork, via: NodeNetwork, { ip, port }: Destination): Landing => {
  const hosts = network.nodesAt(ip, via)
  if (hosts.length > 0) return atOneOf(hosts, via, port)
  const owner = network.nodeOfPod(ip)
  // Nobody outside of the cluster is simulated, and so nobody listens there.
  if (owner === undefined) return refused
  const uid = via.reaches(owner) ? owner.runtime.uidAt(ip) : undefined
  return uid === undefined ? silent : atPod(owner, uid, port)
}

/** The rules of `at` about a connection to a Service. */
const throughService = (
  network: ClusterNetwork,
  asker: Asker,
  at: NodeNetwork,
  { ip, port }: Destination
): Landing | undefined => {
  const isNode = network.nodesAt(ip, at).length > 0
  const rule = isNode ? at.nodePort("TCP", port) : at.servicePort("TCP", ip, port)
  if (rule === undefined) return undefined
  const fromInside = asker.pod !== undefined || asker.node === at
  const to = !isNode && ip === rule.clusterIP ? "internal" : "external"
  const client = asker.pod?.ip || asker.node.hostIP
  const picked = at.pick(rule, client, network.randomOf(asker), { to, fromInside })
  if (picked === "Refused") return refused
  return picked === "Dropped" ? silent : deliver(network, at, picked)
}

export const connect = (network: ClusterNetwork, asker: Asker, to: Destination): Landing => {
  const { node, pod } = asker
  const inHost = pod === undefined || pod.spec.hostNetwork === true
  if (isLoopback(to.ip)) return inHost ? atHost(node, to.port) : atPod(node, pod.uid, to.port)
  if (!inHost && to.ip === pod.ip) return atPod(node, pod.uid, to.port)
  const [host] = network.nodesAt(to.ip, node)
  if (host !== undefined && !node.reaches(host)) return silent
  const landing = throughService(network, asker, host ?? node, to)
  if (landing !== undefined) return landing
  return isServiceAddress(to.ip) ? silent : deliver(network, node, to)
}
