/** A probe that sends an HTTP request (`pkg/probe/http/http.go`, `request.go`; K-165, K-167, T-17), with the errors of Go's client. */
import type { Micros } from "../../../event/Instant.ts"
import { type HttpTarget, httpGet, urlError } from "../httpGet.ts"
import type { HttpReply } from "../replies.ts"
import { firstBytes } from "./execProbe.ts"
import type { ProbeOutcome } from "./ProbeOutcome.ts"

/** So many bytes of a response's body are read (maxRespBodyLength). */
const KEPT = 10 * 1_024

export interface HttpProbe {
  readonly outcome: ProbeOutcome
  /** How long the answers took, the timeout at most. */
  readonly takes: Micros
}

const timedOut = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"

/** `ask`: what the target answers now. */
export const httpProbe = (target: HttpTarget, timeout: Micros, ask: (target: HttpTarget) => HttpReply): HttpProbe => {
  const end = httpGet(target, ask, timeout)
  switch (end._tag) {
    case "Silent":
      return { outcome: { _tag: "Failure", output: urlError(end.url, timedOut) }, takes: timeout }
    case "Error":
      return { outcome: { _tag: "Failure", output: urlError(end.url, end.error) }, takes: end.takes }
    case "Response":
      return { outcome: responded(end.status, end.body), takes: end.takes }
  }
}

/** 2xx is a success, a 3xx that nobody follows a success with a warning; the message never holds the body of a failure. */
const responded = (status: number, body: string): ProbeOutcome => {
  if (status < 200 || status >= 400) return { _tag: "Failure", output: `HTTP probe failed with statuscode: ${status}` }
  return status < 300
    ? { _tag: "Success" }
    : { _tag: "Warning", output: `Probe terminated redirects, Response body: ${firstBytes(body, KEPT)}` }
}
