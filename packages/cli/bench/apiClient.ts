/** Asks an API server as a kubeconfig's user, over a few connections that stay open. */
import { readFileSync } from "node:fs"
import { Agent, request } from "node:https"
import { parse } from "yaml"

export type Ask = (
  method: string,
  path: string,
  body?: object
) => Promise<{ readonly status: number; readonly body: string }>

const bytes = (base64: string | undefined): Buffer | undefined =>
  base64 === undefined ? undefined : Buffer.from(base64, "base64")

/** The file's only user: with a token, or with a certificate. */
export const askWith = (kubeconfig: string, connections: number): Ask => {
  const { clusters, users } = parse(readFileSync(kubeconfig, "utf8"))
  const { "certificate-authority-data": ca, server } = clusters[0].cluster
  const { "client-certificate-data": cert, "client-key-data": key, token } = users[0].user
  const credentials = { ca: bytes(ca), cert: bytes(cert), key: bytes(key) }
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ...credentials })
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { ...authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) }
      const asked = request(`${server}${path}`, { method, agent, headers }, (response) => {
        const chunks: Array<Buffer> = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
      })
      asked.on("error", reject)
      asked.end(body === undefined ? undefined : JSON.stringify(body))
    })
}
