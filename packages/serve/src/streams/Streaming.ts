/** A connection that goes on with another protocol, WebSocket or SPDY, and what it carries then. */
import { badRequest, type ExecEnd, type Status } from "@kubereel/core"
import { type WebSocket, WebSocketServer } from "ws"
import type { Upgrade } from "../http/Server.ts"
import { execOnSpdy, execOnWebSocket, execProtocols, spdyExecProtocols, type Wanted } from "./exec.ts"
import {
  type Connect,
  channelProtocols,
  forwardOnSpdy,
  forwardOnWebSocket,
  spdyProtocol,
  tunnelProtocol
} from "./portForward.ts"

/** Of one message, and of all that is forwarded at once. */
const MESSAGE_LIMIT = 1 << 20

/** What a stream does once it is there, by either kind of connection. */
export interface Streaming {
  readonly protocols: ReadonlyArray<string>
  readonly spdyProtocols: ReadonlyArray<string>
  readonly onWebSocket: (socket: WebSocket) => void
  readonly onSpdy: (socket: Upgrade["socket"], protocol: string) => void
}

export const execStreaming = (end: ExecEnd, wanted: Wanted): Streaming => ({
  protocols: execProtocols,
  spdyProtocols: spdyExecProtocols,
  onWebSocket: (socket) => execOnWebSocket(socket, end, wanted),
  onSpdy: (socket, protocol) => execOnSpdy(socket, end, wanted, protocol)
})

/** `texts`: ports, some with commas between them. Where there is a pod is asked first, with the first of them. */
export const portStreaming = (connect: Connect, texts: ReadonlyArray<string>): Streaming | Status => {
  const ports = texts.flatMap((text) => text.split(",")).map(Number)
  const wrong = ports.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535)
  if (wrong !== undefined) return badRequest(`unable to parse "${wrong}" as a port`)
  const pod = connect(ports[0] ?? 0)
  if ("kind" in pod) return pod
  return {
    protocols: [tunnelProtocol, ...channelProtocols],
    spdyProtocols: [spdyProtocol],
    onWebSocket: (socket) => forwardOnWebSocket(socket, connect, ports),
    onSpdy: (socket) => forwardOnSpdy(socket, connect)
  }
}

/** The first of ours that the client speaks too. */
const agreed = (ours: ReadonlyArray<string>, theirs: ReadonlyArray<string>): string | undefined =>
  ours.find((protocol) => theirs.includes(protocol))

const webSockets = (protocols: ReadonlyArray<string>) =>
  new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_LIMIT,
    handleProtocols: (theirs) => agreed(protocols, [...theirs]) ?? false
  })

const onWebSocket = ({ onWebSocket, protocols }: Streaming, { head, request, socket }: Upgrade): Status | undefined => {
  const theirs = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((text) => text.trim())
  if (agreed(protocols, theirs) === undefined && theirs[0] !== "")
    return badRequest(`none of the protocols ${theirs.join(", ")} is spoken here`)
  webSockets(protocols).handleUpgrade(request, socket, head, onWebSocket)
  return undefined
}

const onSpdy = ({ onSpdy, spdyProtocols }: Streaming, { head, request, socket }: Upgrade): Status | undefined => {
  const theirs = String(request.headers["x-stream-protocol-version"] ?? "")
    .split(",")
    .map((text) => text.trim())
  const protocol = agreed(spdyProtocols, theirs)
  if (protocol === undefined)
    return badRequest(`unable to upgrade: unable to negotiate protocol: client supports [${theirs.join(" ")}]`)
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Connection: Upgrade",
    "Upgrade: SPDY/3.1",
    `X-Stream-Protocol-Version: ${protocol}`
  ]
  socket.write(`${lines.join("\r\n")}\r\n\r\n`)
  if (head.length > 0) socket.unshift(head)
  onSpdy(socket, protocol)
  return undefined
}

/** The connection goes on with the protocol that it asks for, or is refused. */
export const goOn = (streaming: Streaming, connection: Upgrade): Status | undefined => {
  const asked = connection.request.headers.upgrade?.toLowerCase()
  return asked === "websocket"
    ? onWebSocket(streaming, connection)
    : asked === "spdy/3.1"
      ? onSpdy(streaming, connection)
      : badRequest("Upgrade request required")
}
