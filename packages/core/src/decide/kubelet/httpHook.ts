/** The request of an HTTP hook (`pkg/kubelet/lifecycle/handlers.go`, runHTTPHandler; K-092, K-256), with the errors of Go's client. */
import type { Micros } from "../../event/Instant.ts"
import type { ContainerSpec, HTTPGetAction } from "../../event/KubernetesObject.ts"
import { type HttpEnd, type HttpTarget, httpGet, isHTTPResponseError, urlError, urlOf } from "./httpGet.ts"
import type { HttpReply } from "./replies.ts"

/** How the request ends. */
export interface HookRequestEnd {
  /** After so long; infinite: not before the process is gone that does not answer. */
  readonly after: Micros
  readonly error: string | undefined
  /** The error when the server goes away before. */
  readonly broken: string
}

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
): HttpTarget | string => {
  const host = action.host === undefined || action.host === "" ? podIP : action.host
  if (host === undefined) return "failed to find networking container"
  const port = resolvePort(action.port, container)
  if (typeof port === "string") return port
  return { scheme: (action.scheme ?? "HTTP").toLowerCase(), host, port, path: action.path ?? "" }
}

const errorOf = (end: HttpEnd): string | undefined => (end._tag === "Error" ? urlError(end.url, end.error) : undefined)

const afterOf = (end: HttpEnd): Micros => (end._tag === "Silent" ? Number.POSITIVE_INFINITY : end.takes)

/**
 * Any response counts, whatever its status; what counts against the hook is that none comes (K-092). There is no time limit.
 * A request with TLS to a server without is repeated without; when that gets no response, either, it is the first one's error
 * that counts. Nobody sees that it was repeated: the source has a warning for it, LifecycleHTTPFallback, about the pod; but the
 * runtime manager's recorder passes on nothing that is not about a container (`pkg/kubelet/container/helpers.go`,
 * FilterEventRecorder). `ask`: what a target answers now.
 */
export const hookRequestEnd = (request: HttpTarget, ask: (target: HttpTarget) => HttpReply): HookRequestEnd => {
  const first = httpGet(request, ask)
  if (!isHTTPResponseError(first)) {
    const url = first._tag === "Response" ? urlOf(request) : first.url
    return { after: afterOf(first), error: errorOf(first), broken: urlError(url, "EOF") }
  }
  const second = httpGet({ ...request, scheme: "http" }, ask)
  const error = errorOf(first)
  return {
    after: first.takes + afterOf(second),
    error: second._tag === "Response" ? undefined : error,
    broken: error ?? ""
  }
}
