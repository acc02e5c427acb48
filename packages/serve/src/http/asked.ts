/** One request for objects, read: which ones, and in which form the answer is to be. */
import {
  builtInEntry,
  type Instant,
  type JsonObject,
  notFoundResource,
  type Scope,
  type ServedCluster,
  type ServedResource,
  type Status
} from "@kubereel/core"
import { Result } from "effect"
import { type WireAnswer, wireAnswer } from "../wire/answer.ts"
import { type Accepted, contentType, negotiate } from "../wire/negotiate.ts"
import { encodeWatchFrame } from "../wire/protobuf.ts"
import { type ApiRequest, wireRequest } from "./Reply.ts"
import type { Form, IncludeObject, Shown } from "./representation.ts"
import type { RequestInfo } from "./requestInfo.ts"

export interface Asked {
  readonly of: Scope
  readonly shown: Shown
  /** The server's clock at this moment. */
  readonly now: () => Instant
  /** As which the client wants it; absent: as it is. */
  readonly as: Accepted["as"]
  readonly reply: (code: number, object: JsonObject) => WireAnswer
  readonly refuse: (status: Status) => WireAnswer
  /** A change, or an ERROR, as a watch sends it. */
  readonly frame: (type: string, object: JsonObject) => string | Uint8Array
  readonly streamHeaders: WireAnswer["headers"]
}

export const resourceOf = (
  cluster: ServedCluster,
  { group, resource, version }: RequestInfo
): ServedResource | undefined =>
  cluster
    .resources()
    .find((served) => served.resource === resource && served.group === group && served.version === version)

const formOf = ({ as, version = "v1" }: Accepted, query: URLSearchParams): Form => ({
  as:
    as === "Table" ? "Table" : as === undefined || as === "APIGroupDiscoveryList" ? "Object" : "PartialObjectMetadata",
  version,
  includeObject: (query.get("includeObject") ?? "Metadata") as IncludeObject
})

/** Lines of JSON, each as soon as there is one: the same text for all who watch the same object. */
const texts = new WeakMap<object, string>()

const textOf = (object: JsonObject): string => {
  const known = texts.get(object)
  if (known !== undefined) return known
  const text = JSON.stringify(object)
  texts.set(object, text)
  return text
}

const jsonFrame = (type: string, object: JsonObject): string => `{"type":"${type}","object":${textOf(object)}}\n`

/** The namespace of a request is none of a kind that has none. */
export const scopeOf = (resource: ServedResource, { namespace }: RequestInfo): Scope | Status =>
  resource.namespaced || namespace === undefined
    ? { resource, ...(namespace === undefined ? {} : { namespace }) }
    : notFoundResource

export const readAsked = (
  cluster: ServedCluster,
  request: ApiRequest,
  of: Scope,
  watching: boolean
): Result.Result<Asked, Status> => {
  const wire = wireRequest(request)
  const offer = { ...wire, transforms: "objects", protobuf: builtInEntry(of.resource) !== undefined } as const
  const accepted = negotiate(wire.accept, offer, watching)
  if (Result.isFailure(accepted)) return Result.fail(accepted.failure)
  const form = formOf(accepted.success, request.query)
  const reply = (code: number, object: JsonObject) => wireAnswer(code, object, accepted.success)
  return Result.succeed({
    of,
    shown: { form, now: cluster.now(), resource: of.resource },
    now: cluster.now,
    as: accepted.success.as,
    reply,
    refuse: (status) => reply(status.code, status),
    frame: (type, object) =>
      (accepted.success.format === "protobuf" ? encodeWatchFrame(type, object) : undefined) ?? jsonFrame(type, object),
    streamHeaders: { "content-type": contentType(accepted.success, true), "cache-control": "no-cache, private" }
  })
}
