/** What the server says to requests that never reach a cluster (`k8s.io/apimachinery/pkg/api/errors/errors.go`). */
import { failure, invalidObject, notSupported, type ServedResource, type Status } from "@kubereel/core"

export const unauthorized = failure(401, "Unauthorized", "Unauthorized")

/** maxRequestsInFlight (`k8s.io/apiserver/pkg/server/filters/maxinflight.go`). */
export const tooManyInFlight = failure(429, "TooManyRequests", "too many requests, please try again later", {
  retryAfterSeconds: 1
})

/** limitReader (`k8s.io/apiserver/pkg/endpoints/handlers/rest.go`). */
export const tooLargeBody = (limit: number): Status => failure(413, "RequestEntityTooLarge", `limit is ${limit}`)

export const readOnly: Status = failure(405, "MethodNotAllowed", "the past is read-only")

export const notAllowed: Status = failure(
  405,
  "MethodNotAllowed",
  "the server does not allow this method on the requested resource"
)

/** A path that names no moment of the reel, or one that is no longer there. */
export const noSuchMoment = (code: 400 | 410, why: string): Status =>
  failure(code, code === 400 ? "BadRequest" : "Expired", why)

/** `k8s.io/apiserver/pkg/endpoints/handlers/negotiation/errors.go`, NewUnsupportedMediaTypeError. */
export const unknownPatchType = (accepted: ReadonlyArray<string>): Status =>
  failure(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`
  )

export const invalidWriteOption = (field: string, value: string, supported: ReadonlyArray<string>): Status =>
  invalidObject({ group: "meta.k8s.io", kind: "CreateOptions" }, "", [notSupported(field, value, supported)])

/** Programs of a simulation have no input that somebody could type into. */
export const noAttach: Status = failure(
  405,
  "MethodNotAllowed",
  "attach is not simulated: programs read no input; see what they print with `kubectl logs -f`"
)

/** What Go calls the objects of a kind (`%T`): by the package of their group. */
const goType = (kind: string, { group, definition }: ServedResource): string => {
  const list = kind.endsWith("List")
  if (definition !== undefined) return `*unstructured.Unstructured${list ? "List" : ""}`
  return `*${group === "" || group === "events.k8s.io" ? "core" : group.split(".")[0]}.${kind}`
}

/** C-183: metadata of one object and of a list are two things (`k8s.io/apiserver/pkg/endpoints/handlers/response.go`). */
export const wrongMetadata = (
  as: string | undefined,
  isList: boolean,
  resource: ServedResource
): Status | undefined => {
  const kind = isList ? `${resource.kind}List` : resource.kind
  if (as !== (isList ? "PartialObjectMetadata" : "PartialObjectMetadataList")) return undefined
  const is = isList ? "is a list" : "is not a list"
  return failure(
    406,
    "NotAcceptable",
    `you requested ${as}, but the requested object ${is} (${goType(kind, resource)})`
  )
}
