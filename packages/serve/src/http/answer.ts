/** What is answered to a request of the Kubernetes API, and by whom. */
import { notFoundResource, type ServedCluster, type ServedResource, type Status } from "@kubereel/core"
import { Result } from "effect"
import { type WireAnswer, wireAnswer } from "../wire/answer.ts"
import { type DiscoveredGroup, discoveredGroups } from "../wire/discovery/discovered.ts"
import { discoveryAnswer } from "../wire/discovery/discoveryAnswer.ts"
import { negotiateStatus } from "../wire/negotiate.ts"
import { openApiAnswer } from "../wire/openapi/openApiAnswer.ts"
import { healthAnswer, isHealthPath, versionInfo } from "../wire/serverInfo.ts"
import { type Asked, readAsked, resourceOf, scopeOf } from "./asked.ts"
import { isWatch, readOptions } from "./options.ts"
import { podLog } from "./podLog.ts"
import { type ApiRequest, isStatus, type Reply, statusReply, textReply, wireRequest } from "./Reply.ts"
import { getObject, listObjects } from "./read.ts"
import { notAllowed, wrongMetadata } from "./refusals.ts"
import { type RequestInfo, requestInfo } from "./requestInfo.ts"
import { review } from "./review.ts"
import { watchObjects } from "./watch.ts"
import { write } from "./write.ts"

/** Which cluster a path is about, and the path below its moment. */
export interface ClusterOf {
  readonly cluster: ServedCluster
  readonly path: string
}

export type Route = (path: string) => Promise<ClusterOf | Status>

export interface AnswerOptions {
  readonly route: Route
  /** `host:port` at which clients find the server. */
  readonly address: () => string
  /** Does whoever has this token get in? */
  readonly isToken: (token: string) => boolean
  /** What the server is told that is no API of Kubernetes: `/kubereel/…`. */
  readonly control?: (request: ApiRequest) => Promise<WireAnswer | undefined>
}

const withWarnings = (reply: Reply, cluster: ServedCluster, asked?: Asked): Reply => {
  const warnings = cluster.warnings(asked?.of)
  return warnings.length === 0 ? reply : { ...reply, warnings: [...warnings, ...(reply.warnings ?? [])] }
}

export const answer = async (request: ApiRequest, options: AnswerOptions): Promise<Reply> => {
  if (isHealthPath(request.path)) return healthAnswer(request.path, request.query)
  const told = request.path.startsWith("/kubereel/") ? await options.control?.(request) : undefined
  if (told !== undefined) return told
  const routed = await options.route(request.path)
  if (isStatus(routed)) return statusReply(routed, request)
  const { cluster, path } = routed
  const info = requestInfo(path)
  if (info !== undefined) {
    const { isToken } = options
    return review(request, info, { cluster, groups: groupsOf(cluster), isToken }) ?? objects(cluster, request, info)
  }
  if (request.method !== "GET" && request.method !== "HEAD") return statusReply(notAllowed, request)
  return (await document(cluster, { ...request, path }, options)) ?? textReply(404, "404 page not found\n")
}

/** What there is to know of the server itself. */
const document = async (
  cluster: ServedCluster,
  request: ApiRequest,
  options: AnswerOptions
): Promise<WireAnswer | undefined> => {
  const wire = wireRequest(request)
  const path = request.path.replace(/\/+$/, "")
  if (path === "/version") return wireAnswer(200, versionInfo(cluster.version), negotiateStatus(wire.accept, wire))
  if (isHealthPath(path)) return healthAnswer(path, request.query)
  const groups = groupsOf(cluster)
  const hash = request.query.get("hash") ?? undefined
  return (
    (await openApiAnswer(path, { ...wire, hash, now: new Date() }, groups)) ??
    discoveryAnswer(path, wire, { groups, address: options.address() })
  )
}

interface Discovered {
  readonly resources: ReadonlyArray<ServedResource>
  readonly groups: ReadonlyArray<DiscoveredGroup>
}

const discovered = new WeakMap<ServedCluster, Discovered>()

/** Anew only when a cluster serves something else than before: its documents are made of that. */
const groupsOf = (cluster: ServedCluster): ReadonlyArray<DiscoveredGroup> => {
  const resources = cluster.resources()
  const before = discovered.get(cluster)
  const isSame = before?.resources.length === resources.length && resources.every((of, i) => of === before.resources[i])
  if (before !== undefined && isSame) return before.groups
  const groups = discoveredGroups(resources, cluster.write !== undefined)
  discovered.set(cluster, { resources, groups })
  return groups
}

const objects = async (cluster: ServedCluster, request: ApiRequest, info: RequestInfo): Promise<Reply> => {
  const resource = resourceOf(cluster, info)
  if (resource === undefined) return statusReply(notFoundResource, request)
  const of = scopeOf(resource, info)
  if (isStatus(of)) return statusReply(of, request)
  const reads = request.method === "GET" || request.method === "HEAD"
  const watching = reads && info.subresource === "" && isWatch(request, info)
  const asked = readAsked(cluster, request, of, watching)
  if (Result.isFailure(asked)) return statusReply(asked.failure, request)
  const unknown = cluster.unknown?.(of)
  if (unknown !== undefined) return withWarnings(asked.success.refuse(unknown), cluster)
  if (!reads) return write(cluster, { asked: asked.success, info, request })
  const reply = await read(cluster, asked.success, { info, request, watching })
  return withWarnings(reply, cluster, asked.success)
}

/** Subresources that show the object, or what of it can be written through them; the others are only asked to do something. */
const readable: ReadonlySet<string> = new Set(["", "status", "scale", "approval", "ephemeralcontainers", "resize"])

interface Reading {
  readonly info: RequestInfo
  readonly request: ApiRequest
  readonly watching: boolean
}

const read = async (cluster: ServedCluster, asked: Asked, { info, request, watching }: Reading): Promise<Reply> => {
  const { name, subresource } = info
  if (subresource === "log" && name !== undefined) return podLog(cluster, asked, name, request.query)
  if (!readable.has(subresource)) return asked.refuse(notAllowed)
  const wrong = watching ? undefined : wrongMetadata(asked.as, name === undefined, asked.of.resource)
  if (wrong !== undefined) return asked.refuse(wrong)
  if (name !== undefined && !watching) return getObject(cluster, asked, { name, subresource, query: request.query })
  const options = readOptions(request.query, asked.of.resource, { name, watching })
  if (Result.isFailure(options)) return asked.refuse(options.failure)
  return watching ? watchObjects(cluster, asked, options.success) : listObjects(cluster, asked, options.success)
}
