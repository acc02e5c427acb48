/** Requests that want another protocol: a pod's `exec` and `portforward` (`k8s.io/kubernetes/pkg/registry/core/pod/rest/subresources.go`). */
import { badRequest, type ExecEnd, notFoundResource, type ServedCluster, type Status } from "@kubereel/core"
import { type WebSocket, WebSocketServer } from "ws"
import type { Route } from "../http/answer.ts"
import { logOptions } from "../http/podLog.ts"
import { type ApiRequest, headerOf, isStatus, statusReply } from "../http/Reply.ts"
import { noAttach, readOnly } from "../http/refusals.ts"
import { type RequestInfo, requestInfo } from "../http/requestInfo.ts"
import type { Upgrade } from "../http/Server.ts"
import type { WireAnswer } from "../wire/answer.ts"
import { execOnSpdy, execOnWebSocket, execProtocols, spdyExecProtocols, type Wanted } from "./exec.ts"
import { logOnWebSocket, logProtocols } from "./log.ts"
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

/** The first of ours that the client speaks too. */
const agreed = (ours: ReadonlyArray<string>, theirs: ReadonlyArray<string>): string | undefined =>
  ours.find((protocol) => theirs.includes(protocol))

const webSockets = (protocols: ReadonlyArray<string>) =>
  new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_LIMIT,
    handleProtocols: (theirs) => agreed(protocols, [...theirs]) ?? false
  })

/** The Python client writes `True` (`k8s.io/apimachinery/pkg/runtime/conversion.go`, Convert_Slice_string_To_bool). */
const isTrue = (value: string | null): boolean => value !== null && value !== "0" && value.toLowerCase() !== "false"

/** What a stream does once it is there, by either kind of connection. */
interface Streaming {
  readonly protocols: ReadonlyArray<string>
  readonly spdyProtocols: ReadonlyArray<string>
  readonly onWebSocket: (socket: WebSocket) => void
  readonly onSpdy: (socket: Upgrade["socket"], protocol: string) => void
}

const execStreaming = (end: ExecEnd, query: URLSearchParams): Streaming => {
  const wanted: Wanted = {
    stdin: isTrue(query.get("stdin")),
    stdout: isTrue(query.get("stdout")),
    stderr: isTrue(query.get("stderr")) && !isTrue(query.get("tty"))
  }
  return {
    protocols: execProtocols,
    spdyProtocols: spdyExecProtocols,
    onWebSocket: (socket) => execOnWebSocket(socket, end, wanted),
    onSpdy: (socket, protocol) => execOnSpdy(socket, end, wanted, protocol)
  }
}

const portStreaming = (connect: Connect, ports: ReadonlyArray<number>): Streaming => ({
  protocols: [tunnelProtocol, ...channelProtocols],
  spdyProtocols: [spdyProtocol],
  onWebSocket: (socket) => forwardOnWebSocket(socket, connect, ports),
  onSpdy: (socket) => forwardOnSpdy(socket, connect)
})

const exec = async (cluster: ServedCluster, info: RequestInfo, query: URLSearchParams): Promise<Streaming | Status> => {
  const container = query.get("container") ?? ""
  const end = await cluster.pods.exec?.(info.namespace ?? "", info.name ?? "", {
    ...(container === "" ? {} : { container }),
    command: query.getAll("command")
  })
  if (end === undefined) return readOnly
  return isStatus(end) ? end : execStreaming(end, query)
}

const portForward = async (
  cluster: ServedCluster,
  { name = "", namespace = "" }: RequestInfo,
  query: URLSearchParams
): Promise<Streaming | Status> => {
  const { connect } = cluster.pods
  if (connect === undefined) return readOnly
  const ports = query
    .getAll("ports")
    .flatMap((text) => text.split(","))
    .map(Number)
  const wrong = ports.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535)
  if (wrong !== undefined) return badRequest(`unable to parse "${wrong}" as a port`)
  const pod = connect(namespace, name, ports[0] ?? 0)
  return isStatus(pod) ? pod : portStreaming((port) => connect(namespace, name, port), ports)
}

const podLog = async (
  cluster: ServedCluster,
  { name = "", namespace = "" }: RequestInfo,
  query: URLSearchParams
): Promise<Streaming | Status> => {
  const options = logOptions(query)
  if (typeof options === "string") return badRequest(options)
  const log = await cluster.pods.log(namespace, name, options)
  if (isStatus(log)) return log
  const onWebSocket = (socket: WebSocket) => logOnWebSocket(socket, log)
  return { protocols: logProtocols, spdyProtocols: [], onWebSocket, onSpdy: (socket) => socket.destroy() }
}

const streamingOf = (
  cluster: ServedCluster,
  info: RequestInfo,
  query: URLSearchParams
): Promise<Streaming | Status> => {
  if (info.group === "" && info.resource === "pods" && info.name !== undefined) {
    if (info.subresource === "exec") return exec(cluster, info, query)
    if (info.subresource === "log") return podLog(cluster, info, query)
    if (info.subresource === "portforward") return portForward(cluster, info, query)
    if (info.subresource === "attach") return Promise.resolve(cluster.write === undefined ? readOnly : noAttach)
  }
  return Promise.resolve(notFoundResource)
}

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

/** `undefined`: the connection goes on with its new protocol. */
export const upgrade = async (
  request: ApiRequest,
  connection: Upgrade,
  route: Route
): Promise<WireAnswer | undefined> => {
  const routed = await route(request.path)
  if (isStatus(routed)) return statusReply(routed, request)
  const info = requestInfo(routed.path)
  const streaming = info === undefined ? notFoundResource : await streamingOf(routed.cluster, info, request.query)
  if (isStatus(streaming)) return statusReply(streaming, request)
  const asked = headerOf(request, "upgrade")?.toLowerCase()
  const refused =
    asked === "websocket"
      ? onWebSocket(streaming, connection)
      : asked === "spdy/3.1"
        ? onSpdy(streaming, connection)
        : badRequest("Upgrade request required")
  return refused && statusReply(refused, request)
}
