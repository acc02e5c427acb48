/** The API server's refusals: `Status` objects with Kubernetes' own texts (`k8s.io/apimachinery/pkg/api/errors/errors.go`). */
import type { Json, JsonObject } from "../../event/Json.ts"

export interface Status extends JsonObject {
  readonly kind: "Status"
  readonly apiVersion: "v1"
  readonly status: "Failure" | "Success"
  readonly message?: string
  readonly reason?: string
  readonly details?: JsonObject
  readonly code: number
}

/** A group and a plural (`deployments.apps`), or a plural of the core group (`pods`). */
export interface GroupResource {
  readonly group: string
  readonly resource: string
}

export const pods: GroupResource = { group: "", resource: "pods" }

/** `deployments.apps`, `pods`. */
export const resourceName = ({ group, resource }: GroupResource): string =>
  group === "" ? resource : `${resource}.${group}`

const details = ({ group, resource }: GroupResource, name: string): JsonObject => ({
  ...(name === "" ? {} : { name }),
  ...(group === "" ? {} : { group }),
  kind: resource
})

export const failure = (code: number, reason: string, message: string, more?: JsonObject): Status => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message,
  reason,
  ...(more === undefined ? {} : { details: more }),
  code
})

/** NewInternalError. */
export const internalFailure = (why: string): Status =>
  failure(500, "InternalError", `Internal error occurred: ${why}`, { causes: [{ message: why }] })

export const badRequest = (message: string): Status => failure(400, "BadRequest", message, undefined)

/** An error without a text of its own for clients (NewGenericServerResponse), or a defect (500) with one. */
export const rejected = (code: 422 | 500, message?: string): Status =>
  code === 422
    ? failure(422, "Invalid", "the server rejected our request due to an error in our request", {})
    : {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: message ?? "",
        code: 500
      }

export const forbidden = (resource: GroupResource, name: string, why: string): Status =>
  failure(
    403,
    "Forbidden",
    `${resourceName(resource)} ${name === "" ? "" : `${quote(name)} `}is forbidden: ${why}`,
    details(resource, name)
  )

export const notFound = (resource: GroupResource, name: string): Status =>
  failure(404, "NotFound", `${resourceName(resource)} ${quote(name)} not found`, details(resource, name))

/** For a path that the server does not serve (`the server could not find the requested resource`). */
export const notFoundResource: Status = failure(404, "NotFound", "the server could not find the requested resource", {})

/** 429. `causes`: why, and `retryAfterSeconds`: when it is worth while to ask again; 0: nobody knows. */
export const tooManyRequests = (
  message: string,
  retryAfterSeconds: number,
  causes: ReadonlyArray<{ readonly reason: string; readonly message: string }>
): Status =>
  failure(429, "TooManyRequests", message, {
    causes: causes.map((cause) => ({ ...cause })),
    ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds })
  })

/** While the old object is being deleted the message says so (`store.go`, Create). */
export const alreadyExists = (resource: GroupResource, name: string, deleting = false): Status =>
  failure(
    409,
    "AlreadyExists",
    `${deleting ? "object is being deleted: " : ""}${resourceName(resource)} ${quote(name)} already exists`,
    details(resource, name)
  )

/** What was generated is taken: the client may ask again in a second (NewGenerateNameConflict). */
export const generateNameConflict = (resource: GroupResource, name: string, deleting = false): Status => {
  const taken = alreadyExists(resource, name, deleting)
  return {
    ...taken,
    message: `${taken.message}, the server was not able to generate a unique name for the object`,
    details: { ...taken.details, retryAfterSeconds: 1 }
  }
}

export const conflict = (resource: GroupResource, name: string, why: string): Status =>
  failure(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${resourceName(resource)} ${quote(name)}: ${why}`,
    details(resource, name)
  )

/** One wrong field (`k8s.io/apimachinery/pkg/util/validation/field/errors.go`). `body` is the message without the path. */
export interface FieldError {
  readonly reason: string
  readonly field: string
  readonly body: string
}

/** As Go's `%q` writes it: JSON's quoting is the same for what appears in names. */
const quote = (text: string): string => JSON.stringify(text)

/** As Go writes JSON: safe within HTML. */
export const goJson = (value: Json): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  )

const shown = (value: Json): string =>
  typeof value === "string" ? quote(value) : typeof value === "object" ? goJson(value) : String(value)
const withDetail = (text: string, detail: string): string => (detail === "" ? text : `${text}: ${detail}`)

export const required = (field: string, detail = ""): FieldError => ({
  reason: "FieldValueRequired",
  field,
  body: withDetail("Required value", detail)
})
export const invalid = (field: string, value: Json, detail: string): FieldError => ({
  reason: "FieldValueInvalid",
  field,
  body: withDetail(`Invalid value: ${shown(value)}`, detail)
})
/** Of a field whose parts do not go together: its value is not shown. */
export const invalidParts = (field: string, detail: string): FieldError => ({
  reason: "FieldValueInvalid",
  field,
  body: `Invalid value: ${detail}`
})
export const duplicate = (field: string, value: Json, detail = ""): FieldError => ({
  reason: "FieldValueDuplicate",
  field,
  body: withDetail(`Duplicate value: ${shown(value)}`, detail)
})
/** Of a text that Kubernetes' types may leave out: Go shows it as JSON. */
export const invalidPointer = (field: string, value: Json, detail: string): FieldError => ({
  reason: "FieldValueInvalid",
  field,
  body: withDetail(`Invalid value: ${goJson(value)}`, detail)
})
export const valueNotFound = (field: string, value: string, detail = ""): FieldError => ({
  reason: "FieldValueNotFound",
  field,
  body: withDetail(`Not found: ${quote(value)}`, detail)
})
export const fieldForbidden = (field: string, detail: string): FieldError => ({
  reason: "FieldValueForbidden",
  field,
  body: `Forbidden: ${detail}`
})
export const notSupported = (field: string, value: Json, supported: ReadonlyArray<string>): FieldError => ({
  reason: "FieldValueNotSupported",
  field,
  body: `Unsupported value: ${shown(value)}: supported values: ${supported.map(quote).join(", ")}`
})
/** What the server could not find out. */
export const internalError = (field: string, detail: string): FieldError => ({
  reason: "InternalError",
  field,
  body: `Internal error: ${detail}`
})
export const tooLong = (field: string, most: number): FieldError => ({
  reason: "FieldValueTooLong",
  field,
  body: `Too long: may not be more than ${most} bytes`
})
export const tooMany = (field: string, actual: number, most: number): FieldError => ({
  reason: "FieldValueTooMany",
  field,
  body: `Too many: ${actual}: must have at most ${most} items`
})

/** 422: all errors are causes; the message names each text once. */
export const invalidObject = (
  kind: { readonly group: string; readonly kind: string },
  name: string,
  errors: ReadonlyArray<FieldError>
): Status => {
  const texts = [...new Set(errors.map(({ body, field }) => `${field}: ${body}`))]
  const told = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`
  return failure(
    422,
    "Invalid",
    `${kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`} ${quote(name)} is invalid: ${told}`,
    {
      ...(name === "" ? {} : { name }),
      ...(kind.group === "" ? {} : { group: kind.group }),
      ...(kind.kind === "" ? {} : { kind: kind.kind }),
      causes: errors.map(({ body, field, reason }) => ({ reason, message: body, field }))
    }
  )
}
