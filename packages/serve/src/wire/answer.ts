/** Answers as they go over the wire. */
import type { JsonObject, Status } from "@kubereel/core"
import { stringify } from "yaml"
import { type Accepted, contentType, negotiateStatus } from "./negotiate.ts"

/** What is sent back, whole. */
export interface WireAnswer {
  readonly code: number
  /** By their names in lower case. */
  readonly headers: { readonly [name: string]: string }
  readonly body: string | Uint8Array
}

/** What decides in which form an answer is sent. */
export interface WireRequest {
  /** The header `Accept`. */
  readonly accept?: string | undefined
  /** The header `If-None-Match`. */
  readonly ifNoneMatch?: string | undefined
  /** Of the query. */
  readonly pretty?: string | undefined
  /** The header `User-Agent`. */
  readonly userAgent?: string | undefined
}

/** An object, a list or a Status in the form that was agreed (`k8s.io/apimachinery/pkg/runtime/serializer/json/json.go`). */
export const encodeBody = (object: JsonObject, { format, pretty }: Accepted): string | Uint8Array => {
  if (format === "yaml") return stringify(object, { sortMapEntries: true, aliasDuplicateObjects: false, lineWidth: 0 })
  return pretty ? JSON.stringify(object, null, 2) : `${JSON.stringify(object)}\n`
}

export const wireAnswer = (code: number, object: JsonObject, accepted: Accepted): WireAnswer => ({
  code,
  headers: { "content-type": contentType(accepted) },
  body: encodeBody(object, accepted)
})

/** A refusal, in a form that its reader takes if there is one. */
export const statusAnswer = (status: Status, request: WireRequest): WireAnswer =>
  wireAnswer(status.code, status, negotiateStatus(request.accept, request))

/** A 200, or a 304 for who has it already; `tag`: of this very content. */
export const taggedAnswer = (
  tag: string,
  { ifNoneMatch }: WireRequest,
  headers: WireAnswer["headers"],
  body: () => string | Uint8Array
): WireAnswer => {
  const etag = `"${tag}"`
  return ifNoneMatch === etag
    ? { code: 304, headers: { ...headers, etag }, body: "" }
    : { code: 200, headers: { ...headers, etag }, body: body() }
}
