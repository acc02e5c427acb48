/** One address with the Kubernetes API behind it: a certificate and a token of its own, and where clients find it. */
import { randomBytes } from "node:crypto"
import { type AnswerOptions, answer } from "./http/answer.ts"
import { makeCertificate } from "./http/certificate.ts"
import { ApiHttpServer } from "./http/Server.ts"

export interface Address {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

export interface ServedApi {
  readonly port: number
  /** `https://127.0.0.1:1234` */
  readonly url: string
  /** Whoever asks must have it. */
  readonly token: string
  /** PEM: what clients trust. */
  readonly certificate: string
  readonly close: () => Promise<void>
}

export const serveApi = async (
  { host, port: wanted }: Address,
  { control, route }: Pick<AnswerOptions, "control" | "route">
): Promise<ServedApi> => {
  const certificate = await makeCertificate(host, Math.floor(performance.timeOrigin + performance.now()))
  const token = randomBytes(32).toString("base64url")
  let address = ""
  const options: AnswerOptions = {
    route,
    address: () => address,
    isToken: (given) => given === token,
    ...(control === undefined ? {} : { control })
  }
  const { close, port } = await new ApiHttpServer({
    ...{ host, port: wanted, certificate, token },
    answer: (request) => answer(request, options),
    // Few clients ask for another protocol, and none does first.
    upgrade: async (request, connection) => {
      const { upgrade } = await import("./streams/upgrade.ts")
      return upgrade(request, connection, route)
    }
  }).listen()
  address = `${host.includes(":") ? `[${host}]` : host}:${port}`
  return { port, url: `https://${address}`, token, certificate: certificate.cert, close }
}
