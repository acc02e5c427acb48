/** What the API server refuses of Nodes (`pkg/apis/core/validation/validation.go`, ValidateNode…). */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, mapping, numbered, text, textsOf } from "../fields.ts"
import { internalJson } from "../internalJson.ts"
import { cidrErrors, isCidr, parseIp } from "../ip.ts"
import { labelValue, qualifiedName } from "../nameRules.ts"
import { resourceAmountErrors } from "../resourceNames.ts"
import {
  duplicate,
  type FieldError,
  fieldForbidden,
  internalError,
  invalid,
  notSupported,
  required
} from "../status.ts"
import { validateMetadataUpdate } from "../validateMetadataUpdate.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

const taintErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const seen = new Set<string>()
  return numbered(entries(spec, "taints"), "metadata.taints").flatMap(({ at, item }) => {
    const [key, value, effect] = [text(item, "key"), text(item, "value"), text(item, "effect")]
    const repeated = seen.has(`${effect} ${key}`)
    seen.add(`${effect} ${key}`)
    const wrong = labelValue(value)
    return [
      ...qualifiedName(key).map((message) => invalid(`${at}.key`, key, message)),
      ...(wrong.length > 0 ? [invalid(`${at}.value`, value, wrong.join(";"))] : []),
      ...(effect === ""
        ? [required(`${at}.effect`)]
        : effects.includes(effect)
          ? []
          : [notSupported(`${at}.effect`, effect, effects)]),
      ...(repeated ? [duplicate(at, internalJson("Taint", item), "taints must be unique by key and effect pair")] : [])
    ]
  })
}

/** ValidateNodeResources. */
const resourceErrors = (status: JsonObject): ReadonlyArray<FieldError> =>
  ["capacity", "allocatable"].flatMap((list) => {
    const amounts = mapping(status, list)
    return Object.keys(amounts).flatMap((name) =>
      resourceAmountErrors(name, amounts[name] ?? null, `status.${list}.${name}`)
    )
  })

const networkErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const networks = textsOf(spec, "podCIDRs")
  const families = new Set(networks.map((network) => parseIp(network.split("/")[0] ?? "")?.family))
  const bad = networks.findIndex((network) => !isCidr(network))
  const isPair = networks.length === 2 && families.size === 2 && bad < 0
  const failed = `invalid CIDR[${bad}]: <nil> (invalid CIDR address: ${networks[bad]})`
  const why = `invalid PodCIDRs. failed to check with dual stack with error:${failed}`
  return [
    ...networks.flatMap((network, i) => cidrErrors(network, `spec.podCIDRs[${i}]`)),
    ...(networks.length > 1 && bad >= 0 ? [internalError("spec.podCIDRs", why)] : []),
    ...(networks.length > 1 && !isPair
      ? [invalid("spec.podCIDRs", networks, "may specify no more than one CIDR for each IP family")]
      : [])
  ]
}

export const validateNode = (node: KubernetesObject): ReadonlyArray<FieldError> => {
  const spec = mapping(node, "spec")
  return [
    ...validateObjectMeta(node.metadata),
    ...taintErrors(spec),
    ...resourceErrors(mapping(node, "status")),
    ...networkErrors(spec)
  ]
}

/** The address of the network and who made the machine are said once. */
const fixedErrors = (spec: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const [networks, before] = [textsOf(spec, "podCIDRs"), textsOf(old, "podCIDRs")]
  const changes =
    before.length === 0 || networks.length === before.length
      ? before.filter((network, i) => network !== networks[i])
      : ["another number of them"]
  const [id, was] = [text(spec, "providerID"), text(old, "providerID")]
  const only = (what: string): string => `node updates may not change ${what} except from "" to valid`
  return [
    ...changes.map(() => fieldForbidden("spec.podCIDRs", only("podCIDR"))),
    ...(was === "" || id === was ? [] : [fieldForbidden("spec.providerID", only("providerID"))]),
    ...(text(spec, "externalID") === text(old, "externalID")
      ? []
      : [fieldForbidden("spec.externalID", "may not be updated")])
  ]
}

/** ValidateNodeUpdate; the strategy asks for ValidateNode before it, so taints are looked at twice. */
export const validateNodeUpdate = (next: KubernetesObject, old: KubernetesObject): ReadonlyArray<FieldError> => {
  const spec = mapping(next, "spec")
  return [
    ...validateNode(next),
    ...validateMetadataUpdate(next.metadata, old.metadata),
    ...resourceErrors(mapping(next, "status")),
    ...fixedErrors(spec, mapping(old, "spec")),
    ...taintErrors(spec)
  ]
}
