/**
 * One GET of the kubelet's, redirects included, as Go's client goes about it (`net/http/client.go`; `pkg/probe/http/http.go`,
 * RedirectChecker; K-092, K-165): shared by probes and hooks.
 */
import type { Micros } from "../../event/Instant.ts"
import { hostPort } from "./prober/probeTarget.ts"
import type { HttpReply } from "./replies.ts"

/** Go's client follows no more redirects than this. */
const REDIRECTS = 10
const redirects = [301, 302, 303, 307, 308]

export interface HttpTarget {
  readonly scheme: string
  readonly host: string
  readonly port: number
  readonly path: string
}

/** `http://host:port/path?query`, without a user or a fragment; the port of the scheme if it names none. */
const parseHttpUrl = (url: string): HttpTarget | undefined => {
  const parts = /^(https?):\/\/(\[[0-9A-Fa-f:.]+\]|[^:/?#@\s[\]]+)(?::(\d{1,5}))?([/?][^#\s]*)?$/i.exec(url)
  if (parts === null) return undefined
  const [, given = "", host = "", port, path = "/"] = parts
  const scheme = given.toLowerCase()
  const number = Number(port ?? (scheme === "https" ? 443 : 80))
  if (number < 1 || number > 65_535) return undefined
  return { scheme, host: host.replace(/^\[|\]$/g, ""), port: number, path: path.startsWith("?") ? `/${path}` : path }
}

/** The same, or `tcp://host:port`, which asks for no more than a connection. */
export const parseCallUrl = (url: string): HttpTarget | undefined => {
  const parts = /^tcp:\/\/(.*:\d{1,5})\/?$/i.exec(url)
  if (parts === null) return parseHttpUrl(url)
  const target = parseHttpUrl(`http://${parts[1]}`)
  return target === undefined ? undefined : { ...target, scheme: "tcp", path: "" }
}

/** How it ends, and how long the answers took until then. */
export type HttpEnd = { readonly takes: Micros } & (
  | { readonly _tag: "Response"; readonly status: number; readonly body: string }
  | { readonly _tag: "Error"; readonly url: string; readonly error: string }
  /** Somebody takes the connection and says nothing in time. */
  | { readonly _tag: "Silent"; readonly url: string }
)

/** As Go's `url.URL` prints it: what may not stand in a path is escaped. */
export const urlOf = ({ host, path, port, scheme }: HttpTarget): string => {
  const escaped = path.replace(/%(?![0-9A-Fa-f]{2})|[^!#$%&'()*+,\-./:;=?@[\]_~A-Za-z0-9]/gu, encodeURIComponent)
  return `${scheme}://${hostPort(host, port)}${escaped === "" || /^[/?]/.test(escaped) ? "" : "/"}${escaped}`
}

/** Where a redirect leads; `undefined`: to another host. */
const redirected = (from: HttpTarget, location: string): HttpTarget | undefined => {
  const absolute = /^(https?):\/\/(\[[^\]]*\]|[^:/?]*)(?::(\d+))?(.*)$/.exec(location)
  if (absolute === null) {
    const directory = from.path.replace(/\?.*$/, "").replace(/[^/]*$/, "")
    return { ...from, path: location.startsWith("/") ? location : `${directory}${location}` }
  }
  const [, scheme = "http", host = "", port, path = ""] = absolute
  if (host.replace(/^\[|\]$/g, "") !== from.host) return undefined
  return { scheme, host: from.host, port: Number(port ?? (scheme === "https" ? 443 : 80)), path: path || "/" }
}

/** A gRPC server's first frame, as somebody sees it who waits for a line of HTTP. */
const frame = '"\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x05\\x00\\x00@\\x00"'

/** As Go's resolver says it (`net/dnsclient_unix.go`). `server`: who was asked. */
export const noSuchHost = (host: string, server: string): string =>
  `dial tcp: lookup ${host} on ${server}:53: no such host`

const PLAIN = "server gave HTTP response to HTTPS client"

const errorOf = (
  { host, port, scheme }: HttpTarget,
  reply: Exclude<HttpReply, { readonly _tag: "Silent" | "Response" }>
): string => {
  if (reply._tag === "Refused") return `dial tcp ${hostPort(reply.address ?? host, port)}: connect: connection refused`
  if (reply._tag === "NoSuchHost") return noSuchHost(host, reply.server)
  if (reply._tag === "PlainHttp") return `http: ${PLAIN}`
  return scheme === "https"
    ? "tls: first record does not look like a TLS handshake"
    : `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${frame}`
}

/** `ask`: what the target answers now. `limit`: how long the whole of it may take. */
export const httpGet = (
  target: HttpTarget,
  ask: (target: HttpTarget) => HttpReply,
  limit: Micros = Number.POSITIVE_INFINITY
): HttpEnd => {
  let [at, takes] = [target, 0]
  for (let hops = 1; ; hops++) {
    const reply = ask(at)
    const url = urlOf(at)
    if (reply._tag === "Silent") return { _tag: "Silent", url, takes }
    if (reply._tag !== "Response") return { _tag: "Error", url, error: errorOf(at, reply), takes }
    takes += reply.takes
    if (takes >= limit) return { _tag: "Silent", url, takes: limit }
    const { body, location = "", status } = reply
    const next = redirects.includes(status) && location !== "" ? redirected(at, location) : undefined
    if (next === undefined) return { _tag: "Response", status, body, takes }
    // The one error that names what the server wrote, and not where that leads.
    if (hops >= REDIRECTS) return { _tag: "Error", url: location, error: "stopped after 10 redirects", takes }
    at = next
  }
}

/** As Go prints it (`net/url`, Error). */
export const urlError = (url: string, error: string): string => `Get ${JSON.stringify(url)}: ${error}`

/** isHTTPResponseError: a request with TLS reached a server that speaks HTTP without. */
export const isHTTPResponseError = (end: HttpEnd): boolean => end._tag === "Error" && end.error.includes(PLAIN)
