/** What a Service keeps of what it was given, and what cannot be given (`pkg/registry/core/service/storage/{storage,alloc}.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, integer, mapping, numbered, text, textsOf } from "../fields.ts"
import { type FieldError, internalFailure, invalid, type Status } from "../status.ts"

/** `--service-cluster-ip-range` and `--service-node-port-range` of the rig, which are the defaults of kubeadm. */
export const CLUSTER_RANGE = { prefix: "10.96", size: 65_536 }
export const SERVICE_CIDR = `${CLUSTER_RANGE.prefix}.0.0/16`
export const NODE_PORTS = { first: 30_000, size: 2_768 }

/** What services have been given, and chance. */
export interface ServiceAllocator {
  readonly addresses: ReadonlySet<string>
  readonly nodePorts: ReadonlySet<number>
  /** A whole number in [0, n). */
  readonly draw: (n: number) => number
}

/** The service `kubernetes`, which every cluster has. */
export const KUBERNETES_ADDRESS = `${CLUSTER_RANGE.prefix}.0.1`

/** Numbers from `first` on, of which the lowest are kept for those who ask for a certain one. */
interface Band {
  readonly first: number
  readonly size: number
  readonly kept: number
}

/** calculateRangeOffset of both allocators (`pkg/registry/core/service/{ipallocator,portallocator}`), for these ranges. */
export const ADDRESSES: Band = { first: 1, size: CLUSTER_RANGE.size - 2, kept: 256 }
export const PORTS: Band = { ...NODE_PORTS, kept: Math.floor(NODE_PORTS.size / 32) }

/** Any that is free, of the upper ones as long as there are some. There must be one (`allocationRefusal`). */
export const anyFree = (
  { first, kept, size }: Band,
  isTaken: (n: number) => boolean,
  draw: ServiceAllocator["draw"]
): number => {
  const parts = [
    { from: first + kept, count: size - kept },
    { from: first, count: kept }
  ]
  for (const { count, from } of parts) {
    const at = draw(count)
    for (let i = 0; i < count; i++) {
      const n = from + ((at + i) % count)
      if (!isTaken(n)) return n
    }
  }
  throw new Error(`all ${size} numbers of a range of the cluster's services are taken`)
}

const hasAddress = (spec: JsonObject): boolean => text(spec, "type") !== "ExternalName"
const hasNodePorts = (spec: JsonObject): boolean => ["NodePort", "LoadBalancer"].includes(text(spec, "type"))

/** Ports of the nodes stay with the ports that they belong to. */
const withNodePorts = (spec: JsonObject, old: JsonObject): JsonObject => {
  if (!hasNodePorts(spec) || !hasNodePorts(old)) return spec
  const keyOf = (port: JsonObject): string => `${text(port, "protocol")}/${integer(port, "port") ?? 0}`
  const known = new Map(entries(old, "ports").map((port) => [keyOf(port), integer(port, "nodePort") ?? 0]))
  const ports = entries(spec, "ports").map((port) => {
    const nodePort = known.get(keyOf(port)) ?? 0
    return (integer(port, "nodePort") ?? 0) !== 0 || nodePort === 0 ? port : { ...port, nodePort }
  })
  return ports.length === 0 ? spec : { ...spec, ports }
}

/** patchAllocatedValues: who does not say what the server chose keeps it. */
export const keepAllocated = (spec: JsonObject, old: JsonObject): JsonObject => {
  const kept = withNodePorts(spec, old)
  if (!hasAddress(spec) || !hasAddress(old)) return kept
  const clusterIP = text(spec, "clusterIP") || text(old, "clusterIP")
  const sameIP = clusterIP === text(old, "clusterIP")
  const given = textsOf(spec, "clusterIPs")
  const clusterIPs = given.length === 0 && sameIP ? textsOf(old, "clusterIPs") : given
  const families = { ipFamilies: old["ipFamilies"], ipFamilyPolicy: old["ipFamilyPolicy"] }
  return {
    ...Object.fromEntries(Object.entries(families).filter(([, value]) => sameIP && value !== undefined)),
    ...kept,
    clusterIP,
    clusterIPs
  }
}

/** normalizeClusterIPs: the one address and the list of addresses are two names of the same. */
export const normalizeClusterIPs = (spec: JsonObject, old?: JsonObject): JsonObject => {
  const [address, addresses] = [text(spec, "clusterIP"), textsOf(spec, "clusterIPs")]
  if (old === undefined) return address === "" || addresses.length > 0 ? spec : { ...spec, clusterIPs: [address] }
  if (address === text(old, "clusterIP")) return spec
  if (addresses.join() !== textsOf(old, "clusterIPs").join()) return spec
  return { ...spec, clusterIPs: address === "" ? [] : [address] }
}

const addressError = (address: string, { addresses }: ServiceAllocator): string | undefined => {
  if (address === "" || address === "None") return undefined
  if (!address.startsWith(`${CLUSTER_RANGE.prefix}.`))
    return `failed to allocate IP ${address}: the provided network does not match the current range`
  return addresses.has(address) ? `failed to allocate IP ${address}: provided IP is already allocated` : undefined
}

/** Why there is nothing left to give it: NewInternalError of ErrFull. */
export const allocationRefusal = (
  service: KubernetesObject,
  { addresses, nodePorts }: ServiceAllocator
): Status | undefined => {
  const spec = mapping(service, "spec")
  const full = (what: string) => internalFailure(`failed to allocate a ${what}: range is full`)
  const wantsAddress = hasAddress(spec) && text(spec, "clusterIP") === ""
  const given = [...addresses].filter((address) => address.startsWith(`${CLUSTER_RANGE.prefix}.`)).length
  if (wantsAddress && given >= ADDRESSES.size) return full(`serviceIP for Service "${service.metadata.name}"`)
  const wantsPorts = hasNodePorts(spec) && spec["allocateLoadBalancerNodePorts"] !== false
  const wanted = entries(spec, "ports").filter((port) => wantsPorts || (integer(port, "nodePort") ?? 0) !== 0).length
  const taken = [...nodePorts].filter((port) => port >= NODE_PORTS.first).length
  return hasNodePorts(spec) && wanted + taken > PORTS.size ? full("nodePort") : undefined
}

/** Why the service cannot have the addresses and ports that it asks for. */
export const allocationErrors = (service: KubernetesObject, allocator: ServiceAllocator): ReadonlyArray<FieldError> => {
  const spec = mapping(service, "spec")
  if (!hasAddress(spec)) return []
  const why = addressError(text(spec, "clusterIP"), allocator)
  if (why !== undefined) return [invalid("spec.clusterIPs", textsOf(spec, "clusterIPs"), why)]
  const end = NODE_PORTS.first + NODE_PORTS.size - 1
  const outside = `provided port is not in the valid range. The range of valid ports is ${NODE_PORTS.first}-${end}`
  const taken = new Set(allocator.nodePorts)
  return numbered(entries(spec, "ports"), "spec.ports").flatMap(({ at, item }) => {
    const port = integer(item, "nodePort") ?? 0
    if (port === 0 || !hasNodePorts(spec)) return []
    if (port < NODE_PORTS.first || port > end) return [invalid(`${at}.nodePort`, port, outside)]
    return taken.has(port) ? [invalid(`${at}.nodePort`, port, "provided port is already allocated")] : []
  })
}
