/**
 * What the cluster's DNS server answers to a query for addresses, as kubeadm sets CoreDNS up: zone `cluster.local`, pods `insecure`
 * (`github.com/coredns/coredns/plugin/kubernetes`, `cmd/kubeadm/app/phases/addons/dns/manifests.go`; S-348). It keeps no cache of
 * that zone: an answer is as old as its watch.
 */
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../apiserver/fields.ts"

export const CLUSTER_DOMAIN = "cluster.local"
/** The tenth address of the services' range, which kubeadm gives its DNS. */
export const CLUSTER_DNS = "10.96.0.10"

/** What the server knows of the cluster. */
export interface DnsRecords {
  readonly service: (namespace: string, name: string) => KubernetesObject | undefined
  readonly slices: (namespace: string, service: string) => ReadonlyArray<KubernetesObject>
}

export type DnsAnswer =
  | { readonly _tag: "Addresses"; readonly addresses: ReadonlyArray<string> }
  /** Another name for what has that name. */
  | { readonly _tag: "Alias"; readonly name: string }
  | { readonly _tag: "NoSuchName" }

const noSuchName: DnsAnswer = { _tag: "NoSuchName" }

const addresses = (found: ReadonlyArray<string>): DnsAnswer =>
  found.length === 0 ? noSuchName : { _tag: "Addresses", addresses: found }

const addressesOf = (endpoint: JsonObject): ReadonlyArray<string> => {
  const { addresses: list } = endpoint
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : []
}

/** endpointHostname: its hostname, or its address with dashes. */
const hostnameOf = (endpoint: JsonObject, ip: string): string =>
  text(endpoint, "hostname") || ip.replaceAll(/[.:]/g, "-")

/** Ready endpoints only, which are all of a service that publishes addresses that are not ready. `host`: one of them. */
const ofEndpoints = (slices: ReadonlyArray<KubernetesObject>, host: string | undefined): ReadonlyArray<string> => {
  const found = slices
    .flatMap((slice) => entries(slice, "endpoints"))
    .filter((endpoint) => mapping(endpoint, "conditions")["ready"] !== false)
    .flatMap((endpoint) => addressesOf(endpoint).map((ip) => ({ ip, host: hostnameOf(endpoint, ip) })))
    .filter((one) => host === undefined || one.host === host)
  return [...new Set(found.map(({ ip }) => ip))]
}

const ofService = (records: DnsRecords, namespace: string, name: string, host: string | undefined): DnsAnswer => {
  const service = records.service(namespace, name)
  if (service === undefined) return noSuchName
  const spec = mapping(service, "spec")
  if (text(spec, "type") === "ExternalName") return { _tag: "Alias", name: text(spec, "externalName") }
  const clusterIP = text(spec, "clusterIP")
  if (clusterIP === "None" || host !== undefined) return addresses(ofEndpoints(records.slices(namespace, name), host))
  return addresses(clusterIP === "" ? [] : [clusterIP])
}

/** `10-88-0-1.default.pod`: with pods `insecure` nobody looks whether there is one. */
const ofPod = (dashed: string): DnsAnswer =>
  addresses(/^\d+-\d+-\d+-\d+$/.test(dashed) ? [dashed.replaceAll("-", ".")] : [])

/** `name`: without the dot at its end. `undefined`: it is none of the cluster's own names. */
export const clusterDns = (name: string, records: DnsRecords): DnsAnswer | undefined => {
  const lower = name.toLowerCase()
  if (lower !== CLUSTER_DOMAIN && !lower.endsWith(`.${CLUSTER_DOMAIN}`)) return undefined
  const [kind, namespace, object, host, ...more] = lower
    .slice(0, -CLUSTER_DOMAIN.length - 1)
    .split(".")
    .toReversed()
  if (namespace === undefined || object === undefined || more.length > 0) return noSuchName
  if (kind === "svc") return ofService(records, namespace, object, host)
  return kind === "pod" && host === undefined ? ofPod(object) : noSuchName
}
