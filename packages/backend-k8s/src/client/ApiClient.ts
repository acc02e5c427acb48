/** A client of one API server: reads, lists in pieces, watches line by line. Failures are data (failures.ts). */
import type { RequestOptions } from "node:https"
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import type { KubeConfig } from "@kubernetes/client-node"
import { Effect, Option, type Scope, Semaphore, Stream } from "effect"
import { type ApiFailure, failureOf, Garbled, Unauthorized } from "./failures.ts"
import { type BadKubeconfig, type KubeconfigOptions, loadKubeconfig } from "./kubeconfig.ts"
import { roundedNumber } from "./numbers.ts"
import { ANSWER_WITHIN, Lines, send, wholeBody } from "./request.ts"

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** A piece of a list. All pieces of one list are of one version. */
export interface ListPage {
  readonly resourceVersion: string
  readonly items: ReadonlyArray<JsonObject>
  /** A number that was rounded, in its own digits. */
  readonly rounded: string | undefined
}

/** What a line of a watch says. */
export interface WatchLine {
  readonly type: string
  readonly object: JsonObject
  readonly rounded: string | undefined
}

/** How many objects a list asks for at once, as client-go does. */
const PAGE = 500

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const garbled = (path: string, text: string): Garbled =>
  new Garbled({ detail: `${path}: the server's answer is no JSON: ${JSON.stringify(text.slice(0, 80))}` })

/** What a Status says, or the beginning of whatever came instead. */
const messageOf = (status: number, text: string): string => {
  const body = parsed(text)
  return body !== undefined && isJsonObject(body) && typeof body.message === "string"
    ? body.message
    : `the server answered ${status}${text === "" ? "" : `: ${text.trim().slice(0, 200)}`}`
}

const pageOf = (
  path: string,
  text: string
): { readonly page: ListPage; readonly more: string | undefined } | Garbled => {
  const list = parsed(text)
  if (list === undefined || !isJsonObject(list)) return garbled(path, text)
  const { apiVersion, kind, metadata, items } = list
  const resourceVersion = isJsonObject(metadata) ? metadata.resourceVersion : undefined
  if (typeof resourceVersion !== "string" || typeof kind !== "string")
    return new Garbled({ detail: `${path}: the server's answer is no list with a resourceVersion` })
  // Items of a typed list do not say what they are.
  const what = { apiVersion, kind: kind.replace(/List$/, "") }
  const more = isJsonObject(metadata) && typeof metadata.continue === "string" && metadata.continue !== ""
  return {
    page: {
      resourceVersion,
      items: (Array.isArray(items) ? items : []).map((item: JsonObject) => ({ ...what, ...item })),
      rounded: roundedNumber(text)
    },
    more: more ? ((metadata as JsonObject).continue as string) : undefined
  }
}

const lineOf = (path: string, text: string): WatchLine | Garbled => {
  const line = parsed(text)
  return line !== undefined && isJsonObject(line) && typeof line.type === "string" && isJsonObject(line.object)
    ? { type: line.type, object: line.object, rounded: roundedNumber(text) }
    : new Garbled({ detail: `${path}: a line of the watch is no watch event: ${JSON.stringify(text.slice(0, 80))}` })
}

export class ApiClient {
  readonly #options: KubeconfigOptions
  readonly #reloading = Semaphore.makeUnsafe(1)
  readonly #within: number
  #config: KubeConfig

  private constructor(options: KubeconfigOptions, config: KubeConfig, within: number) {
    this.#options = options
    this.#within = within
    this.#config = config
  }

  /** `within`: milliseconds that the server may be silent while it answers. */
  static make(options: KubeconfigOptions, within: number = ANSWER_WITHIN): Effect.Effect<ApiClient, BadKubeconfig> {
    return Effect.map(loadKubeconfig(options), (config) => new ApiClient(options, config, within))
  }

  /** The address, without anything that could be a credential. */
  get server(): string {
    const url = new URL(this.#config.getCurrentCluster()?.server ?? "")
    return `${url.origin}${url.pathname === "/" ? "" : url.pathname}`
  }

  /** The name of the context. */
  get context(): string {
    return this.#config.getCurrentContext()
  }

  /** One document. */
  get(path: string, query: Query = {}): Effect.Effect<JsonObject, ApiFailure> {
    return Effect.flatMap(this.#text(path, query), (text) => {
      const body = parsed(text)
      return body !== undefined && isJsonObject(body) ? Effect.succeed(body) : Effect.fail(garbled(path, text))
    })
  }

  /** Everything that is there now, in pieces of one version, at least one piece. */
  list(path: string, query: Query = {}): Stream.Stream<ListPage, ApiFailure> {
    return Stream.paginate("", (token: string) =>
      Effect.flatMap(
        this.#text(path, { ...query, limit: PAGE, continue: token === "" ? undefined : token }),
        (text): Effect.Effect<readonly [ReadonlyArray<ListPage>, Option.Option<string>], Garbled> => {
          const piece = pageOf(path, text)
          return piece instanceof Garbled
            ? Effect.fail(piece)
            : Effect.succeed([[piece.page], piece.more === undefined ? Option.none() : Option.some(piece.more)])
        }
      )
    )
  }

  /**
   * What happens after a version, batch by batch as it comes, until the server ends it. It fails when nothing is heard for
   * `quiet` milliseconds. The effect succeeds once the server has said 200; the stream ends with the scope.
   */
  watch(
    path: string,
    query: Query,
    quiet: number
  ): Effect.Effect<Stream.Stream<WatchLine, ApiFailure>, ApiFailure, Scope.Scope> {
    return Effect.map(this.#answer(path, { ...query, watch: true, allowWatchBookmarks: true }), (answer) => {
      const lines = new Lines(answer, this.server)
      return Stream.unfold(undefined, () =>
        Effect.flatMap(lines.next(quiet), (texts) => {
          if (texts === undefined) return Effect.succeed(undefined)
          const batch: Array<WatchLine | Garbled> = texts.map((text) => lineOf(path, text))
          return Effect.succeed([batch, undefined] as const)
        })
      ).pipe(
        Stream.flattenIterable,
        Stream.mapEffect((line) => (line instanceof Garbled ? Effect.fail(line) : Effect.succeed(line)))
      )
    })
  }

  #text(path: string, query: Query): Effect.Effect<string, ApiFailure> {
    return Effect.scoped(
      Effect.flatMap(this.#answer(path, query), (answer) => wholeBody(answer, this.server, this.#within))
    )
  }

  /** A 401 may mean that a token has run out: the credentials are loaded again, once. */
  #answer(path: string, query: Query) {
    return Effect.suspend(() => {
      const used = this.#config
      return Effect.catchTag(this.#ask(path, query), "Unauthorized", (refusal) =>
        Effect.andThen(
          Effect.catch(this.#reload(used), () => Effect.fail(refusal)),
          Effect.suspend(() => this.#ask(path, query))
        )
      )
    })
  }

  /** Those who were refused with the same credentials wait for one of them to load new ones. */
  #reload(used: KubeConfig): Effect.Effect<void, BadKubeconfig> {
    return Semaphore.withPermits(
      this.#reloading,
      1
    )(
      Effect.suspend(() =>
        this.#config !== used
          ? Effect.void
          : Effect.map(loadKubeconfig(this.#options), (config) => {
              this.#config = config
            })
      )
    )
  }

  #ask(path: string, query: Query) {
    const { server } = this
    const config = this.#config
    const within = this.#within
    return Effect.gen(function* () {
      const options: RequestOptions = {}
      yield* Effect.tryPromise({
        try: () => config.applyToHTTPSOptions(options),
        catch: (cause) =>
          new Unauthorized({
            server,
            detail: `they cannot be had (${cause instanceof Error ? cause.message.split("\n")[0] : String(cause)})`
          })
      })
      const url = new URL(`${config.getCurrentCluster()?.server.replace(/\/+$/, "")}${path}`)
      for (const [key, value] of Object.entries(query))
        if (value !== undefined) url.searchParams.set(key, String(value))
      const headers = { ...options.headers, accept: "application/json", "user-agent": "kubereel" }
      const answer = yield* send(url, { ...options, headers } as RequestOptions, within)
      if (answer.statusCode === 200) return answer
      const status = answer.statusCode ?? 0
      const detail = messageOf(status, yield* wholeBody(answer, server, within))
      return yield* failureOf({ server, status, detail, retryAfter: answer.headers["retry-after"] })
    })
  }
}
