/** Requests to a server of ours, found through the kubeconfig that it wrote. */
import { readFile } from "node:fs/promises"
import { request } from "node:https"
import { Effect } from "effect"
import { parse } from "yaml"
import { Complaint, exitCodes } from "../exitCode.ts"

export const KUBECONFIG = "kubereel.kubeconfig"

export interface ApiOptions {
  readonly kubeconfig?: string
  readonly context?: string
}

export interface Answered {
  readonly status: number
  readonly body: string
}

export interface ServedApi {
  readonly server: string
  readonly ask: (method: string, path: string, body?: object) => Effect.Effect<Answered, Complaint>
}

interface Kubeconfig {
  readonly "current-context"?: string
  readonly contexts?: ReadonlyArray<{ readonly name: string; readonly context: { cluster: string; user: string } }>
  readonly clusters?: ReadonlyArray<{
    readonly name: string
    readonly cluster: { server: string; "certificate-authority-data"?: string }
  }>
  readonly users?: ReadonlyArray<{ readonly name: string; readonly user: { readonly token?: string } }>
}

const complain = (code: number, problem: string) => new Complaint({ code, problem })

const read = (file: string) =>
  Effect.tryPromise({
    try: async () => parse(await readFile(file, "utf8")) as Kubeconfig,
    catch: (cause) =>
      (cause as NodeJS.ErrnoException).code === "ENOENT"
        ? complain(
            exitCodes.noInput,
            `${file}: there is no such file; start a cluster with \`kubereel up\`, or name its --kubeconfig`
          )
        : complain(exitCodes.badData, `${file}: is no kubeconfig; name the one that \`kubereel up\` wrote`)
  })

const send = (url: URL, method: string, options: { ca: string; token: string; body: string | undefined }) =>
  new Promise<Answered>((resolve, reject) => {
    const asked = request(url, {
      method,
      ca: options.ca,
      headers: {
        authorization: `Bearer ${options.token}`,
        accept: "application/json",
        ...(options.body === undefined ? {} : { "content-type": "application/json" })
      }
    })
    asked.on("error", reject)
    asked.on("response", (response) => {
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("error", reject)
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") })
      )
    })
    asked.end(options.body)
  })

export const servedApi = Effect.fn("servedApi")(function* ({
  context: wanted,
  kubeconfig: file = KUBECONFIG
}: ApiOptions) {
  const config = yield* read(file)
  const name = wanted ?? config["current-context"]
  const context = config.contexts?.find((one) => one.name === name)?.context
  const cluster = config.clusters?.find((one) => one.name === context?.cluster)?.cluster
  const token = config.users?.find((one) => one.name === context?.user)?.user.token
  const ca = cluster?.["certificate-authority-data"]
  if (cluster === undefined || token === undefined || ca === undefined)
    return yield* complain(
      exitCodes.badData,
      `${file}: has no context ${JSON.stringify(name ?? "")} of \`kubereel up\`; name another --context`
    )
  const api: ServedApi = {
    server: cluster.server,
    ask: (method, path, body) =>
      Effect.tryPromise({
        try: () =>
          send(new URL(path, cluster.server), method, {
            ca: Buffer.from(ca, "base64").toString("utf8"),
            token,
            body: body === undefined ? undefined : JSON.stringify(body)
          }),
        catch: (cause) =>
          complain(
            exitCodes.unavailable,
            `${cluster.server}: does not answer (${(cause as Error).message}); start a cluster with \`kubereel up\``
          )
      })
  }
  return api
})
