/** How the processes of a pod look names up: its resolv.conf and hosts file (`pkg/kubelet/network/dns/dns.go`, GetPodDNS; S-348). */
import type { JsonObject } from "../../../event/Json.ts"
import type { PodSpec } from "../../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../../apiserver/fields.ts"
import { CLUSTER_DNS, CLUSTER_DOMAIN } from "../../dns/clusterDns.ts"

/** The resolver of a node, where names of the cluster mean nothing (systemd's, which is the rule). */
export const NODE_DNS = "127.0.0.53"

export interface Resolver {
  readonly nameservers: ReadonlyArray<string>
  readonly searches: ReadonlyArray<string>
  /** A name with fewer dots is looked for in the search list first. */
  readonly ndots: number
}

/** Of the node's own processes, the kubelet among them. */
export const nodeResolver: Resolver = { nameservers: [NODE_DNS], searches: [], ndots: 1 }

const texts = (object: JsonObject, key: string): ReadonlyArray<string> => {
  const list = object[key]
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : []
}

/** getPodDNSType: a pod in the node's network that says no more than ClusterFirst has the node's. */
const baseOf = (spec: JsonObject, namespace: string): Resolver => {
  const policy = text(spec, "dnsPolicy") || "ClusterFirst"
  if (policy === "None") return { nameservers: [], searches: [], ndots: 1 }
  if (policy === "Default" || (policy === "ClusterFirst" && spec["hostNetwork"] === true)) return nodeResolver
  const searches = [`${namespace}.svc.${CLUSTER_DOMAIN}`, `svc.${CLUSTER_DOMAIN}`, CLUSTER_DOMAIN]
  return { nameservers: [CLUSTER_DNS], searches, ndots: 5 }
}

/** More nameservers than these are left out (MaxDNSNameservers). */
const MOST_NAMESERVERS = 3

export const podResolver = (spec: Partial<PodSpec>, namespace: string): Resolver => {
  const base = baseOf(spec as JsonObject, namespace)
  const config = mapping(spec as JsonObject, "dnsConfig")
  const ndots = entries(config, "options").find((option) => text(option, "name") === "ndots")
  const given = Number.parseInt(ndots === undefined ? "" : text(ndots, "value"), 10)
  return {
    nameservers: [...new Set([...base.nameservers, ...texts(config, "nameservers")])].slice(0, MOST_NAMESERVERS),
    searches: [...new Set([...base.searches, ...texts(config, "searches")])],
    ndots: Number.isNaN(given) ? base.ndots : given
  }
}

/** The names that are asked for one after the other until one is there. */
export const candidates = (name: string, { ndots, searches }: Resolver): ReadonlyArray<string> => {
  if (name.endsWith(".")) return [name.slice(0, -1)]
  const listed = searches.map((search) => `${name}.${search.replace(/\.$/, "")}`)
  return name.split(".").length - 1 >= ndots ? [name, ...listed] : [...listed, name]
}

/** The address that the pod's hosts file has for a name (`pkg/kubelet/kubelet_pods.go`, managedHostsFileContent). */
export const fromHostsFile = (
  name: string,
  { hostname, podIP, spec }: { readonly spec: Partial<PodSpec>; readonly hostname: string; readonly podIP: string }
): string | undefined => {
  if (name === "localhost") return "127.0.0.1"
  if (name === hostname && podIP !== "") return podIP
  const alias = entries(spec as JsonObject, "hostAliases").find((one) => texts(one, "hostnames").includes(name))
  return alias === undefined ? undefined : text(alias, "ip")
}
