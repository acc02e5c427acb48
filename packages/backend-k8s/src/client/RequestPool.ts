/**
 * Sends very many small requests to one API server over a few connections that stay open. Requests for one path are sent one after the
 * other, but for those that make something new; whatever comes of one is its answer, and status 0 means that nobody answered.
 */
import { type ClientRequest, type RequestOptions as HttpOptions, request as overHttp } from "node:http"
import { Agent, request as overTls, type RequestOptions } from "node:https"
import type { Answer, JsonObject } from "@kubereel/core"
import type { KubeConfig } from "@kubernetes/client-node"
import { Effect } from "effect"
import { type ApiRequest, bodyOf } from "./ApiWriter.ts"
import { type BadKubeconfig, type KubeconfigOptions, loadKubeconfig } from "./kubeconfig.ts"
import { ANSWER_WITHIN } from "./request.ts"

/** Connections at most; what is more waits. */
const CONNECTIONS = 64

/** How often it is asked again what the server wants to be asked later (client-go's maxRetries). */
const MAX_RETRIES = 10

const seconds = /^\d+$/

/** Credentials are looked at again that often, in milliseconds: tokens run out. */
const FRESH_FOR = 60_000

export type PooledRequest = Omit<ApiRequest, "method" | "query"> & { readonly method: ApiRequest["method"] | "PUT" }
type Then = (answer: Answer) => void

interface Waiting {
  readonly request: PooledRequest
  readonly then: Then
}

const nobody = (message: string): Answer => ({
  status: 0,
  body: { kind: "Status", apiVersion: "v1", status: "Failure", message, code: 0 }
})

/** Reads all of an answer. */
const finished = (request: ClientRequest, then: (answer: Answer, retryAfter: string | undefined) => void): void => {
  let done = false
  const end = (answer: Answer, retryAfter?: string): void => {
    if (!done) then(answer, retryAfter)
    done = true
  }
  request.setTimeout(ANSWER_WITHIN, () => request.destroy(new Error(`no answer within ${ANSWER_WITHIN / 1_000} s`)))
  request.on("error", ({ message }) => end(nobody(message)))
  request.on("response", (response) => {
    const pieces: Array<Buffer> = []
    response.on("data", (piece: Buffer) => pieces.push(piece))
    response.on("error", ({ message }) => end(nobody(message)))
    response.on("close", () => end(nobody("the connection was cut")))
    response.on("end", () => {
      const status = response.statusCode ?? 0
      const body: JsonObject = bodyOf(status, Buffer.concat(pieces).toString("utf8"))
      end({ status, body }, response.headers["retry-after"])
    })
  })
}

export class RequestPool {
  readonly #options: KubeconfigOptions
  /** By path: what waits for the answer before. */
  readonly #queues = new Map<string, Array<Waiting>>()
  #config: KubeConfig
  #agent: Agent | undefined
  #credentials: Promise<RequestOptions> | undefined
  #freshUntil = 0
  #sent = 0
  #closed = false

  private constructor(options: KubeconfigOptions, config: KubeConfig) {
    this.#options = options
    this.#config = config
  }

  static make(options: KubeconfigOptions): Effect.Effect<RequestPool, BadKubeconfig> {
    return Effect.map(loadKubeconfig(options), (config) => new RequestPool(options, config))
  }

  /** How many requests were sent. */
  get sent(): number {
    return this.#sent
  }

  send(request: PooledRequest, then: Then): void {
    if (request.method === "POST") return void this.#carryOut(request, then)
    const { path } = request
    const queue = this.#queues.get(path)
    if (queue !== undefined) return void queue.push({ request, then })
    this.#queues.set(path, [])
    this.#carryOut(request, (answer) => this.#answered(path, then, answer))
  }

  /** What is not answered by now is not answered any more. */
  close(): void {
    this.#closed = true
    this.#agent?.destroy()
  }

  #answered(path: string, then: Then, answer: Answer): void {
    const next = this.#queues.get(path)?.shift()
    if (next === undefined) this.#queues.delete(path)
    else this.#carryOut(next.request, (following) => this.#answered(path, next.then, following))
    then(answer)
  }

  #carryOut(request: PooledRequest, then: Then, tries = 1): void {
    const heard = (answer: Answer, retryAfter: string | undefined): void => {
      if (this.#closed) return
      const again = tries <= MAX_RETRIES
      if (answer.status === 401 && tries === 1)
        return void this.#reload().then(() => this.#carryOut(request, then, tries + 1))
      // The server has said when to come again.
      if (again && (answer.status === 429 || answer.status >= 500) && retryAfter !== undefined)
        return void setTimeout(
          () => this.#carryOut(request, then, tries + 1),
          1_000 * (seconds.test(retryAfter) ? Number(retryAfter) : 1)
        )
      then(answer)
    }
    this.#usable().then(
      (credentials) => this.#ask(request, credentials, heard),
      (cause: unknown) => heard(nobody(cause instanceof Error ? cause.message : String(cause)), undefined)
    )
  }

  #ask(
    { body, contentType = "application/json", method, path }: PooledRequest,
    credentials: RequestOptions,
    heard: (answer: Answer, retryAfter: string | undefined) => void
  ): void {
    const url = new URL(`${this.#config.getCurrentCluster()?.server.replace(/\/+$/, "")}${path}`)
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      ...(credentials.headers as Record<string, string>),
      accept: "application/json",
      "user-agent": "kubereel",
      ...(text === undefined ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(text) })
    }
    const options = { ...credentials, headers, method }
    this.#sent++
    const request = url.protocol === "http:" ? overHttp(url, options as HttpOptions) : overTls(url, options)
    finished(request, heard)
    request.end(text)
  }

  /** The credentials, and the connections that were made with them. */
  #usable(): Promise<RequestOptions> {
    if (this.#credentials !== undefined && performance.now() < this.#freshUntil) return this.#credentials
    this.#freshUntil = performance.now() + FRESH_FOR
    const config = this.#config
    const made = async (): Promise<RequestOptions> => {
      const options: RequestOptions = {}
      await config.applyToHTTPSOptions(options)
      const { agent, ca, cert, headers, key, passphrase, pfx, rejectUnauthorized, servername } = options
      const cluster = config.getCurrentCluster()
      const isPlain = cluster?.server.startsWith("http:") === true
      // A proxy has an agent of its own; all others keep their connections.
      if (isPlain || cluster?.proxyUrl !== undefined) return { agent, headers: headers ?? {} }
      const secrets = { ca, cert, key, passphrase, pfx, rejectUnauthorized, servername }
      const given = Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== undefined))
      this.#agent ??= new Agent({ keepAlive: true, maxSockets: CONNECTIONS, scheduling: "lifo", ...given })
      return { agent: this.#agent, headers: headers ?? {} }
    }
    this.#credentials = made()
    return this.#credentials
  }

  async #reload(): Promise<void> {
    const loaded = await Effect.runPromise(Effect.result(loadKubeconfig(this.#options)))
    if (loaded._tag === "Success") this.#config = loaded.success
    this.#agent = undefined
    this.#freshUntil = 0
  }
}
