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

export const parseIp = (text: string): Ip | undefined => {
  const bytes = text.includes(":") ? parseV6(text) : parseV4(text)
  if (bytes === undefined) return undefined
  const isMapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255
  if (isMapped && bytes[11] === 255) return { family: "IPv4", bytes: bytes.slice(12) }
  return { family: bytes.length === 4 ? "IPv4" : "IPv6", bytes }
}

/** IsValidIPForLegacyField. */
export const ipErrors = (text: string, field: string): ReadonlyArray<FieldError> =>
  parseIp(text) === undefined
    ? [invalid(field, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    : []

/** IsValidCIDRForLegacyField. */
export const cidrErrors = (text: string, field: string): ReadonlyArray<FieldError> => {
  const [address = "", bits = "", ...more] = text.split("/")
  const ip = parseIp(address)
  const fits = ip !== undefined && /^[0-9]+$/.test(bits) && Number(bits) <= ip.bytes.length * 8 && more.length === 0
  return fits ? [] : [invalid(field, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
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
