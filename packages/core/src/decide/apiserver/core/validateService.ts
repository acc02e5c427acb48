/** What the API server refuses of Services (`pkg/apis/core/validation/validation.go`, validateService…). */
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, integer, mapping, numbered, text, textsOf } from "../fields.ts"
import { internalJson } from "../internalJson.ts"
import { cidrErrors, endpointIpErrors, ipErrors } from "../ip.ts"
import { between, dns1123Label, dns1123Subdomain, portName, qualifiedName } from "../nameRules.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, notSupported, required } from "../status.ts"
import { validateLabels, validateObjectMeta } from "../validateObjectMeta.ts"
import { addressChanges, addressErrors, isHeadless } from "./validateClusterIPs.ts"

const portErrors = (port: number, field: string): ReadonlyArray<FieldError> =>
  port >= 1 && port <= 65_535 ? [] : [invalid(field, port, between(1, 65_535))]

/** ValidatePortNumOrName. */
const targetErrors = (target: Json | undefined, field: string): ReadonlyArray<FieldError> =>
  typeof target === "string"
    ? portName(target).map((message) => invalid(field, target, message))
    : portErrors(typeof target === "number" ? target : 0, field)

const nameErrors = (name: string, needed: boolean, known: Set<string>, field: string): ReadonlyArray<FieldError> => {
  if (name === "") return needed ? [required(field)] : []
  const repeated = known.has(name)
  known.add(name)
  return [
    ...dns1123Label(name).map((message) => invalid(field, name, message)),
    ...(repeated ? [duplicate(field, name)] : [])
  ]
}

const protocols = ["SCTP", "TCP", "UDP"]

/** A protocol that there is; `""` is none. */
export const protocolErrors = (protocol: string, field: string): ReadonlyArray<FieldError> =>
  protocol === "" ? [required(field)] : protocols.includes(protocol) ? [] : [notSupported(field, protocol, protocols)]

const portsErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const ports = entries(spec, "ports")
  const names = new Set<string>()
  return numbered(ports, "spec.ports").flatMap(({ at, item }) => {
    const app = text(item, "appProtocol")
    return [
      ...nameErrors(text(item, "name"), ports.length > 1, names, `${at}.name`),
      ...portErrors(integer(item, "port") ?? 0, `${at}.port`),
      ...protocolErrors(text(item, "protocol"), `${at}.protocol`),
      ...targetErrors(item["targetPort"], `${at}.targetPort`),
      ...(app === "" ? [] : qualifiedName(app).map((message) => invalid(`${at}.appProtocol`, app, message)))
    ]
  })
}

/** One port, or one port of the nodes, twice. */
const repeatedPorts = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const ports = numbered(entries(spec, "ports"), "spec.ports")
  const repeated = (field: string) => {
    const seen = new Set<string>()
    return ports.filter(({ item }) => {
      const key = `${text(item, "protocol")}/${integer(item, field) ?? 0}`
      const again = seen.has(key)
      seen.add(key)
      return again && (field === "port" || (integer(item, field) ?? 0) !== 0)
    })
  }
  return [
    ...repeated("nodePort").map(({ at, item }) => duplicate(`${at}.nodePort`, integer(item, "nodePort") ?? 0)),
    ...repeated("port").map(({ at, item }) => {
      const key = { protocol: item["protocol"] ?? "", port: item["port"] ?? 0 }
      return duplicate(at, internalJson("ServicePort", key))
    })
  ]
}

const typeErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const type = text(spec, "type")
  if (type === "LoadBalancer" || type === "NodePort")
    return isHeadless(spec)
      ? [invalid("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`)]
      : []
  if (type !== "ExternalName") return []
  const name = text(spec, "externalName").replace(/\.$/, "")
  const set = ["clusterIPs", "ipFamilies"].filter((field) => textsOf(spec, field).length > 0)
  const policy = text(spec, "ipFamilyPolicy") === "" ? [] : ["ipFamilyPolicy"]
  return [
    ...[...set, ...policy].map((field) => fieldForbidden(`spec.${field}`, "may not be set for ExternalName services")),
    ...(name === ""
      ? [required("spec.externalName")]
      : dns1123Subdomain(name).map((message) => invalid("spec.externalName", name, message)))
  ]
}

const affinities = ["ClientIP", "None"]
const MAX_SECONDS = 86_400

const affinityErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const [affinity, at] = [text(spec, "sessionAffinity"), "spec.sessionAffinityConfig"]
  if (!affinities.includes(affinity)) return [notSupported("spec.sessionAffinity", affinity, affinities)]
  const config = spec["sessionAffinityConfig"]
  if (affinity === "None")
    return isJsonObject(config) ? [fieldForbidden(at, "must not be set when session affinity is None")] : []
  const seconds = integer(mapping(mapping(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds") ?? 0
  return seconds > 0 && seconds <= MAX_SECONDS
    ? []
    : [invalid(`${at}.clientIP.timeoutSeconds`, seconds, `must be greater than 0 and less than ${MAX_SECONDS}`)]
}

const externalIPErrors = (spec: JsonObject): ReadonlyArray<FieldError> =>
  textsOf(spec, "externalIPs").flatMap((ip, i) => {
    const field = `spec.externalIPs[${i}]`
    const errors = ipErrors(ip, field)
    return errors.length > 0 ? errors : endpointIpErrors(ip, field)
  })

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
const balancerOnly = "may only be used when `type` is 'LoadBalancer'"

/** What only load balancers have. */
const balancerErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const isBalancer = text(spec, "type") === "LoadBalancer"
  const ranges = textsOf(spec, "loadBalancerSourceRanges").map((range) => range.trim())
  const at = "spec.LoadBalancerSourceRanges"
  const kind = text(spec, "loadBalancerClass")
  return [
    ...(ranges.length > 0 && !isBalancer ? [fieldForbidden(at, balancerOnly)] : []),
    ...ranges.flatMap((range, i) => cidrErrors(range, `${at}[${i}]`)),
    ...((spec["allocateLoadBalancerNodePorts"] ?? null) !== null && !isBalancer
      ? [fieldForbidden("spec.allocateLoadBalancerNodePorts", balancerOnly)]
      : []),
    ...(kind === ""
      ? []
      : isBalancer
        ? qualifiedName(kind).map((message) => invalid("spec.loadBalancerClass", kind, message))
        : [fieldForbidden("spec.loadBalancerClass", balancerOnly)])
  ]
}

const trafficPolicies = ["Cluster", "Local"]
const distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"]

const isExternal = (spec: JsonObject): boolean =>
  ["LoadBalancer", "NodePort"].includes(text(spec, "type")) ||
  (text(spec, "type") === "ClusterIP" && textsOf(spec, "externalIPs").length > 0)

const trafficErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const [outer, inner] = [text(spec, "externalTrafficPolicy"), text(spec, "internalTrafficPolicy")]
  const distribution = text(spec, "trafficDistribution")
  const path = "spec.externalTrafficPolicy"
  const ofOuter = isExternal(spec)
    ? trafficPolicies.includes(outer)
      ? []
      : [notSupported(path, outer, trafficPolicies)]
    : outer === ""
      ? []
      : [invalid(path, outer, "may only be set for externally-accessible services")]
  return [
    ...ofOuter,
    ...(inner === "" || trafficPolicies.includes(inner)
      ? []
      : [notSupported("spec.internalTrafficPolicy", inner, trafficPolicies)]),
    ...(distribution === "" || distributions.includes(distribution)
      ? []
      : [notSupported("spec.trafficDistribution", distribution, distributions)])
  ]
}

const specErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const type = text(spec, "type")
  const ports = numbered(entries(spec, "ports"), "spec.ports")
  return [
    ...(ports.length === 0 && !isHeadless(spec) && type !== "ExternalName" ? [required("spec.ports")] : []),
    ...typeErrors(spec),
    ...portsErrors(spec),
    ...validateLabels(mapping(spec, "selector"), "spec.selector"),
    ...affinityErrors(spec),
    ...addressErrors(spec),
    ...externalIPErrors(spec),
    ...(types.includes(type) ? [] : [notSupported("spec.type", type, types)]),
    ...(type === "ClusterIP"
      ? ports
          .filter(({ item }) => (integer(item, "nodePort") ?? 0) !== 0)
          .map(({ at }) => fieldForbidden(`${at}.nodePort`, "may not be used when `type` is 'ClusterIP'"))
      : []),
    ...repeatedPorts(spec),
    ...balancerErrors(spec),
    ...trafficErrors(spec)
  ]
}

export const validateService = (service: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(service.metadata, dns1123Label),
  ...specErrors(mapping(service, "spec"))
]

export const validateServiceUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => [
  ...addressChanges(mapping(next, "spec"), mapping(old, "spec")),
  ...specErrors(mapping(next, "spec"))
]
