/** Reviews: questions of who somebody is and what he may do, asked by creating an object that nobody keeps (`pkg/registry/authorization`, `pkg/registry/authentication`). */
import {
  badRequest,
  type FieldError,
  invalid,
  invalidObject,
  invalidPointer,
  isJsonObject,
  type JsonObject,
  mapping,
  type ServedCluster,
  type Status,
  textsOf
} from "@kubereel/core"
import { Result } from "effect"
import { authorize, nonResourceRules, type Rights, resourceRules, text } from "./authorize.ts"

export interface ReviewOptions {
  readonly rights: Rights
  /** Does whoever has this token get in? */
  readonly isToken: (token: string) => boolean
  /** Whose token of the cluster it is; absent: it gives none. */
  readonly reviewToken?: ServedCluster["reviewToken"]
  /** The server's clock, `2026-01-01T00:00:00Z`. */
  readonly now: string
  /** Of the request's path. */
  readonly namespace?: string | undefined
}

/** Who asks: there is one user. */
const user: JsonObject = { username: "kubereel", groups: ["system:masters", "system:authenticated"] }

const attributesOf = (spec: JsonObject, name: string): JsonObject | undefined =>
  isJsonObject(spec[name]) ? spec[name] : undefined

/** `pkg/apis/authorization/validation/validation.go`. */
const accessErrors = (review: JsonObject, kind: string): ReadonlyArray<FieldError> => {
  const spec = mapping(review, "spec")
  const [path, resource] = ["nonResourceAttributes", "resourceAttributes"].map((name) => attributesOf(spec, name))
  const isLocal = kind === "LocalSubjectAccessReview"
  const { managedFields: _, namespace, ...metadata } = mapping(review, "metadata")
  const errors: Array<FieldError> = []
  const add = (wrong: boolean, error: () => FieldError) => {
    if (wrong) errors.push(error())
  }
  add(path !== undefined && resource !== undefined, () =>
    invalid("spec.nonResourceAttributes", path ?? null, "cannot be specified in combination with resourceAttributes")
  )
  add(path === undefined && resource === undefined, () =>
    invalidPointer(
      "spec.resourceAttributes",
      null,
      "exactly one of nonResourceAttributes or resourceAttributes must be specified"
    )
  )
  const isNobody = text(spec, "user") === "" && !(Array.isArray(spec["groups"]) && spec["groups"].length > 0)
  add(kind !== "SelfSubjectAccessReview" && isNobody, () =>
    invalid("spec.user", "", "at least one of user or group must be specified")
  )
  const others = Object.keys(metadata).filter((key) => key !== "creationTimestamp" || metadata[key] !== null)
  add(others.length > 0 || (!isLocal && namespace !== undefined), () =>
    invalid("metadata", mapping(review, "metadata"), `must be empty${isLocal ? " except for namespace" : ""}`)
  )
  add(isLocal && resource !== undefined && text(resource, "namespace") !== (namespace ?? ""), () =>
    invalid("spec.resourceAttributes.namespace", text(resource ?? {}, "namespace"), "must match metadata.namespace")
  )
  add(isLocal && path !== undefined, () =>
    invalid("spec.nonResourceAttributes", path ?? null, "disallowed on this kind of request")
  )
  return errors
}

const accessReview = (
  review: JsonObject,
  kind: string,
  { rights }: ReviewOptions
): Result.Result<JsonObject, Status> => {
  const errors = accessErrors(review, kind)
  if (errors.length > 0) return Result.fail(invalidObject({ group: "authorization.k8s.io", kind }, "", errors))
  const spec = mapping(review, "spec")
  const { allowed, reason } = authorize(rights, {
    resourceAttributes: attributesOf(spec, "resourceAttributes"),
    nonResourceAttributes: attributesOf(spec, "nonResourceAttributes")
  })
  return Result.succeed({ spec, status: { allowed, ...(reason === "" ? {} : { reason }) } })
}

const rulesReview = (review: JsonObject, { rights }: ReviewOptions): Result.Result<JsonObject, Status> =>
  text(mapping(review, "spec"), "namespace") === ""
    ? Result.fail(badRequest("no namespace on request"))
    : Result.succeed({
        spec: {},
        status: { resourceRules: resourceRules(rights), nonResourceRules: nonResourceRules, incomplete: false }
      })

const tokenReview = (
  review: JsonObject,
  { isToken, reviewToken }: ReviewOptions
): Result.Result<JsonObject, Status> => {
  const spec = mapping(review, "spec")
  const token = text(spec, "token")
  if (token === "") return Result.fail(badRequest("token is required for TokenReview in authentication"))
  if (isToken(token)) return Result.succeed({ spec, status: { authenticated: true, user } })
  const owner = reviewToken?.(token, textsOf(spec, "audiences"))
  const status = owner === undefined ? { user: {}, error: "invalid bearer token" } : { authenticated: true, ...owner }
  return Result.succeed({ spec, status })
}

type Review = (review: JsonObject, kind: string, options: ReviewOptions) => Result.Result<JsonObject, Status>

const reviews: {
  readonly [resource: string]: { readonly group: string; readonly kind: string; readonly answer: Review }
} = {
  selfsubjectaccessreviews: {
    group: "authorization.k8s.io",
    kind: "SelfSubjectAccessReview",
    answer: accessReview
  },
  subjectaccessreviews: { group: "authorization.k8s.io", kind: "SubjectAccessReview", answer: accessReview },
  localsubjectaccessreviews: {
    group: "authorization.k8s.io",
    kind: "LocalSubjectAccessReview",
    answer: accessReview
  },
  selfsubjectrulesreviews: {
    group: "authorization.k8s.io",
    kind: "SelfSubjectRulesReview",
    answer: (review, _, options) => rulesReview(review, options)
  },
  selfsubjectreviews: {
    group: "authentication.k8s.io",
    kind: "SelfSubjectReview",
    answer: (_, __, { now }) => Result.succeed({ metadata: { creationTimestamp: now }, status: { userInfo: user } })
  },
  tokenreviews: {
    group: "authentication.k8s.io",
    kind: "TokenReview",
    answer: (review, _, options) => tokenReview(review, options)
  }
}

/** The kind of review that is created at this resource; `undefined`: it is none. */
export const reviewKind = (of: {
  readonly group: string
  readonly version: string
  readonly resource: string
}): string | undefined => {
  const review = Object.hasOwn(reviews, of.resource) ? reviews[of.resource] : undefined
  return review?.group === of.group && of.version === "v1" ? review.kind : undefined
}

/** The review as it is answered (201), or why it cannot be. `resource`: one that has a kind (`reviewKind`). */
export const reviewAnswer = (
  resource: string,
  body: JsonObject,
  options: ReviewOptions
): Result.Result<JsonObject, Status> => {
  const { answer, group, kind } = reviews[resource] as NonNullable<(typeof reviews)[string]>
  const apiVersion = `${group}/v1`
  const [saidKind, saidVersion] = [text(body, "kind"), text(body, "apiVersion")]
  if ((saidKind !== "" && saidKind !== kind) || (saidVersion !== "" && saidVersion !== apiVersion))
    return Result.fail(
      badRequest(`${saidKind} in version ${JSON.stringify(saidVersion)} cannot be handled as a ${kind}`)
    )
  const { namespace } = options
  const metadata = { ...(namespace === undefined ? {} : { namespace }), ...mapping(body, "metadata") }
  const answered = answer({ ...body, metadata }, kind, options)
  return Result.map(answered, (status) => ({ kind, apiVersion, metadata, ...status }))
}
