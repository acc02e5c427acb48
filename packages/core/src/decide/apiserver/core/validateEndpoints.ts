/** What the API server refuses of Endpoints (`pkg/apis/core/validation/validation.go`, ValidateEndpoints). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, integer, numbered, text } from "../fields.ts"
import { endpointIpErrors, ipErrors } from "../ip.ts"
import { between, dns1123Label, dns1123Subdomain, qualifiedName } from "../nameRules.ts"
import { type FieldError, invalid, required } from "../status.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"
import { protocolErrors } from "./validateService.ts"

type Rule = (text: string) => ReadonlyArray<string>

const ruled = (value: unknown, rule: Rule, field: string): ReadonlyArray<FieldError> =>
  typeof value === "string" ? rule(value).map((message) => invalid(field, value, message)) : []

/** validateEndpointAddress. */
const addressErrors = (address: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const ip = text(address, "ip")
  const sloppy = ipErrors(ip, `${at}.ip`)
  return [
    ...sloppy,
    ...(text(address, "hostname") === "" ? [] : ruled(address["hostname"], dns1123Label, `${at}.hostname`)),
    ...ruled(address["nodeName"], dns1123Subdomain, `${at}.nodeName`),
    ...(sloppy.length > 0 ? [] : endpointIpErrors(ip, `${at}.ip`))
  ]
}

/** validateEndpointPort. */
const portErrors = (port: JsonObject, needsName: boolean, at: string): ReadonlyArray<FieldError> => {
  const [name, number] = [text(port, "name"), integer(port, "port") ?? 0]
  const named = name === "" ? [] : ruled(name, dns1123Label, `${at}.name`)
  return [
    ...(needsName && name === "" ? [required(`${at}.name`)] : named),
    ...(number < 1 || number > 65_535 ? [invalid(`${at}.port`, number, between(1, 65_535))] : []),
    ...protocolErrors(text(port, "protocol"), `${at}.protocol`),
    ...ruled(port["appProtocol"], qualifiedName, `${at}.appProtocol`)
  ]
}

const subsetErrors = (subset: JsonObject, at: string): ReadonlyArray<FieldError> => {
  const lists = ["addresses", "notReadyAddresses"] as const
  const ports = entries(subset, "ports")
  return [
    ...(lists.every((list) => entries(subset, list).length === 0)
      ? [required(at, "must specify `addresses` or `notReadyAddresses`")]
      : []),
    ...lists.flatMap((list) =>
      numbered(entries(subset, list), `${at}.${list}`).flatMap((one) => addressErrors(one.item, one.at))
    ),
    ...numbered(ports, `${at}.ports`).flatMap((one) => portErrors(one.item, ports.length > 1, one.at))
  ]
}

export const validateEndpoints = (endpoints: KubernetesObject): ReadonlyArray<FieldError> => [
  ...validateObjectMeta(endpoints.metadata),
  ...numbered(entries(endpoints, "subsets"), "subsets").flatMap(({ at, item }) => subsetErrors(item, at))
]

/** What was once taken stays. */
export const validateEndpointsUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> =>
  jsonEqual(next["subsets"] ?? null, old["subsets"] ?? null) ? [] : validateEndpoints(next)
