/** IP addresses and networks, and what is said of texts that are none (`k8s.io/apimachinery/pkg/util/validation/ip.go`). */
import { type FieldError, invalid } from "./status.ts"

export interface Ip {
  readonly family: "IPv4" | "IPv6"
  readonly bytes: ReadonlyArray<number>
}

const parseV4 = (text: string): ReadonlyArray<number> | undefined => {
  const parts = text.split(".")
  // Zeros in front are read as decimal, as Go once did (ParseIPSloppy).
  const fits = parts.length === 4 && parts.every((part) => /^[0-9]+$/.test(part) && Number(part) <= 255)
  return fits ? parts.map(Number) : undefined
}

/** The groups of a part of an IPv6 address; its last may be an IPv4 address. */
const groupsOf = (text: string, isEnd: boolean): ReadonlyArray<number> | undefined => {
  if (text === "") return []
  const parts = text.split(":")
  const last = parts.at(-1) ?? ""
  const v4 = isEnd && last.includes(".") ? parseV4(last) : undefined
  const words = v4 === undefined ? parts : parts.slice(0, -1)
  if (!words.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return undefined
  return [...words.flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]), ...(v4 ?? [])]
}

const parseV6 = (text: string): ReadonlyArray<number> | undefined => {
  const halves = text.split("::")
  if (halves.length > 2) return undefined
  const [head = "", tail] = halves
  const [first, second] = [groupsOf(head, tail === undefined), groupsOf(tail ?? "", true)]
  if (first === undefined || second === undefined) return undefined
  const missing = 16 - first.length - second.length
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined
  return [...first, ...Array<number>(missing).fill(0), ...second]
}

/** The bytes as they are written: sixteen of an IPv4 address that is written as an IPv6 one. */
export const ipBytes = (text: string): ReadonlyArray<number> | undefined =>
  text.includes(":") ? parseV6(text) : parseV4(text)

const isMapped = (bytes: ReadonlyArray<number>): boolean =>
  bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255

export const parseIp = (text: string): Ip | undefined => {
  const bytes = ipBytes(text)
  if (bytes === undefined) return undefined
  if (isMapped(bytes)) return { family: "IPv4", bytes: bytes.slice(12) }
  return { family: bytes.length === 4 ? "IPv4" : "IPv6", bytes }
}

/** The longest run of two groups or more that are nothing; the first of those that are alike. */
const gapOf = (groups: ReadonlyArray<number>): readonly [from: number, to: number] => {
  let [from, to] = [0, 0]
  for (let start = 0; start < groups.length; start++) {
    let end = start
    while (groups[end] === 0) end++
    if (end - start >= 2 && end - start > to - from) [from, to] = [start, end]
  }
  return [from, to]
}

/** As Go writes it: an IPv6 address as RFC 5952 wants it. */
export const ipText = (bytes: ReadonlyArray<number>): string => {
  if (bytes.length === 4) return bytes.join(".")
  const groups = bytes.flatMap((byte, i) => (i % 2 === 0 ? [byte * 256 + (bytes[i + 1] ?? 0)] : []))
  const [from, to] = gapOf(groups)
  const hex = (some: ReadonlyArray<number>): string => some.map((group) => group.toString(16)).join(":")
  return to === from ? hex(groups) : `${hex(groups.slice(0, from))}::${hex(groups.slice(to))}`
}

/** Does a number of an IPv4 address begin with a zero that says nothing? */
const hasZeros = (address: string): boolean => address.includes(".") && /(^|[.:])0[0-9]+(\.|$)/.test(address)

/** IsValidIPForLegacyField, as strict as it is since 1.36 (StrictIPCIDRValidation). */
export const ipErrors = (text: string, field: string): ReadonlyArray<FieldError> => told(ipProblem(text), text, field)

const ipProblem = (text: string): string | undefined => {
  const bytes = ipBytes(text)
  if (bytes === undefined) return "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
  if (hasZeros(text)) return "must not have leading 0s"
  return isMapped(bytes) ? "must not be an IPv4-mapped IPv6 address" : undefined
}

const told = (problem: string | undefined, text: string, field: string): ReadonlyArray<FieldError> =>
  problem === undefined ? [] : [invalid(field, text, problem)]

/** IsValidIP. */
export const canonicalIpErrors = (text: string, field: string): ReadonlyArray<FieldError> =>
  told(canonicalIpProblem(text), text, field)

/** What is wrong with an address that has to be written in the one form. */
export const canonicalIpProblem = (text: string): string | undefined => {
  const canonical = ipText(ipBytes(text) ?? [])
  return (
    ipProblem(text) ?? (canonical === text ? undefined : `must be in canonical form (${JSON.stringify(canonical)})`)
  )
}

/** Its first `ones` bits. */
const masked = (bytes: ReadonlyArray<number>, ones: number): ReadonlyArray<number> =>
  bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, ones - 8 * i))) & 0xff)

/** Is it a network at all, however it is written? (ParseCIDRSloppy) */
export const isCidr = (text: string): boolean => {
  const [address = "", bits = "", ...more] = text.split("/")
  const bytes = ipBytes(address)
  return bytes !== undefined && /^[0-9]+$/.test(bits) && Number(bits) <= bytes.length * 8 && more.length === 0
}

/** IsValidCIDRForLegacyField, as strict as it is since 1.36. */
export const cidrErrors = (text: string, field: string): ReadonlyArray<FieldError> => {
  const [address = "", bits = ""] = text.split("/")
  const bytes = ipBytes(address) ?? []
  if (!isCidr(text)) return [invalid(field, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
  if (hasZeros(address) || /^0[0-9]/.test(bits))
    return [invalid(field, text, "must not have leading 0s in IP or prefix length")]
  if (isMapped(bytes)) return [invalid(field, text, "must not have an IPv4-mapped IPv6 address")]
  return masked(bytes, Number(bits)).every((byte, i) => byte === bytes[i])
    ? []
    : [invalid(field, text, "must not have bits set beyond the prefix length")]
}

/** ValidateEndpointIP: addresses that mean something else to everybody who reads them. */
export const endpointIpErrors = (text: string, field: string): ReadonlyArray<FieldError> => {
  const ip = parseIp(text)
  if (ip === undefined) return []
  const [a = 0, b = 0, c = 0] = ip.bytes
  const isV4 = ip.family === "IPv4"
  const rest = ip.bytes.slice(0, -1).every((byte) => byte === 0)
  const last = ip.bytes.at(-1)
  const special: ReadonlyArray<readonly [boolean, string]> = [
    [rest && last === 0, `unspecified (${text})`],
    [isV4 ? a === 127 : rest && last === 1, "in the loopback range (127.0.0.0/8, ::1/128)"],
    [
      isV4 ? a === 169 && b === 254 : a === 0xfe && (b & 0xc0) === 0x80,
      "in the link-local range (169.254.0.0/16, fe80::/10)"
    ],
    [
      isV4 ? a === 224 && b === 0 && c === 0 : a === 0xff && (b & 0x0f) === 2,
      "in the link-local multicast range (224.0.0.0/24, ff02::/10)"
    ]
  ]
  return special.filter(([is]) => is).map(([, what]) => invalid(field, text, `may not be ${what}`))
}
