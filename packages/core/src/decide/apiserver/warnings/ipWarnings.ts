/** What the API server thinks of addresses and networks that it takes for old times' sake (`k8s.io/apimachinery/pkg/util/validation/ip.go`, GetWarningsForIP, GetWarningsForCIDR). What is no good address at all is refused. */
import { ipBytes, ipText } from "../ip.ts"

const canonical = (text: string): string | undefined => {
  const bytes = ipBytes(text)
  return bytes?.length === 16 ? ipText(bytes) : undefined
}

export const ipWarnings = (field: string, value: string): ReadonlyArray<string> => {
  const text = canonical(value)
  return text === undefined || text === value
    ? []
    : [
        `${field}: IPv6 address ${JSON.stringify(value)} should be in RFC 5952 canonical format (${JSON.stringify(text)})`
      ]
}

export const cidrWarnings = (field: string, value: string): ReadonlyArray<string> => {
  const [address = "", bits = ""] = value.split("/")
  const text = canonical(address)
  return text === undefined || text === address
    ? []
    : [
        `${field}: IPv6 CIDR value ${JSON.stringify(value)} should be in RFC 5952 canonical format (${JSON.stringify(`${text}/${bits}`)})`
      ]
}
