/** A Secret of a certificate and a key that hold neither (`pkg/registry/core/secret/strategy.go`, warningsForSecret; `crypto/tls/tls.go`, X509KeyPair). What stands inside the blocks is not looked into. */
import type { JsonObject } from "../../../event/Json.ts"
import { mapping, text } from "../fields.ts"

const block = /-----BEGIN ([^\n]*?)-----\r?\n[\s\S]*?\r?\n-----END \1-----/g

const typesIn = (data: JsonObject, key: string): ReadonlyArray<string> =>
  [...atob(text(data, key)).matchAll(block)].map(([, type = ""]) => type)

const isPrivateKey = (type: string): boolean => type === "PRIVATE KEY" || type.endsWith(" PRIVATE KEY")
const listed = (types: ReadonlyArray<string>): string => `[${types.join(" ")}]`

const certificateProblem = (types: ReadonlyArray<string>): string | undefined => {
  if (types.includes("CERTIFICATE")) return undefined
  if (types.length === 0) return "tls: failed to find any PEM data in certificate input"
  if (types.length === 1 && types.every((type) => type.endsWith("PRIVATE KEY")))
    return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched"
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${listed(types)}`
}

const keyProblem = (types: ReadonlyArray<string>): string | undefined => {
  if (types.some(isPrivateKey)) return undefined
  if (types.length === 0) return "tls: failed to find any PEM data in key input"
  if (types.length === 1 && types[0] === "CERTIFICATE")
    return "tls: found a certificate rather than a key in the PEM for the private key"
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${listed(types)}`
}

export const tlsWarnings = (secret: JsonObject): ReadonlyArray<string> => {
  if (text(secret, "type") !== "kubernetes.io/tls") return []
  const data = mapping(secret, "data")
  const problem = certificateProblem(typesIn(data, "tls.crt")) ?? keyProblem(typesIn(data, "tls.key"))
  return problem === undefined ? [] : [problem]
}
