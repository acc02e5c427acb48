/** The kubelets of several nodes behind one address, each at a port of its own, with TLS. What they answer is `answerKubelet`'s. */
import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer, type Server as HttpsServer } from "node:https"
import { type AddressInfo, createServer as createListener, type Server as Listener, type Socket } from "node:net"
import type { Duplex } from "node:stream"
import type { TLSSocket } from "node:tls"
import type { ServedKubelet } from "@kubereel/core"
import type { Certificate } from "../http/certificate.ts"
import { isStatus, textReply } from "../http/Reply.ts"
import { refusalOnSocket, sinkOf } from "../http/Server.ts"
import { goOn } from "../streams/Streaming.ts"
import { answerKubelet, type KubeletRequest, streamingOfKubelet } from "./answerKubelet.ts"
import type { KubeletAccess, Turned } from "./KubeletAccess.ts"

export interface KubeletServerOptions {
  /** Where connections are taken. */
  readonly host: string
  /** How many; a port for each, in their order. */
  readonly nodes: number
  /** The first of them. */
  readonly port: number
  /** What others listen at is left out, and the next is taken; else that is an error. */
  readonly skips: boolean
  readonly certificate: Certificate
  /** PEM: whose certificates clients may show; absent: only tokens are believed. */
  readonly clientCA: string | undefined
  readonly access: KubeletAccess
  /** The kubelet of the node of that number. */
  readonly kubelet: (index: number) => ServedKubelet | undefined
}

const LAST_PORT = 65_535

/** Of all nodes together; an API server has few. */
const CONNECTIONS = 4_096

/**
 * Between the last piece of a log and its end, in milliseconds. An API server that sends a log on by WebSocket forgets a piece that it
 * reads together with the end (`k8s.io/streaming/pkg/httpstream/wsstream/stream.go`, messageCopy).
 */
const END_APART = 20

const requestOf = ({ method = "GET", url = "/" }: IncomingMessage): KubeletRequest => {
  const at = url.indexOf("?")
  const path = at < 0 ? url : url.slice(0, at)
  return { method, path, query: new URLSearchParams(at < 0 ? "" : url.slice(at + 1)) }
}

export class KubeletServer {
  readonly #o: KubeletServerOptions
  readonly #server: HttpsServer
  readonly #listeners: Array<Listener> = []
  readonly #sockets = new Set<Socket>()
  /** By port, the number of the node. */
  readonly #nodes = new Map<number, number>()

  private constructor(options: KubeletServerOptions) {
    this.#o = options
    const { certificate, clientCA } = options
    this.#server = createServer({
      ...certificate,
      requestCert: clientCA !== undefined,
      // Who shows none may have a token.
      rejectUnauthorized: false,
      ...(clientCA === undefined ? {} : { ca: clientCA })
    })
    this.#server.on("request", (request, response) => {
      this.#serve(request, response).catch(() => response.destroy())
    })
    this.#server.on("upgrade", (request, socket, head) => {
      this.#upgrade(request, socket, head).catch(() => socket.destroy())
    })
  }

  /** Fails with the error of the socket (EADDRINUSE, EADDRNOTAVAIL, …). */
  static async listen(options: KubeletServerOptions): Promise<KubeletServer> {
    const made = new KubeletServer(options)
    try {
      let { port } = options
      for (let index = 0; index < options.nodes; index++) port = (await made.#listenFrom(index, port)) + 1
    } catch (cause) {
      await made.close()
      throw cause
    }
    return made
  }

  /** Those of the nodes, in their order. */
  get ports(): ReadonlyArray<number> {
    return [...this.#nodes.keys()]
  }

  /** Nobody waits for logs to end, nor for what has become another protocol. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(this.#listeners.map((one) => new Promise<void>((resolve) => one.close(() => resolve()))))
  }

  async #listenFrom(index: number, first: number): Promise<number> {
    for (let port = first; ; port++) {
      const isTaken = await this.#listen(index, port).then(
        () => false,
        (cause: NodeJS.ErrnoException) => {
          if (this.#o.skips && cause.code === "EADDRINUSE" && port < LAST_PORT) return true
          throw cause
        }
      )
      if (!isTaken) return port
    }
  }

  #listen(index: number, port: number): Promise<void> {
    const listener = createListener((socket) => this.#take(index, socket))
    return new Promise((resolve, reject) => {
      listener.once("error", reject)
      listener.listen({ host: this.#o.host, port }, () => {
        this.#listeners.push(listener)
        this.#nodes.set((listener.address() as AddressInfo).port, index)
        resolve()
      })
    })
  }

  /** A node without a running kubelet takes no connections. */
  #take(index: number, socket: Socket): void {
    socket.on("error", () => socket.destroy())
    if (this.#sockets.size >= CONNECTIONS || this.#o.kubelet(index)?.answers() !== true) return void socket.destroy()
    this.#sockets.add(socket)
    socket.once("close", () => this.#sockets.delete(socket))
    this.#server.emit("connection", socket)
  }

  #kubelet({ socket }: IncomingMessage): ServedKubelet | undefined {
    const kubelet = this.#o.kubelet(this.#nodes.get(socket.localPort ?? 0) ?? -1)
    return kubelet?.answers() === true ? kubelet : undefined
  }

  #check(
    kubelet: ServedKubelet,
    { headers, socket }: IncomingMessage,
    request: KubeletRequest
  ): Promise<Turned | undefined> {
    const { method, path } = request
    return this.#o.access.check(socket as TLSSocket, headers.authorization, { node: kubelet.name, method, path })
  }

  async #serve(raw: IncomingMessage, response: ServerResponse): Promise<void> {
    raw.resume()
    response.on("error", () => response.destroy())
    const kubelet = this.#kubelet(raw)
    if (kubelet === undefined) return void response.destroy()
    const request = requestOf(raw)
    const turned = await this.#check(kubelet, raw, request)
    const reply = turned === undefined ? await answerKubelet(kubelet, request) : textReply(turned.code, turned.text)
    response.writeHead(reply.code, { ...reply.headers })
    if (!("stream" in reply)) return void response.end(reply.body)
    response.flushHeaders()
    const sink = sinkOf(response)
    response.once("close", reply.stream({ ...sink, end: () => void setTimeout(sink.end, END_APART) }))
  }

  async #upgrade(raw: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy())
    const kubelet = this.#kubelet(raw)
    if (kubelet === undefined) return void socket.destroy()
    const request = requestOf(raw)
    const turned = await this.#check(kubelet, raw, request)
    if (turned !== undefined) return refusalOnSocket(socket, textReply(turned.code, turned.text))
    const streaming = await streamingOfKubelet(kubelet, request)
    const refused = isStatus(streaming) ? streaming : goOn(streaming, { request: raw, socket, head })
    if (refused !== undefined) refusalOnSocket(socket, textReply(refused.code ?? 500, refused.message ?? ""))
  }
}
