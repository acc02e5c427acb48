/** The addresses of a Service within the cluster (`pkg/apis/core/validation/validation.go`, ValidateServiceClusterIPsRelatedFields). */
import type { JsonObject } from "../../../event/Json.ts"
import { text, textsOf } from "../fields.ts"
import { ipErrors, parseIp } from "../ip.ts"
import { duplicate, type FieldError, invalid, notSupported, required } from "../status.ts"

const AT = "spec.clusterIPs"
const families = ["IPv4", "IPv6"]
const familyPolicies = ["PreferDualStack", "RequireDualStack", "SingleStack"]

/** No address of its own: names lead to its pods. */
export const isHeadless = (spec: JsonObject): boolean => {
  const ips = textsOf(spec, "clusterIPs")
  return ips.length === 1 && ips[0] === "None"
}

const pairErrors = (spec: JsonObject, ips: ReadonlyArray<string>): ReadonlyArray<FieldError> => {
  const address = text(spec, "clusterIP")
  if (address === "") return ips.length > 0 ? [invalid(AT, ips, "must be empty when `clusterIP` is not specified")] : []
  if (ips.length === 0) return [required(AT)]
  return ips[0] === address ? [] : [invalid(AT, ips, "first value must match `clusterIP`")]
}

const familyErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const given = textsOf(spec, "ipFamilies")
  const policy = text(spec, "ipFamilyPolicy")
  return [
    ...given.flatMap((family, i) => [
      ...(families.includes(family) ? [] : [notSupported(`spec.ipFamilies[${i}]`, family, families)]),
      ...(given.indexOf(family) < i ? [duplicate(`spec.ipFamilies[${i}]`, family)] : [])
    ]),
    ...(policy === "" || familyPolicies.includes(policy)
      ? []
      : [notSupported("spec.ipFamilyPolicy", policy, familyPolicies)])
  ]
}

const singleErrors = (ips: ReadonlyArray<string>): ReadonlyArray<FieldError> =>
  ips.flatMap((ip, i) => {
    if (i > 0 || ip !== "None") return ipErrors(ip, `${AT}[${i}]`)
    return ips.length > 1 ? [invalid(AT, ips, "'None' must be the first and only value")] : []
  })

/** Each in its family. */
const togetherErrors = (spec: JsonObject, ips: ReadonlyArray<string>): ReadonlyArray<FieldError> => {
  const found = ips.map((ip) => parseIp(ip)?.family)
  const isPair = ips.length === 2 && new Set(found).size === 2
  return [
    ...(ips.length > 1 && !isPair ? [invalid(AT, ips, "may specify no more than one IP for each IP family")] : []),
    ...textsOf(spec, "ipFamilies").flatMap((family, i) =>
      found[i] === undefined || found[i] === family || !families.includes(family)
        ? []
        : [invalid(`${AT}[${i}]`, ips[i] ?? "", `expected an ${family} value as indicated by \`ipFamilies[${i}]\``)]
    )
  ]
}

export const addressErrors = (spec: JsonObject): ReadonlyArray<FieldError> => {
  if (text(spec, "type") === "ExternalName") return []
  const ips = textsOf(spec, "clusterIPs")
  const single = singleErrors(ips)
  return [
    ...pairErrors(spec, ips),
    ...familyErrors(spec),
    ...single,
    ...(ips.length > 2 ? [invalid(AT, ips, "may only hold up to 2 values")] : []),
    // What is wrong with two of them says nothing when one is none.
    ...(single.length > 0 || isHeadless(spec) ? [] : togetherErrors(spec, ips))
  ]
}

/** validateUpgradeDowngradeClusterIPs: an address stays; a second one may come, and go with its policy. */
export const addressChanges = (next: JsonObject, old: JsonObject): ReadonlyArray<FieldError> => {
  const either = (is: (spec: JsonObject) => boolean): boolean => is(next) || is(old)
  if (either((spec) => text(spec, "type") === "ExternalName") || (isHeadless(next) && isHeadless(old))) return []
  const [ips, before] = [textsOf(next, "clusterIPs"), textsOf(old, "clusterIPs")]
  const changed = (i: number): FieldError => invalid(`${AT}[${i}]`, ips, "may not change once set")
  if (ips.length === before.length) return ips.flatMap((ip, i) => (ip === before[i] ? [] : [changed(i)]))
  const first = before.length > 0 && ips.length > 0 && ips[0] !== before[0] ? [changed(0)] : []
  if (ips.length > before.length) return first
  const policy = text(next, "ipFamilyPolicy")
  const release = "must be set to 'SingleStack' when releasing the secondary clusterIP"
  return [
    ...(ips.length === 0 ? [invalid(`${AT}[0]`, null, "primary clusterIP can not be unset")] : []),
    ...first,
    ...(ips.length === 1 && policy !== "SingleStack" ? [invalid("spec.ipFamilyPolicy", policy, release)] : [])
  ]
}
