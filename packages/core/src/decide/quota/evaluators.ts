/** Who counts what for quotas (`pkg/quota/v1/evaluator/core/registry.go`, `pkg/quota/v1/install`). */
import type { JsonObject } from "../../event/Json.ts"
import { parseQuantity, type Quantity } from "../../event/Quantity.ts"
import { entries, integer, mapping, text } from "../apiserver/fields.ts"
import { apiResource } from "../apiserver/resources.ts"
import { type Evaluator, objectCount } from "./Evaluator.ts"
import { podEvaluator } from "./podEvaluator.ts"
import { ONE } from "./ResourceList.ts"

const times = (amount: number): Quantity => ({ nano: BigInt(amount) * ONE.nano, format: "DecimalSI" })

const serviceCount = objectCount({ group: "", resource: "services" }, "services")

/** What is meant to get a node port, not what has one: they are not given out yet. */
const nodePorts = (spec: JsonObject): number => {
  const [type, ports] = [text(spec, "type"), entries(spec, "ports")]
  if (type === "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] === false)
    return ports.filter((port) => (integer(port, "nodePort") ?? 0) !== 0).length
  return type === "NodePort" || type === "LoadBalancer" ? ports.length : 0
}

/** Services with their load balancers and node ports (`services.go`). */
const services: Evaluator = {
  ...serviceCount,
  handlesUpdate: () => true,
  counts: (name) => serviceCount.counts(name) || name === "services.loadbalancers" || name === "services.nodeports",
  usage: (service, now) => {
    const spec = mapping(service, "spec")
    return new Map([
      ...serviceCount.usage(service, now),
      ["services.loadbalancers", times(text(spec, "type") === "LoadBalancer" ? 1 : 0)],
      ["services.nodeports", times(nodePorts(spec))]
    ])
  }
}

const CLASS_SUFFIX = ".storageclass.storage.k8s.io/"

/** Claims and the storage that they ask for, in all and of their class (`persistent_volume_claims.go`). */
const claims: Evaluator = {
  ...objectCount({ group: "", resource: "persistentvolumeclaims" }, "persistentvolumeclaims"),
  handlesUpdate: () => true,
  counts: (name) =>
    ["persistentvolumeclaims", "requests.storage", "count/persistentvolumeclaims"].includes(name) ||
    name.endsWith(`${CLASS_SUFFIX}requests.storage`) ||
    name.endsWith(`${CLASS_SUFFIX}persistentvolumeclaims`),
  usage: (claim) => {
    const spec = mapping(claim, "spec")
    const asked = parseQuantity(text(mapping(mapping(spec, "resources"), "requests"), "storage"))
    const storageClass = text(spec, "storageClassName")
    const names = (name: string) => [name, ...(storageClass === "" ? [] : [`${storageClass}${CLASS_SUFFIX}${name}`])]
    return new Map([
      ["count/persistentvolumeclaims", ONE] as const,
      ...names("persistentvolumeclaims").map((name) => [name, ONE] as const),
      ...(asked === undefined ? [] : names("requests.storage").map((name) => [name, asked] as const))
    ])
  }
}

/** Kinds that had a name of their own before everything could be counted. */
const aliases: { readonly [kind: string]: string } = {
  ConfigMap: "configmaps",
  ResourceQuota: "resourcequotas",
  ReplicationController: "replicationcontrollers",
  Secret: "secrets"
}

const others: { readonly [kind: string]: Evaluator } = {
  Pod: podEvaluator,
  Service: services,
  PersistentVolumeClaim: claims
}

const made = new Map<string, Evaluator>()

/** Every kind in a namespace can be counted. */
export const evaluatorOf = (kind: string): Evaluator => {
  const known = others[kind] ?? made.get(kind)
  if (known !== undefined) return known
  const evaluator = objectCount(apiResource(kind), aliases[kind])
  made.set(kind, evaluator)
  return evaluator
}
