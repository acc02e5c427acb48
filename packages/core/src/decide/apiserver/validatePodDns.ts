/** What the API server refuses in how a pod finds names and is found (`pkg/apis/core/validation/validation.go`, validatePodDNSConfig, ValidateHostAliases, validatePodHostName). */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { entries, numbered, text } from "./fields.ts"
import { ipErrors } from "./ip.ts"
import { dns1123Subdomain, searchDomain } from "./nameRules.ts"
import { type FieldError, fieldForbidden, invalid, required, tooLong } from "./status.ts"

const PATH = "spec.dnsConfig"
/** What the resolver of Linux' libc can take. */
const MAX_NAMESERVERS = 3
const MAX_SEARCHES = 32
const MAX_SEARCH_CHARACTERS = 2048
const MAX_HOSTNAME = 64

const texts = (holder: JsonObject, field: string): ReadonlyArray<string> => {
  const list = holder[field]
  return Array.isArray(list) ? list.filter((item: Json) => typeof item === "string") : []
}

const searchErrors = (searches: ReadonlyArray<string>): ReadonlyArray<FieldError> => {
  const field = `${PATH}.searches`
  const long = `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`
  return [
    ...(searches.length > MAX_SEARCHES
      ? [invalid(field, [...searches], `must not have more than ${MAX_SEARCHES} search paths`)]
      : []),
    ...(searches.join(" ").length > MAX_SEARCH_CHARACTERS ? [invalid(field, [...searches], long)] : []),
    ...searches.flatMap((search, i) => {
      if (search === ".") return []
      const domain = search.replace(/\.$/, "")
      return searchDomain(domain).map((message) => invalid(`${field}[${i}]`, domain, message))
    })
  ]
}

export const validateDnsConfig = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const config = spec["dnsConfig"]
  const isNone = spec["dnsPolicy"] === "None"
  if (!isJsonObject(config)) return isNone ? [required(PATH, "must provide `dnsConfig` when `dnsPolicy` is None")] : []
  const [servers, field] = [texts(config, "nameservers"), `${PATH}.nameservers`]
  if (isNone && servers.length === 0)
    return [required(field, "must provide at least one DNS nameserver when `dnsPolicy` is None")]
  return [
    ...(servers.length > MAX_NAMESERVERS
      ? [invalid(field, [...servers], `must not have more than ${MAX_NAMESERVERS} nameservers`)]
      : []),
    ...servers.flatMap((server, i) => ipErrors(server, `${field}[${i}]`)),
    ...searchErrors(texts(config, "searches")),
    ...numbered(entries(config, "options"), `${PATH}.options`)
      .filter(({ item }) => text(item, "name") === "")
      .map(({ at }) => required(at, "must not be empty"))
  ]
}

export const validateHostAliases = (spec: JsonObject): ReadonlyArray<FieldError> =>
  numbered(entries(spec, "hostAliases"), "spec.hostAliases").flatMap(({ at, item }) => [
    ...ipErrors(text(item, "ip"), `${at}.ip`),
    ...texts(item, "hostnames").flatMap((name, i) =>
      dns1123Subdomain(name).map((message) => invalid(`${at}.hostnames[${i}]`, name, message))
    )
  ])

export const validateHostnameOverride = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const [name, field] = [spec["hostnameOverride"], "spec.hostnameOverride"]
  if (typeof name !== "string") return []
  const not = (what: string): FieldError => fieldForbidden(field, `may not be specified when ${what} is true`)
  return [
    ...(spec["setHostnameAsFQDN"] === true ? [not("setHostnameAsFQDN")] : []),
    ...(spec["hostNetwork"] === true ? [not("hostNetwork")] : []),
    ...(name.length > MAX_HOSTNAME ? [tooLong(field, MAX_HOSTNAME)] : []),
    ...dns1123Subdomain(name).map((message) => invalid(field, name, message))
  ]
}
