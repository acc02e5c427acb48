/** What a Service loses that changes its type: what the server may have chosen for it and what its new type has no use for (`pkg/registry/core/service/strategy.go`). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { entries, integer, text } from "../fields.ts"

const needsClusterIP = (spec: JsonObject): boolean => text(spec, "type") !== "ExternalName"
const needsNodePort = (spec: JsonObject): boolean => ["NodePort", "LoadBalancer"].includes(text(spec, "type"))

const isSame = (a: JsonObject, b: JsonObject, ...fields: ReadonlyArray<string>): boolean =>
  fields.every((field) => jsonEqual(a[field] ?? null, b[field] ?? null))

const without = (spec: JsonObject, ...fields: ReadonlyArray<string>): JsonObject =>
  Object.fromEntries(Object.entries(spec).filter(([field]) => !fields.includes(field))) as JsonObject

const nodePorts = (spec: JsonObject): ReadonlySet<number> =>
  new Set(entries(spec, "ports").map((port) => integer(port, "nodePort") ?? 0))

const withoutNodePorts = (spec: JsonObject): JsonObject => ({
  ...spec,
  ports: entries(spec, "ports").map(({ nodePort: _, ...port }) => port)
})

/** Only what nobody changes in the same breath: who does is refused by validation. `isExternal`: reachable from outside. */
export const dropTypeDependentFields = (
  next: JsonObject,
  old: JsonObject,
  isExternal: (spec: JsonObject) => boolean
): JsonObject => {
  let spec = next
  const drop = (...fields: ReadonlyArray<string>) => {
    if (isSame(next, old, ...fields)) spec = without(spec, ...fields)
  }
  if (needsClusterIP(old) && !needsClusterIP(next)) {
    drop("clusterIP", "clusterIPs")
    drop("ipFamilies")
    drop("ipFamilyPolicy")
  }
  const before = nodePorts(old)
  const noNewPorts = [...nodePorts(next)].every((port) => port === 0 || before.has(port))
  if (needsNodePort(old) && !needsNodePort(next) && noNewPorts) spec = withoutNodePorts(spec)
  const balanced = ({ type }: JsonObject) => type === "LoadBalancer"
  if (balanced(old) && !balanced(next)) {
    drop("healthCheckNodePort")
    drop("allocateLoadBalancerNodePorts")
    drop("loadBalancerClass")
  }
  if (isExternal(old) && !isExternal(next)) drop("externalTrafficPolicy")
  return spec
}
