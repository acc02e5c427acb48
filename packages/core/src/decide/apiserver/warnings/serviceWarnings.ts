/** What the API server takes in Services although nobody acts upon it (`pkg/api/service/warnings.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { entries, mapping, numbered, specOf, statusOf, text, textsOf } from "../fields.ts"
import { cidrWarnings, ipWarnings } from "./ipWarnings.ts"

const HINTS = "service.kubernetes.io/topology-aware-hints"

const headlessWarnings = (spec: JsonObject): ReadonlyArray<string> => [
  ...(text(spec, "loadBalancerIP") === "" ? [] : ["spec.loadBalancerIP is ignored for headless services"]),
  ...(textsOf(spec, "externalIPs").length === 0 ? [] : ["spec.externalIPs is ignored for headless services"]),
  ...(text(spec, "sessionAffinity") === "None" ? [] : ["spec.SessionAffinity is ignored for headless services"])
]

const addressWarnings = (spec: JsonObject, isHeadless: boolean): ReadonlyArray<string> => {
  const external = textsOf(spec, "externalIPs")
  const loadBalancerIP = text(spec, "loadBalancerIP")
  return [
    ...external.flatMap((ip, i) => ipWarnings(`spec.externalIPs[${i}]`, ip)),
    ...(external.length > 0 && !isHeadless && text(spec, "type") !== "ExternalName"
      ? ["spec.externalIPs is deprecated and may no longer be implemented in some clusters"]
      : []),
    ...(loadBalancerIP === "" ? [] : ipWarnings("spec.loadBalancerIP", loadBalancerIP)),
    ...textsOf(spec, "loadBalancerSourceRanges").flatMap((cidr, i) =>
      cidrWarnings(`spec.loadBalancerSourceRanges[${i}]`, cidr)
    )
  ]
}

const typeWarnings = (spec: JsonObject): ReadonlyArray<string> => {
  const isExternal = text(spec, "type") === "ExternalName"
  return [
    ...(isExternal && textsOf(spec, "externalIPs").length > 0
      ? ['spec.externalIPs is ignored when spec.type is "ExternalName"']
      : []),
    ...(!isExternal && text(spec, "externalName") !== ""
      ? ['spec.externalName is ignored when spec.type is not "ExternalName"']
      : []),
    ...(text(spec, "trafficDistribution") === "PreferClose"
      ? ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"']
      : [])
  ]
}

export const serviceWarnings = (service: JsonObject): ReadonlyArray<string> => {
  const spec = specOf(service)
  const clusterIP = text(spec, "clusterIP")
  const isHeadless = text(spec, "type") === "ClusterIP" && clusterIP === "None"
  return [
    ...(Object.hasOwn(mapping(mapping(service, "metadata"), "annotations"), HINTS)
      ? [`annotation ${HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`]
      : []),
    ...(clusterIP === "" || clusterIP === "None"
      ? []
      : textsOf(spec, "clusterIPs").flatMap((ip, i) => ipWarnings(`spec.clusterIPs[${i}]`, ip))),
    ...(isHeadless ? headlessWarnings(spec) : []),
    ...addressWarnings(spec, isHeadless),
    ...typeWarnings(spec)
  ]
}

export const serviceStatusWarnings = (service: JsonObject): ReadonlyArray<string> =>
  numbered(entries(mapping(statusOf(service), "loadBalancer"), "ingress"), "status.loadBalancer.ingress").flatMap(
    ({ at, item }) => ipWarnings(at, text(item, "ip"))
  )
