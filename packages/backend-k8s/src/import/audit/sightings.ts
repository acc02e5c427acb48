/** What one request of an audit log shows: versions of objects, changes without a version, or nothing that concerns a history. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import { isGoneAfter, itemsOf, lifeless } from "../objects.ts"
import type { AuditRequest } from "./AuditRequest.ts"

export interface Sighting {
  /** seen: a version. unseen: it was changed, but the log does not say into what. gone: deleted, and only that is said. */
  readonly kind: "seen" | "unseen" | "gone"
  readonly how: "write" | "read"
  /** A read that may have come from a cache: it can show what was true before the last change. */
  readonly mayBeStale?: true
  readonly change?: "ADDED" | "MODIFIED" | "DELETED"
  readonly object?: JsonObject
  readonly uid: string
  readonly group: string
  readonly resource: string
  readonly namespace: string
  readonly name: string
  readonly at: number
  readonly time: string
  readonly id: string
  /** For a change whose answer is not in the log: what was sent, where there is no doubt of what it does. */
  readonly sent?: Sent
  /** For a change that was not seen: who did what. */
  readonly words: string
}

/** A patch of a status; the node that a pod is bound to. */
export type Sent =
  | { readonly type: "strategic" | "merge"; readonly body: JsonObject }
  | { readonly type: "binding"; readonly body: JsonObject; readonly node: string }

/** Why a request says nothing about what is true. */
export type Nothing = "stage" | "failed" | "dry run" | "read without an answer" | "no state" | "no resource"

const writes: ReadonlySet<string> = new Set(["create", "update", "patch", "apply", "delete", "deletecollection"])

/** Requests that are no objects of their own, or leave nothing behind that a watch would show. */
const stateless =
  /^(?:tokenreviews|(?:self|local)?subject(?:access|rules)?reviews|selfsubjectreviews|componentstatuses)$/
const statelessParts: ReadonlySet<string> = new Set(["token", "exec", "attach", "portforward", "proxy", "log"])

/** A whole version of an object that the store has. */
const isVersion = (value: JsonObject | undefined): value is JsonObject =>
  value !== undefined &&
  typeof value.kind === "string" &&
  !lifeless.has(value.kind) &&
  isJsonObject(value.metadata) &&
  typeof value.metadata.name === "string" &&
  typeof value.metadata.resourceVersion === "string" &&
  typeof value.metadata.uid === "string"

const metadataOf = (value: JsonObject): JsonObject => value.metadata as JsonObject
const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "")

const placeOf = (request: AuditRequest) => {
  const { at = 0, group, id, name, namespace, resource, time, uid } = request
  return { at, group, id, name, namespace, resource, time, uid }
}

/** Only a read that names no resourceVersion is sure to show the newest (`k8s.io/apiserver`, semantics of get and list). */
const isCached = ({ uri, verb }: AuditRequest): boolean =>
  verb !== "deletecollection" && (uri === "" || /[?&]resourceVersion=/.test(uri))

const seen = (
  request: AuditRequest,
  object: JsonObject,
  change: "ADDED" | "MODIFIED" | "DELETED" | undefined,
  how: "write" | "read"
): Sighting => {
  const { name, namespace, uid } = metadataOf(object)
  return {
    ...placeOf(request),
    kind: "seen",
    how,
    ...(how === "read" && isCached(request) ? { mayBeStale: true as const } : {}),
    ...(change === undefined ? {} : { change }),
    object,
    uid: textOf(uid),
    name: textOf(name),
    namespace: textOf(namespace),
    words: ""
  }
}

const fullName = ({ resource, subresource }: AuditRequest): string =>
  subresource === "" ? resource : `${resource}/${subresource}`

/** Who did what, with the one thing that the body of a binding says for certain. */
const wordsOf = (request: AuditRequest): string => {
  const target =
    request.subresource === "binding" ? textOf((request.request?.target as JsonObject | undefined)?.name) : ""
  const level = request.truncated ? "its body was too long" : `level ${request.level}`
  return `${request.verb} ${fullName(request)}${target === "" ? "" : ` to ${target}`} by ${request.user || "somebody"} (${level})`
}

/** `$setElementOrder/…` and its like: words of a strategic merge patch. */
const hasDirectives = (value: Json | undefined): boolean =>
  Array.isArray(value)
    ? value.some((item: Json) => hasDirectives(item))
    : isJsonObject(value) &&
      Object.entries(value).some(
        ([key, item]) => /^\$(?:setElementOrder\/|patch$|retainKeys$)/.test(key) || hasDirectives(item)
      )

const hasLists = (value: Json | undefined): boolean =>
  Array.isArray(value) || (isJsonObject(value) && Object.values(value).some(hasLists))

const statusIn = ({ metadata, status }: JsonObject): JsonObject => ({
  ...(metadata === undefined ? {} : { metadata }),
  ...(status === undefined ? {} : { status })
})

/**
 * What kind of patch it is the log does not say. Only patches of a status are taken, which nothing else changes on their way:
 * with directives, or by a kubelet, strategic; without lists both kinds do the same.
 */
const sentBy = ({ request, resource, subresource, truncated, uri, user, verb }: AuditRequest): Sent | undefined => {
  const body = request === undefined ? {} : statusIn(request)
  const node = textOf(isJsonObject(request?.target) ? request.target.name : undefined)
  if (resource === "pods" && subresource === "binding" && node !== "") return { type: "binding", body, node }
  if (verb !== "patch" || subresource !== "status" || request === undefined || truncated) return undefined
  if (resource === "secrets" || /[?&]force=/.test(uri) || typeof request.apiVersion === "string") return undefined
  if (hasDirectives(request) || user.startsWith("system:node:")) return { type: "strategic", body }
  return hasLists(request) ? undefined : { type: "merge", body }
}

const unseen = (request: AuditRequest): Sighting => {
  const sent = sentBy(request)
  return {
    ...placeOf(request),
    kind: "unseen",
    how: "write",
    words: wordsOf(request),
    ...(sent === undefined ? {} : { sent })
  }
}

const collectionOf = (request: AuditRequest, response: JsonObject): ReadonlyArray<Sighting> => {
  const policy = textOf(request.request?.propagationPolicy)
  return itemsOf(response).flatMap((item): ReadonlyArray<Sighting> => {
    if (!isVersion(item)) return []
    // The answer holds the objects as they were before they were deleted.
    const before = seen(request, item, undefined, "read")
    const { deletionTimestamp, finalizers, name, namespace, uid } = metadataOf(item)
    const held = item.kind === "Pod" || (Array.isArray(finalizers) && finalizers.length > 0) || policy !== "Background"
    if (!held) return [before, seen(request, item, "DELETED", "write")]
    if (typeof deletionTimestamp === "string") return [before]
    const marked = { ...unseen(request), uid: textOf(uid), name: textOf(name), namespace: textOf(namespace) }
    return [before, marked]
  })
}

const written = (request: AuditRequest): ReadonlyArray<Sighting> => {
  const { response, subresource, verb } = request
  if (verb === "deletecollection")
    return response !== undefined && Array.isArray(response.items) ? collectionOf(request, response) : [unseen(request)]
  if (verb === "delete" && response?.kind === "Status" && response.status === "Success") {
    const details = isJsonObject(response.details) ? response.details : {}
    return [{ ...unseen(request), kind: "gone", uid: textOf(details.uid) || request.uid }]
  }
  if (!isVersion(response)) return [unseen(request)]
  if (verb === "create") {
    // An eviction or a binding is created; the pod is what changes.
    return subresource === "" ? [seen(request, response, "ADDED", "write")] : [unseen(request)]
  }
  if (verb === "delete") return [seen(request, response, isGoneAfter(response) ? "DELETED" : "MODIFIED", "write")]
  const { deletionTimestamp } = metadataOf(response)
  // The update that takes the last finalizer away deletes the object.
  const ended = typeof deletionTimestamp === "string" && isGoneAfter(response)
  return [seen(request, response, ended ? "DELETED" : request.code === 201 ? "ADDED" : "MODIFIED", "write")]
}

const readBy = (request: AuditRequest): ReadonlyArray<Sighting> => {
  const { response, subresource } = request
  if (response === undefined || (subresource !== "" && subresource !== "status")) return []
  const all = Array.isArray(response.items) ? itemsOf(response) : [response]
  return all.filter(isVersion).map((object) => seen(request, object, undefined, "read"))
}

export const sightingsIn = (request: AuditRequest): ReadonlyArray<Sighting> | Nothing => {
  const { code, resource, stage, subresource, uri, verb } = request
  if (resource === "") return "no resource"
  if (stage === "Panic")
    return writes.has(verb) ? [{ ...unseen(request), words: `${wordsOf(request)}, in a panic` }] : "stage"
  if (stage !== "ResponseComplete") return "stage"
  if (code !== undefined && code >= 400) return "failed"
  if (/[?&]dryRun=All(?:&|$)/.test(uri)) return "dry run"
  if (stateless.test(resource) || statelessParts.has(subresource)) return "no state"
  if (writes.has(verb)) return written(request)
  const found = verb === "get" || verb === "list" ? readBy(request) : []
  return found.length === 0 ? "read without an answer" : found
}
