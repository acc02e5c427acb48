/** Asks one API server for changes, and for commands in containers. Whatever it says is its answer, a refusal too. */
import type { RequestOptions } from "node:https"
import { Writable } from "node:stream"
import { type Answer, isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import type { KubeConfig } from "@kubernetes/client-node"
import { Effect, type Scope } from "effect"
import { type ApiFailure, Unauthorized, Unreachable } from "./failures.ts"
import { type BadKubeconfig, type KubeconfigOptions, loadKubeconfig } from "./kubeconfig.ts"
import { ANSWER_WITHIN, send, wholeBody } from "./request.ts"
import { warningTexts } from "./warningHeaders.ts"

/** What is asked for. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Json
  /** Of the body; default `application/json`. */
  readonly contentType?: string
}

export interface ExecTarget {
  readonly namespace: string
  readonly pod: string
  readonly container: string | undefined
  readonly command: ReadonlyArray<string>
}

const failure = (code: number, message: string): JsonObject => ({
  kind: "Status",
  apiVersion: "v1",
  status: "Failure",
  message,
  code
})

export const bodyOf = (status: number, text: string): JsonObject => {
  try {
    const body = JSON.parse(text) as Json
    if (isJsonObject(body)) return body
  } catch {
    // A proxy in between speaks no JSON.
  }
  return failure(status, text.trim().slice(0, 500) || `the server answered ${status}`)
}

const textOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message.split("\n")[0] : undefined) ?? String(cause)

const sinkhole = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() })

export class ApiWriter {
  readonly #options: KubeconfigOptions
  #config: KubeConfig

  private constructor(options: KubeconfigOptions, config: KubeConfig) {
    this.#options = options
    this.#config = config
  }

  static make(options: KubeconfigOptions): Effect.Effect<ApiWriter, BadKubeconfig> {
    return Effect.map(loadKubeconfig(options), (config) => new ApiWriter(options, config))
  }

  ask(request: ApiRequest): Effect.Effect<Answer, ApiFailure> {
    return Effect.scoped(
      Effect.flatMap(
        Effect.suspend(() => this.#send(request)),
        (answer) => {
          if (answer.status !== 401) return Effect.succeed(answer)
          // A token may have run out: the credentials are loaded again, once.
          const loaded = Effect.map(loadKubeconfig(this.#options), (config) => {
            this.#config = config
          })
          return Effect.matchEffect(loaded, {
            onFailure: () => Effect.succeed(answer),
            onSuccess: () => this.#send(request)
          })
        }
      )
    )
  }

  /** Until the command has ended; its answer is the Status that the kubelet ends the stream with. */
  exec(target: ExecTarget): Effect.Effect<Answer, ApiFailure> {
    return Effect.flatMap(
      Effect.promise(() => this.#execute(target)),
      (ended) =>
        // A handshake that fails says nothing but a number: the same request without one is answered in words.
        ended === undefined ? this.#execRefusal(target) : Effect.succeed({ status: 200, body: ended })
    )
  }

  async #execute({ command, container = "", namespace, pod }: ExecTarget): Promise<JsonObject | undefined> {
    const { Exec } = await import("@kubernetes/client-node")
    const ended = Promise.withResolvers<JsonObject>()
    const [path, name] = [encodeURIComponent(namespace), encodeURIComponent(pod)]
    try {
      const socket = await new Exec(this.#config).exec(
        path,
        name,
        container,
        [...command],
        sinkhole(),
        sinkhole(),
        null,
        false,
        (status) => ended.resolve(status as JsonObject)
      )
      socket.onclose = () => ended.resolve(failure(500, "the connection was closed before the command had ended"))
    } catch {
      return undefined
    }
    return ended.promise
  }

  #execRefusal({ command, container, namespace, pod }: ExecTarget): Effect.Effect<Answer, ApiFailure> {
    const query = new URLSearchParams({ stdout: "true", ...(container === undefined ? {} : { container }) })
    for (const word of command) query.append("command", word)
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query}`
    return this.ask({ method: "GET", path })
  }

  #send({
    body,
    contentType = "application/json",
    method,
    path,
    query = {}
  }: ApiRequest): Effect.Effect<Answer, ApiFailure, Scope.Scope> {
    const config = this.#config
    const server = config.getCurrentCluster()?.server.replace(/\/+$/, "") ?? ""
    return Effect.gen(function* () {
      const options: RequestOptions = {}
      yield* Effect.tryPromise({
        try: () => config.applyToHTTPSOptions(options),
        catch: (cause) => new Unauthorized({ server, detail: `they cannot be had (${textOf(cause)})` })
      })
      if (!URL.canParse(`${server}${path}`)) return yield* new Unreachable({ server, detail: `${path} is no path` })
      const url = new URL(`${server}${path}`)
      for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
      const text = body === undefined ? undefined : JSON.stringify(body)
      const headers = {
        ...options.headers,
        accept: "application/json",
        "user-agent": "kubereel",
        ...(text === undefined ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(text) })
      }
      const answer = yield* send(url, { ...options, headers, method } as RequestOptions, ANSWER_WITHIN, text)
      const status = answer.statusCode ?? 0
      const warnings = warningTexts(answer.headersDistinct["warning"] ?? [])
      const said = bodyOf(status, yield* wholeBody(answer, url.origin, ANSWER_WITHIN))
      return { status, body: said, ...(warnings.length === 0 ? {} : { warnings }) }
    })
  }
}
