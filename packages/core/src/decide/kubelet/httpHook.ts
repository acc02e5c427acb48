/** The request of an HTTP hook (`pkg/kubelet/lifecycle/handlers.go`, runHTTPHandler; K-092), with the errors of Go's client. */
import type { Micros } from "../../event/Instant.ts"
import type { ContainerSpec, HTTPGetAction } from "../../event/KubernetesObject.ts"

export interface HookRequest {
  readonly scheme: string
  readonly host: string
  readonly port: number
  readonly path: string
}

/** What comes back. */
export type HookReply =
  | { readonly _tag: "Refused" }
  /** Something takes the connection and never says a word. */
  | { readonly _tag: "Silent" }
  /** It speaks, but not HTTP. */
  | { readonly _tag: "NotHttp" }
  | { readonly _tag: "Response"; readonly takes: Micros }

/** How the request ends: after a while, or not before the process is gone that does not answer. */
export type HookRequestEnd =
  | { readonly _tag: "Ends"; readonly after: Micros; readonly error: string | undefined }
  | { readonly _tag: "Hangs"; readonly error: string }

/** A port by number or by name (`pkg/probe/util.go`, ResolveContainerPort); a text that is no port gives the error. */
const resolvePort = (port: number | string, container: ContainerSpec): number | string => {
  const named = container.ports?.find(({ name }) => name === port)?.containerPort
  const number = named ?? (/^[+-]?\d+$/.test(String(port)) ? Number(port) : undefined)
  if (number === undefined) return `strconv.Atoi: parsing "${port}": invalid syntax`
  return number > 0 && number < 65_536 ? number : `invalid port number: ${number}`
}

/** `podIP`: absent without a network. A text is why there is no request. */
export const hookRequest = (
  action: HTTPGetAction,
  container: ContainerSpec,
  podIP: string | undefined
): HookRequest | string => {
  const host = action.host === undefined || action.host === "" ? podIP : action.host
  if (host === undefined) return "failed to find networking container"
  const port = resolvePort(action.port, container)
  if (typeof port === "string") return port
  return { scheme: (action.scheme ?? "HTTP").toLowerCase(), host, port, path: action.path ?? "" }
}

const address = ({ host, port }: HookRequest): string => (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`)

/** What a gRPC server says first, as somebody sees it who waits for a line of HTTP. */
const frame = '"\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x05\\x00\\x00@\\x00"'

/** Any response counts, whatever its status; what counts against the hook is that none comes (K-092). There is no time limit. */
export const hookRequestEnd = (request: HookRequest, reply: HookReply): HookRequestEnd => {
  const { path, scheme } = request
  const failed = (error: string) =>
    `Get "${scheme}://${address(request)}${path.startsWith("/") || path === "" ? "" : "/"}${path}": ${error}`
  switch (reply._tag) {
    case "Refused":
      return { _tag: "Ends", after: 0, error: failed(`dial tcp ${address(request)}: connect: connection refused`) }
    case "Silent":
      return { _tag: "Hangs", error: failed("EOF") }
    case "NotHttp":
      return {
        _tag: "Ends",
        after: 0,
        error: failed(`net/http: HTTP/1.x transport connection broken: malformed HTTP response ${frame}`)
      }
    case "Response":
      return { _tag: "Ends", after: reply.takes, error: undefined }
  }
}

/** A server that goes away in the middle of a request. */
export const brokenOff = (request: HookRequest): string => {
  const end = hookRequestEnd(request, { _tag: "Silent" })
  return end.error ?? ""
}
