/** A simulated cluster that lives, behind an address: the Kubernetes API over it, and its clock. */
import { randomBytes } from "node:crypto"
import type { LivingCluster } from "@kubereel/core"
import { answer } from "./http/answer.ts"
import { makeCertificate } from "./http/certificate.ts"
import { ApiHttpServer } from "./http/Server.ts"
import { Versions } from "./http/Versions.ts"
import { kubeconfig } from "./kubeconfig.ts"
import { clockControl } from "./present/clockControl.ts"
import { Pacer, type PacerOptions } from "./present/Pacer.ts"
import { upgrade } from "./streams/upgrade.ts"

export interface ServePresentOptions extends PacerOptions {
  readonly cluster: LivingCluster
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

export interface ServedPresent {
  readonly port: number
  /** `https://127.0.0.1:1234` */
  readonly url: string
  readonly kubeconfig: string
  readonly pacer: Pacer
  readonly close: () => Promise<void>
}

/** The clock runs from the moment at which the server answers. */
export const servePresent = async ({ host, port, ...options }: ServePresentOptions): Promise<ServedPresent> => {
  const certificate = await makeCertificate(host, Math.floor(performance.timeOrigin + performance.now()))
  const token = randomBytes(32).toString("base64url")
  const { cluster } = options
  const pacer = new Pacer(options)
  const control = clockControl(pacer)
  const versions = new Versions(cluster)
  const route = async (path: string) => ({ cluster: versions, path })
  let address = ""
  const server = await new ApiHttpServer({
    host,
    port,
    certificate,
    token,
    answer: (request) =>
      answer(request, { route, address: () => address, isToken: (given) => given === token, control }),
    upgrade: (request, connection) => upgrade(request, connection, route)
  }).listen()
  address = `${host.includes(":") ? `[${host}]` : host}:${server.port}`
  const url = `https://${address}`
  pacer.start()
  return {
    port: server.port,
    url,
    kubeconfig: kubeconfig({
      contexts: [{ name: "kubereel", server: url }],
      namespace: "default",
      token,
      certificate: certificate.cert
    }),
    pacer,
    close: async () => {
      await server.close()
      await pacer.close()
    }
  }
}
