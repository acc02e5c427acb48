/** Requests that want another protocol: a pod's `exec` and `portforward` (`k8s.io/kubernetes/pkg/registry/core/pod/rest/subresources.go`). */
import { badRequest, notFoundResource, readFlag, type ServedCluster, type Status } from "@kubereel/core"
import type { WebSocket } from "ws"
import type { Route } from "../http/answer.ts"
import { logOptions } from "../http/podLog.ts"
import { type ApiRequest, isStatus, statusReply } from "../http/Reply.ts"
import { noAttach, readOnly } from "../http/refusals.ts"
import { type RequestInfo, requestInfo } from "../http/requestInfo.ts"
import type { Upgrade } from "../http/Server.ts"
import type { WireAnswer } from "../wire/answer.ts"
import { logOnWebSocket, logProtocols } from "./log.ts"
import { execStreaming, goOn, portStreaming, type Streaming } from "./Streaming.ts"

const exec = async (cluster: ServedCluster, info: RequestInfo, query: URLSearchParams): Promise<Streaming | Status> => {
  const container = query.get("container") ?? ""
  const end = await cluster.pods.exec?.(info.namespace ?? "", info.name ?? "", {
    ...(container === "" ? {} : { container }),
    command: query.getAll("command")
  })
  if (end === undefined) return readOnly
  if (isStatus(end)) return end
  return execStreaming(end, {
    stdin: readFlag(query.get("stdin")),
    stdout: readFlag(query.get("stdout")),
    stderr: readFlag(query.get("stderr")) && !readFlag(query.get("tty"))
  })
}

const portForward = async (
  cluster: ServedCluster,
  { name = "", namespace = "" }: RequestInfo,
  query: URLSearchParams
): Promise<Streaming | Status> => {
  const { connect } = cluster.pods
  return connect === undefined
    ? readOnly
    : portStreaming((port) => connect(namespace, name, port), query.getAll("ports"))
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
  const refused = isStatus(streaming) ? streaming : goOn(streaming, connection)
  return refused && statusReply(refused, request)
}
