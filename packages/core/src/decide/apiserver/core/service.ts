/** Services as the API server keeps them, and the addresses that it gives them (`pkg/registry/core/service/{strategy.go,storage/alloc.go}`, `pkg/apis/core/v1/defaults.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, integer, mapping, text } from "../fields.ts"
import { type RestStrategy, withStatus } from "../RestStrategy.ts"
import { dropTypeDependentFields } from "./dropTypeDependentFields.ts"
import {
  ADDRESSES,
  anyFree,
  CLUSTER_RANGE,
  keepAllocated,
  normalizeClusterIPs,
  PORTS,
  type ServiceAllocator
} from "./serviceAddresses.ts"
import { validateService, validateServiceUpdate } from "./validateService.ts"

const withTarget = (port: JsonObject): JsonObject => {
  const target = port["targetPort"]
  const given = target === undefined || target === 0 || target === "" ? port["port"] : target
  return { protocol: "TCP", ...port, ...(given === undefined ? {} : { targetPort: given }) }
}

const affinity = (spec: JsonObject): JsonObject => {
  if (text(spec, "sessionAffinity") !== "ClientIP") return {}
  const seconds = integer(mapping(mapping(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds")
  return { sessionAffinityConfig: { clientIP: { timeoutSeconds: seconds ?? 10_800 } } }
}

const isExternal = (spec: JsonObject): boolean => {
  const [type, ips] = [text(spec, "type"), spec["externalIPs"]]
  return (
    type === "NodePort" || type === "LoadBalancer" || (type === "ClusterIP" && Array.isArray(ips) && ips.length > 0)
  )
}

const defaults = (given: JsonObject): JsonObject => {
  const { sessionAffinityConfig: _, ...rest } = mapping(given, "spec")
  const spec: JsonObject = { type: "ClusterIP", sessionAffinity: "None", ...rest }
  const [type, ports] = [text(spec, "type"), entries(spec, "ports")]
  return {
    ...given,
    spec: {
      ...(type === "ExternalName" ? {} : { internalTrafficPolicy: "Cluster" }),
      ...(isExternal(spec) ? { externalTrafficPolicy: "Cluster" } : {}),
      ...(type === "LoadBalancer" ? { allocateLoadBalancerNodePorts: true } : {}),
      ...spec,
      ...affinity(mapping(given, "spec")),
      ...(ports.length === 0 ? {} : { ports: ports.map(withTarget) })
    }
  }
}

const base = withStatus({
  resource: { group: "", version: "v1", resource: "services", kind: "Service", namespaced: true },
  hasGeneration: false,
  defaults,
  prepareForCreate: (given) => ({ ...given, spec: normalizeClusterIPs(mapping(given, "spec")) }),
  status: { loadBalancer: {} },
  validate: validateService,
  validateUpdate: validateServiceUpdate
})

const whole = base.updates[""]

export const service: RestStrategy = {
  ...base,
  updates: {
    ...base.updates,
    "": {
      ...whole,
      prepare: (old, updated, release, now) => {
        const before = mapping(old, "spec")
        const asked = normalizeClusterIPs(keepAllocated(mapping(defaults(updated), "spec"), before), before)
        const spec = dropTypeDependentFields(asked, before, isExternal)
        return whole.prepare(old, { ...updated, spec }, release, now)
      }
    }
  }
}

const addressOf = (n: number): string => `${CLUSTER_RANGE.prefix}.${n >> 8}.${n & 255}`

const clusterIP = ({ addresses, draw }: ServiceAllocator): string =>
  addressOf(anyFree(ADDRESSES, (n) => addresses.has(addressOf(n)), draw))

const nodePorts = (spec: JsonObject, allocator: ServiceAllocator): JsonObject => {
  const type = text(spec, "type")
  const wanted = type === "NodePort" || (type === "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] !== false)
  if (!wanted) return {}
  const taken = new Set(allocator.nodePorts)
  const ports = entries(spec, "ports").map((port) => {
    if ((integer(port, "nodePort") ?? 0) !== 0) return port
    const nodePort = anyFree(PORTS, (n) => taken.has(n), allocator.draw)
    taken.add(nodePort)
    return { ...port, nodePort }
  })
  return { ports }
}

/** The service with what the allocators give it: a cluster IP unless it is headless, node ports where its type has them. */
export const allocateService = (object: KubernetesObject, allocator: ServiceAllocator): KubernetesObject => {
  const spec = mapping(object, "spec")
  if (text(spec, "type") === "ExternalName") return object
  const address = text(spec, "clusterIP") === "" ? clusterIP(allocator) : text(spec, "clusterIP")
  return {
    ...object,
    spec: {
      ...spec,
      ...nodePorts(spec, allocator),
      clusterIP: address,
      clusterIPs: [address],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack"
    }
  }
}
