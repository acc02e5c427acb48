/** Answers as they go over the wire. */
import { isJsonObject, type JsonObject, type Status } from "@kubereel/core"
import { type Accepted, contentType, negotiateStatus } from "./negotiate.ts"
import { encodeProtobuf } from "./protobuf.ts"
import { toYaml } from "./yaml.ts"

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

/**
 * An object, a list or a Status in the form that was agreed, with its media type (`k8s.io/apimachinery/pkg/runtime/serializer/json/json.go`).
 * What has no form in protobuf is JSON, and says so: client-go reads what it is told.
 */
export const encodeBody = (
  object: JsonObject,
  accepted: Accepted
): { readonly type: string; readonly body: string | Uint8Array } => {
  const { format, pretty } = accepted
  if (format === "yaml") return { type: contentType(accepted), body: toYaml(object) }
  const bytes = format === "protobuf" ? encodeProtobuf(object) : undefined
  if (bytes !== undefined) return { type: contentType(accepted), body: bytes }
  const body = pretty ? JSON.stringify(object, null, 2) : `${JSON.stringify(object)}\n`
  return { type: contentType({ ...accepted, format: "json" }), body }
}

/** When a refusal is worth while to be asked again, if it says so (`k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/status.go`). */
const retryAfter = ({ details, kind }: JsonObject): WireAnswer["headers"] => {
  const seconds = kind === "Status" && isJsonObject(details) ? details["retryAfterSeconds"] : undefined
  return typeof seconds === "number" && seconds > 0 ? { "retry-after": String(seconds) } : {}
}

export const wireAnswer = (code: number, object: JsonObject, accepted: Accepted): WireAnswer => {
  const { body, type } = encodeBody(object, accepted)
  return { code, headers: { "content-type": type, ...retryAfter(object) }, body }
}

/** A refusal, in a form that its reader takes if there is one. */
export const statusAnswer = (status: Status, request: WireRequest): WireAnswer =>
  wireAnswer(status.code, status, negotiateStatus(request.accept, request))

/** A 200, or a 304 for who has it already; `tag`: of this very content. */
export const taggedAnswer = (
  tag: string,
  { ifNoneMatch }: WireRequest,
  headers: WireAnswer["headers"],
  content: () => { readonly type: string; readonly body: string | Uint8Array }
): WireAnswer => {
  const etag = `"${tag}"`
  if (ifNoneMatch === etag) return { code: 304, headers: { ...headers, etag }, body: "" }
  const { body, type } = content()
  return { code: 200, headers: { ...headers, etag, "content-type": type }, body }
}
