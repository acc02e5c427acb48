/** The server itself: TLS, HTTP/1.1 and HTTP/2, who may ask, how much at a time. What is answered is `answer`'s. */
import { timingSafeEqual } from "node:crypto"
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http"
import type { Http2SecureServer, Http2ServerRequest, Http2ServerResponse } from "node:http2"
import type { AddressInfo, Socket } from "node:net"
import type { Duplex } from "node:stream"
import { promisify } from "node:util"
import { gzip } from "node:zlib"
import { internalFailure } from "@kubereel/core"
import { fastify } from "fastify"
import type { WireAnswer } from "../wire/answer.ts"
import { warningHeaders } from "../wire/warningHeaders.ts"
import type { Certificate } from "./certificate.ts"
import { type ApiRequest, type Reply, type Sink, type StreamedAnswer, statusReply, textReply } from "./Reply.ts"
import { tooLargeBody, tooManyInFlight, unauthorized } from "./refusals.ts"

export interface ServerOptions {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  readonly certificate: Certificate
  /** Whoever asks must have it. */
  readonly token: string
  readonly answer: (request: ApiRequest) => Promise<Reply> | Reply
  /** A client wants another protocol (WebSocket, SPDY); a Reply if it is not to have it. */
  readonly upgrade: (request: ApiRequest, connection: Upgrade) => Promise<WireAnswer | undefined>
}

/** A connection that is to go on with another protocol. */
export interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

export interface Server {
  readonly port: number
  readonly close: () => Promise<void>
}

/** Of one body (MaxRequestBodyBytes). */
const BODY_LIMIT = 3 * 1024 * 1024
/** Of requests that end by themselves (MaxRequestsInFlight and MaxMutatingRequestsInFlight together). */
const IN_FLIGHT = 600
/** Of watches and logs. */
const STREAMS = 20_000
/** Of one connection (http2MaxStreamsPerConnection, `k8s.io/kubernetes/pkg/controlplane/apiserver/options`). */
const STREAMS_PER_CONNECTION = 1_000
/** What its streams may keep in memory, in megabytes. */
const SESSION_MEMORY = 256
/** What a client that does not read may let wait, in bytes. */
const PENDING_LIMIT = 32 * 1024 * 1024
/** What is smaller goes as it is (`k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/writers.go`). */
const GZIP_FROM = 128 * 1024

/** What anybody may know: that there is a server. */
const open = new Set(["/healthz", "/livez", "/readyz"])

const compressed = promisify(gzip)

/** No route here has a schema: what compiles them is not even loaded. */
const noSchemas = (): never => {
  throw new Error("a route has a schema: give fastify its compilers back")
}

type RawRequest = IncomingMessage | Http2ServerRequest
type RawResponse = ServerResponse | Http2ServerResponse

const isAsker = (headers: RawRequest["headers"], token: Buffer): boolean => {
  const given = Buffer.from(/^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? "")
  return given.length === token.length && timingSafeEqual(given, token)
}

const requestOf = ({ headers, method = "GET", url = "/" }: RawRequest, body: Uint8Array): ApiRequest => {
  const at = url.indexOf("?")
  const path = at < 0 ? url : url.slice(0, at)
  return { method, path, query: new URLSearchParams(at < 0 ? "" : url.slice(at + 1)), headers, body }
}

/** A client that takes nothing is left behind, and holds nobody up. */
export const sinkOf = (response: RawResponse): Sink => ({
  write: (chunk) => {
    if (response.writableLength > PENDING_LIMIT) response.destroy()
    // The two kinds of responses take the same pieces.
    else if (!response.destroyed) (response as ServerResponse).write(chunk)
  },
  end: () => void response.end()
})

/** The end of a connection that does not go on with another protocol. */
export const refusalOnSocket = (socket: Duplex, { body: text, code, headers }: WireAnswer): void => {
  const body = Buffer.from(text as string)
  const lines = Object.entries({ ...headers, "content-length": String(body.length), connection: "close" })
  const head = [`HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ""}`, ...lines.map(([name, value]) => `${name}: ${value}`)]
  socket.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]))
}

const nowhere: Sink = { write: () => {}, end: () => {} }

export class ApiHttpServer {
  readonly #o: ServerOptions
  readonly #token: Buffer
  #inFlight = 0
  #streams = 0

  constructor(options: ServerOptions) {
    this.#o = options
    this.#token = Buffer.from(options.token)
  }

  async listen(): Promise<Server> {
    const { certificate, host, port } = this.#o
    const app = fastify({
      http2: true,
      https: {
        allowHTTP1: true,
        maxSessionMemory: SESSION_MEMORY,
        settings: { maxConcurrentStreams: STREAMS_PER_CONNECTION },
        ...certificate
      },
      bodyLimit: BODY_LIMIT,
      // Watches are silent for as long as nothing happens.
      connectionTimeout: 0,
      http2SessionTimeout: 0,
      forceCloseConnections: true,
      schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
      routerOptions: { ignoreTrailingSlash: false, maxParamLength: 2_000 }
    })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body))
    app.setErrorHandler(
      async ({ code, message }: { readonly code?: string; readonly message: string }, request, reply) => {
        reply.hijack()
        const refusal =
          code === "FST_ERR_CTP_BODY_TOO_LARGE"
            ? statusReply(tooLargeBody(BODY_LIMIT), requestOf(request.raw, new Uint8Array()))
            : undefined
        await this.#send(refusal ?? textReply(500, message), reply.raw, "")
      }
    )
    app.setNotFoundHandler(async (request, reply) => {
      reply.hijack()
      await this.#serve(request.raw, reply.raw, request.body)
    })
    const server = app.server as Http2SecureServer
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade({ request, socket, head }).catch(() => socket.destroy())
    })
    const sockets = new Set<Socket>()
    server.on("connection", (socket: Socket) => {
      socket.setKeepAlive(true, 30_000)
      sockets.add(socket)
      socket.once("close", () => sockets.delete(socket))
    })
    await app.listen({ host, port })
    return {
      port: (server.address() as AddressInfo).port,
      close: () => {
        // Nobody waits for watches to end, nor for what has become another protocol.
        for (const socket of sockets) socket.destroy()
        return app.close()
      }
    }
  }

  async #serve(raw: RawRequest, response: RawResponse, body: unknown): Promise<void> {
    const request = requestOf(raw, Buffer.isBuffer(body) ? body : new Uint8Array())
    if (!open.has(request.path) && !isAsker(raw.headers, this.#token))
      return this.#send(statusReply(unauthorized, request), response, "")
    if (this.#inFlight >= IN_FLIGHT) return this.#send(statusReply(tooManyInFlight, request), response, "")
    this.#inFlight++
    let reply: Reply
    try {
      reply = await this.#o.answer(request)
    } catch (cause) {
      reply = statusReply(internalFailure(cause instanceof Error ? cause.message : String(cause)), request)
    } finally {
      this.#inFlight--
    }
    await this.#send(reply, response, String(raw.headers["accept-encoding"] ?? ""))
  }

  async #send(reply: Reply, response: RawResponse, encodings: string): Promise<void> {
    if (response.destroyed) {
      if ("stream" in reply) reply.stream(nowhere)()
      return
    }
    response.statusCode = reply.code
    for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value)
    if (reply.warnings !== undefined) response.setHeader("warning", warningHeaders(reply.warnings))
    if ("stream" in reply) return this.#stream(reply.stream, response)
    const whole = Buffer.from(reply.body as string)
    const small = whole.length < GZIP_FROM || !/\bgzip\b/.test(encodings)
    const body = small ? whole : await compressed(whole, { level: 1 })
    if (!small) response.setHeader("content-encoding", "gzip")
    if (whole.length >= GZIP_FROM) response.setHeader("vary", "Accept-Encoding")
    if (reply.code !== 304)
      response.setHeader("content-length", body.length)
      // The two kinds of responses take the same pieces.
    ;(response as ServerResponse).end(body)
  }

  #stream(begin: StreamedAnswer["stream"], response: RawResponse): void {
    if (this.#streams >= STREAMS) {
      begin(nowhere)()
      response.statusCode = tooManyInFlight.code
      return void response.end(JSON.stringify(tooManyInFlight))
    }
    this.#streams++
    // A client that is cut off is no defect of ours.
    response.on("error", () => response.destroy())
    ;(response as ServerResponse).flushHeaders()
    const end = begin(sinkOf(response))
    response.once("close", () => {
      this.#streams--
      end()
    })
  }

  async #upgrade(connection: Upgrade): Promise<void> {
    const { request: raw, socket } = connection
    socket.on("error", () => socket.destroy())
    const request = requestOf(raw, new Uint8Array())
    const reply = isAsker(raw.headers, this.#token)
      ? await this.#o.upgrade(request, connection)
      : statusReply(unauthorized, request)
    if (reply !== undefined) refusalOnSocket(socket, reply)
  }
}
