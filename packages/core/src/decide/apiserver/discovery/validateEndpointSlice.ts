/** What the API server refuses of EndpointSlices (`pkg/apis/discovery/validation/validation.go`). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { protocolErrors } from "../core/validateService.ts"
import { entries, mapping, numbered, text, textsOf } from "../fields.ts"
import { canonicalIpErrors, endpointIpErrors, ipErrors, parseIp } from "../ip.ts"
import { dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from "../nameRules.ts"
import { duplicate, type FieldError, invalid, notSupported, required, tooMany } from "../status.ts"
import { IMMUTABLE } from "../validateMetadataUpdate.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"

const addressTypes = ["FQDN", "IPv4", "IPv6"]
const MOST = { addresses: 100, ports: 20_000, endpoints: 1_000, hints: 8 }

const typeErrors = (type: string): ReadonlyArray<FieldError> =>
  type === ""
    ? [required("addressType")]
    : addressTypes.includes(type)
      ? []
      : [notSupported("addressType", type, addressTypes)]

const fqdnErrors = (name: string, field: string): ReadonlyArray<FieldError> => {
  if (name === "") return [required(field)]
  const bare = name.replace(/\.$/, "")
  const wrong = dns1123Subdomain(bare).map((message) => invalid(field, bare, message))
  if (wrong.length > 0) return wrong
  const labels = bare.split(".")
  if (labels.length < 2)
    return [invalid(field, bare, "should be a domain with at least two segments separated by dots")]
  return labels.flatMap((label) => dns1123Label(label).map((message) => invalid(field, label, message)))
}

/** `path`: of the list; an address of the other family is told by it. */
const addressErrors = (address: string, type: string, path: string, i: number): ReadonlyArray<FieldError> => {
  const field = `${path}[${i}]`
  if (type === "FQDN") return fqdnErrors(address, field)
  if (type !== "IPv4" && type !== "IPv6") return []
  const errors = type === "IPv4" ? ipErrors(address, field) : canonicalIpErrors(address, field)
  if (errors.length > 0) return errors
  return [
    ...(parseIp(address)?.family === type ? [] : [invalid(path, address, `must be an ${type} address`)]),
    ...endpointIpErrors(address, field)
  ]
}

const hintErrors = (hints: JsonObject, path: string): ReadonlyArray<FieldError> =>
  (["forZones", "forNodes"] as const).flatMap((list) => {
    const given = entries(hints, list)
    if (given.length > MOST.hints) return [tooMany(`${path}.${list}`, given.length, MOST.hints)]
    const names = given.map((hint) => text(hint, "name"))
    const rule = list === "forZones" ? labelValue : dns1123Subdomain
    return names.flatMap((name, i) => {
      const field = `${path}.${list}[${i}].name`
      return [
        ...(names.indexOf(name) < i ? [duplicate(field, name)] : []),
        ...rule(name).map((message) => invalid(field, name, message))
      ]
    })
  })

const endpointErrors = (endpoint: JsonObject, type: string, at: string): ReadonlyArray<FieldError> => {
  const addresses = textsOf(endpoint, "addresses")
  const [path, node, host] = [`${at}.addresses`, endpoint["nodeName"], endpoint["hostname"]]
  return [
    ...(addresses.length === 0 ? [required(path, "must contain at least 1 address")] : []),
    ...(addresses.length > MOST.addresses ? [tooMany(path, addresses.length, MOST.addresses)] : []),
    ...addresses.flatMap((address, i) => addressErrors(address, type, path, i)),
    ...(typeof node === "string"
      ? dns1123Subdomain(node).map((message) => invalid(`${at}.nodeName`, node, message))
      : []),
    ...(typeof host === "string" ? dns1123Label(host).map((message) => invalid(`${at}.hostname`, host, message)) : []),
    ...hintErrors(mapping(endpoint, "hints"), `${at}.hints`)
  ]
}

const portsErrors = (ports: ReadonlyArray<JsonObject>): ReadonlyArray<FieldError> => {
  if (ports.length > MOST.ports) return [tooMany("ports", ports.length, MOST.ports)]
  const seen = new Set<string>()
  return numbered(ports, "ports").flatMap(({ at, item }) => {
    const [name, app] = [text(item, "name"), item["appProtocol"]]
    const repeated = seen.has(name)
    seen.add(name)
    return [
      ...(name === "" ? [] : dns1123Label(name).map((message) => invalid(`${at}.name`, name, message))),
      ...(repeated ? [duplicate(`${at}.name`, name)] : []),
      ...protocolErrors(text(item, "protocol"), `${at}.protocol`),
      ...(typeof app === "string"
        ? qualifiedName(app).map((message) => invalid(`${at}.appProtocol`, app, message))
        : [])
    ]
  })
}

const endpointsErrors = (endpoints: ReadonlyArray<JsonObject>, type: string): ReadonlyArray<FieldError> =>
  endpoints.length > MOST.endpoints
    ? [tooMany("endpoints", endpoints.length, MOST.endpoints)]
    : numbered(endpoints, "endpoints").flatMap(({ at, item }) => endpointErrors(item, type, at))

export const validateEndpointSlice = (slice: KubernetesObject, old?: KubernetesObject): ReadonlyArray<FieldError> => {
  const type = text(slice, "addressType")
  const known = old !== undefined && jsonEqual(old["endpoints"] ?? null, slice["endpoints"] ?? null)
  return [
    ...validateObjectMeta(slice.metadata),
    ...typeErrors(type),
    ...portsErrors(entries(slice, "ports")),
    ...(known ? [] : endpointsErrors(entries(slice, "endpoints"), type))
  ]
}

export const validateEndpointSliceUpdate = (
  next: KubernetesObject,
  old: KubernetesObject
): ReadonlyArray<FieldError> => [
  ...validateEndpointSlice(next, old),
  ...(text(next, "addressType") === text(old, "addressType")
    ? []
    : [invalid("addressType", text(next, "addressType"), IMMUTABLE)])
]
