/** `pods/portforward`: what programs answer at their ports, by WebSocket, SPDY, or SPDY in a WebSocket (`k8s.io/cri-streaming/pkg/streaming/portforward`). */
import { createServer, type Server } from "node:http"
import type { Socket } from "node:net"
import type { Duplex } from "node:stream"
import type { ServedConnection, Status } from "@kubereel/core"
import { createWebSocketStream, type WebSocket } from "ws"
import { openChannels } from "./channels.ts"
import { SpdySession, type SpdyStream } from "./spdy/SpdySession.ts"

/** SPDY in the messages of a WebSocket; what clients have spoken since 1.31. */
export const tunnelProtocol = "SPDY/3.1+portforward.k8s.io"
export const channelProtocols = ["v4.channel.k8s.io", "v4.base64.channel.k8s.io"]
export const spdyProtocol = "portforward.k8s.io"

export type Connect = (port: number) => Status | ServedConnection

/** HTTP is read by Node, answered by the program of the container. */
const httpServer = (connection: ServedConnection, refused: () => void): Server =>
  createServer(async (request, response) => {
    const answer = await connection.request(request.method ?? "GET", request.url ?? "/")
    if (answer === undefined) {
      refused()
      return void response.destroy()
    }
    response.writeHead(answer.status, { "content-length": Buffer.byteLength(answer.body) })
    response.end(request.method === "HEAD" ? undefined : answer.body)
  })

/** `fail`: says why to the client. */
const forward = (connect: Connect, port: number, data: Duplex, fail: (why: string) => void): void => {
  const connection = connect(port)
  if ("kind" in connection) {
    fail(String((connection as Status).message))
    data.end()
    return
  }
  const refused = () =>
    fail(
      `failed to connect to localhost:${port} inside the pod: dial tcp4 127.0.0.1:${port}: connect: connection refused`
    )
  // Node's server asks no more of a connection than that it is a stream.
  httpServer(connection as ServedConnection, refused).emit("connection", asSocket(data))
}

const asSocket = (stream: Duplex): Socket =>
  Object.assign(stream, {
    setTimeout: () => stream,
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
    remoteAddress: "127.0.0.1"
  }) as unknown as Socket

export const forwardOnSpdy = (socket: Duplex, connect: Connect): void => {
  /** By request: each has one stream for data and one for what goes wrong. */
  const errors = new Map<string, SpdyStream>()
  const waiting = new Map<string, SpdyStream>()
  const begin = (id: string, data: SpdyStream, error: SpdyStream) => {
    const port = Number(data.headers.get("port"))
    forward(connect, port, data, (why) => error.write(why))
    data.once("close", () => error.end())
    errors.delete(id)
    waiting.delete(id)
  }
  new SpdySession(socket, (stream) => {
    const id = stream.headers.get("requestid") ?? ""
    const isError = stream.headers.get("streamtype") === "error"
    ;(isError ? errors : waiting).set(id, stream)
    const [data, error] = [waiting.get(id), errors.get(id)]
    if (data !== undefined && error !== undefined) begin(id, data, error)
  })
}

export const forwardOnWebSocket = (socket: WebSocket, connect: Connect, ports: ReadonlyArray<number>): void => {
  if (socket.protocol === tunnelProtocol) return forwardOnSpdy(createWebSocketStream(socket), connect)
  const coding = socket.protocol.includes("base64") ? "base64" : "binary"
  const { channels, close } = openChannels(socket, ports.length * 2, coding)
  let open = ports.length
  for (const [index, port] of ports.entries()) {
    const number = Buffer.alloc(2)
    number.writeUInt16LE(port)
    const [data, error] = [channels[index * 2], channels[index * 2 + 1]]
    data?.write(number)
    error?.write(number)
    // What is said of a stream's end is that of the connection: it is over when nobody forwards any more.
    data?.once("finish", () => {
      open--
      if (open === 0) close()
    })
    if (data !== undefined) forward(connect, port, data, (why) => error?.write(why))
  }
}
