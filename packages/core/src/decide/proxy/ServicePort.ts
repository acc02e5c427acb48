/** What kube-proxy knows of one port of a Service (`pkg/proxy/serviceport.go`, `pkg/proxy/util/utils.go`; S-392). */
import { type Micros, SECOND } from "../../event/Instant.ts"
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { entries, integer, mapping, text } from "../apiserver/fields.ts"

export interface ServicePort {
  /** Namespace and name of the service, and the name of the port. */
  readonly service: string
  readonly name: string
  readonly protocol: string
  readonly clusterIP: string
  readonly port: number
  /** 0: none. */
  readonly nodePort: number
  /** Where else it takes connections: `externalIPs`, and the addresses of a load balancer. */
  readonly externalIPs: ReadonlyArray<string>
  readonly internalPolicyLocal: boolean
  readonly externalPolicyLocal: boolean
  /** How long a client stays with its endpoint after a connection; `undefined`: it does not. */
  readonly stickyFor: Micros | undefined
}

const textsAt = (object: JsonObject, key: string): ReadonlyArray<string> => {
  const list = object[key]
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : []
}

/** ShouldSkipService: it has no address of its own, or somebody else looks after it. */
const isSkipped = (service: KubernetesObject, spec: JsonObject): boolean => {
  const address = text(spec, "clusterIP")
  const other = service.metadata.labels?.["service.kubernetes.io/service-proxy-name"]
  return address === "" || address === "None" || text(spec, "type") === "ExternalName" || other !== undefined
}

/** IsVIPMode: a load balancer that is a proxy itself is not short-circuited. */
const loadBalancerIPs = (service: KubernetesObject): ReadonlyArray<string> =>
  entries(mapping(mapping(service, "status"), "loadBalancer"), "ingress")
    .filter((one) => text(one, "ip") !== "" && text(one, "ipMode") !== "Proxy")
    .map((one) => text(one, "ip"))

/** The ports for which a node gets rules; none of a headless service or an ExternalName. */
export const servicePorts = (service: KubernetesObject): ReadonlyArray<ServicePort> => {
  const spec = mapping(service, "spec")
  if (isSkipped(service, spec)) return []
  const seconds = integer(mapping(mapping(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds") ?? 10_800
  const isExternal =
    ["NodePort", "LoadBalancer"].includes(text(spec, "type")) || textsAt(spec, "externalIPs").length > 0
  return entries(spec, "ports").map((port) => ({
    service: `${service.metadata.namespace ?? ""}/${service.metadata.name}`,
    name: text(port, "name"),
    protocol: text(port, "protocol") || "TCP",
    clusterIP: text(spec, "clusterIP"),
    port: integer(port, "port") ?? 0,
    nodePort: integer(port, "nodePort") ?? 0,
    externalIPs: [...textsAt(spec, "externalIPs"), ...loadBalancerIPs(service)],
    internalPolicyLocal: text(spec, "internalTrafficPolicy") === "Local",
    externalPolicyLocal: isExternal && text(spec, "externalTrafficPolicy") === "Local",
    stickyFor: text(spec, "sessionAffinity") === "ClientIP" ? seconds * SECOND : undefined
  }))
}

/** Is it reachable by anything other than its cluster IP? */
export const isExternallyAccessible = ({ externalIPs, nodePort }: ServicePort): boolean =>
  nodePort !== 0 || externalIPs.length > 0

/** Policy Local for external connections still needs those of the whole cluster: who asks from inside gets these. */
export const usesClusterEndpoints = (port: ServicePort): boolean =>
  !port.internalPolicyLocal || isExternallyAccessible(port)

export const usesLocalEndpoints = (port: ServicePort): boolean =>
  port.internalPolicyLocal || (port.externalPolicyLocal && isExternallyAccessible(port))
