/** A certificate for one run of the server: its kubeconfig trusts this one and no other. */
import { generate } from "selfsigned"

export interface Certificate {
  readonly key: string
  readonly cert: string
}

const DAY = 86_400_000

/** For loopback and for the address that is listened on. `now`: milliseconds since 1970. */
export const makeCertificate = async (host: string, now: number): Promise<Certificate> => {
  const address = /^[\d.]+$|:/.test(host) ? [{ type: 7 as const, ip: host }] : [{ type: 2 as const, value: host }]
  const { cert, private: key } = await generate([{ name: "commonName", value: "kubereel" }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(now - DAY),
    notAfterDate: new Date(now + 365 * DAY),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
          ...(host === "127.0.0.1" || host === "::1" || host === "localhost" ? [] : address)
        ]
      }
    ]
  })
  return { cert, key }
}
