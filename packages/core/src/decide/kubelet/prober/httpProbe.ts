/** A probe that sends an HTTP request (`pkg/probe/http/http.go`, `request.go`; K-165, K-167, T-17), with the errors of Go's client. */
import type { Micros } from "../../../event/Instant.ts"
import type { HttpReply } from "../replies.ts"
import { firstBytes } from "./execProbe.ts"
import type { ProbeOutcome } from "./ProbeOutcome.ts"
import { hostPort } from "./probeTarget.ts"

/** So many bytes of a response's body are read (maxRespBodyLength). */
const KEPT = 10 * 1_024
/** Go's client follows no more redirects than this. */
const REDIRECTS = 10
const redirects = [301, 302, 303, 307, 308]

export interface HttpTarget {
  readonly scheme: string
  readonly host: string
  readonly port: number
  readonly path: string
}

export interface HttpProbe {
  readonly outcome: ProbeOutcome
  /** How long the answers took, the timeout at most. */
  readonly takes: Micros
}

/** As Go's `url.URL` prints it: what may not stand in a path is escaped. */
const urlOf = ({ host, path, port, scheme }: HttpTarget): string => {
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

const failure = (url: string, error: string): ProbeOutcome => ({
  _tag: "Failure",
  output: `Get ${JSON.stringify(url)}: ${error}`
})

const timedOut = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
/** A gRPC server's first frame, as somebody sees it who waits for a line of HTTP. */
const frame = '"\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x05\\x00\\x00@\\x00"'

/** `ask`: what the target answers now. */
export const httpProbe = (target: HttpTarget, timeout: Micros, ask: (target: HttpTarget) => HttpReply): HttpProbe => {
  const follow = (at: HttpTarget, url: string, spent: Micros, hops: number): HttpProbe => {
    const reply = ask(at)
    switch (reply._tag) {
      case "Refused":
        return {
          outcome: failure(url, `dial tcp ${hostPort(at.host, at.port)}: connect: connection refused`),
          takes: spent
        }
      case "Silent":
        return { outcome: failure(url, timedOut), takes: timeout }
      case "NotHttp": {
        const error =
          at.scheme === "https"
            ? "tls: first record does not look like a TLS handshake"
            : `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${frame}`
        return { outcome: failure(url, error), takes: spent }
      }
      case "Response": {
        const takes = spent + reply.takes
        if (takes >= timeout) return { outcome: failure(url, timedOut), takes: timeout }
        const { location = "", status } = reply
        const next = redirects.includes(status) && location !== "" ? redirected(at, location) : undefined
        if (next === undefined) return { outcome: responded(status, reply.body), takes }
        return hops >= REDIRECTS
          ? { outcome: failure(location, "stopped after 10 redirects"), takes }
          : follow(next, location, takes, hops + 1)
      }
    }
  }
  return follow(target, urlOf(target), 0, 1)
}

/** 2xx is a success, a 3xx that nobody follows a success with a warning; the message never holds the body of a failure. */
const responded = (status: number, body: string): ProbeOutcome => {
  if (status < 200 || status >= 400) return { _tag: "Failure", output: `HTTP probe failed with statuscode: ${status}` }
  return status < 300
    ? { _tag: "Success" }
    : { _tag: "Warning", output: `Probe terminated redirects, Response body: ${firstBytes(body, KEPT)}` }
}
