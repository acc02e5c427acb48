/** What is asked, and what is answered, whatever carries it. */
import type { Status } from "@kubereel/core"
import { statusAnswer, type WireAnswer, type WireRequest } from "../wire/answer.ts"

export interface ApiRequest {
  readonly method: string
  /** As it was asked for, with its moment. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: { readonly [name: string]: string | ReadonlyArray<string> | undefined }
  readonly body: Uint8Array
}

/** Where the pieces of a long answer go. */
export interface Sink {
  readonly write: (chunk: string | Uint8Array) => void
  readonly end: () => void
}

export interface StreamedAnswer {
  readonly code: number
  readonly headers: WireAnswer["headers"]
  /** Begins to send; what it answers with is called when the client has gone. */
  readonly stream: (sink: Sink) => () => void
}

export type Reply = (WireAnswer | StreamedAnswer) & {
  /** What is said beside it, a header each. */
  readonly warnings?: ReadonlyArray<string>
}

export const headerOf = ({ headers }: Pick<ApiRequest, "headers">, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === "string" ? value : value?.join(", ")
}

export const wireRequest = (request: Pick<ApiRequest, "headers" | "query">): WireRequest => ({
  accept: headerOf(request, "accept"),
  ifNoneMatch: headerOf(request, "if-none-match"),
  pretty: request.query.get("pretty") ?? undefined,
  userAgent: headerOf(request, "user-agent")
})

/** A refusal. */
export const statusReply = (status: Status, request: Pick<ApiRequest, "headers" | "query">): WireAnswer =>
  statusAnswer(status, wireRequest(request))

export const textReply = (code: number, body: string): WireAnswer => ({
  code,
  headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
  body
})

export const isStatus = (value: object): value is Status =>
  "kind" in value && value.kind === "Status" && "code" in value
