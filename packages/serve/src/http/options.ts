/** What a client asks of a list or a watch, and what that means for the cluster that is asked. */
import {
  type ListOptions as ApiListOptions,
  badRequest,
  compareResourceVersions,
  type KubernetesObject,
  listOptions,
  matchesLabels,
  matchesObject,
  type Scope,
  type ServedChange,
  type ServedResource,
  type Status
} from "@kubereel/core"
import { Result } from "effect"
import { tooLarge } from "../past/refusals.ts"
import type { ApiRequest } from "./Reply.ts"
import { groupVersion } from "./representation.ts"
import type { RequestInfo } from "./requestInfo.ts"

export interface ListOptions extends ApiListOptions {
  /** Absent: every object is selected. */
  readonly selects?: (object: KubernetesObject) => boolean
}

/** By the query, or by the path of old. */
export const isWatch = ({ query }: ApiRequest, { watch }: RequestInfo): boolean => {
  const said = query.get("watch")
  return watch || (said !== null && said !== "0" && said.toLowerCase() !== "false")
}

export const readOptions = (
  query: URLSearchParams,
  resource: ServedResource,
  { name, watching }: { readonly name?: string | undefined; readonly watching: boolean }
): Result.Result<ListOptions, Status> => {
  const given = new URLSearchParams(query)
  if (watching) given.set("watch", "true")
  const scope = {
    kind: resource,
    ...(name === undefined ? {} : { name }),
    ...(resource.definition && { crd: resource.definition })
  }
  return Result.map(listOptions(given, scope), (options) => {
    const { fieldSelector, labelSelector } = options
    if (fieldSelector.length === 0 && labelSelector.length === 0) return options
    const selects = (object: KubernetesObject) =>
      matchesLabels(labelSelector, object.metadata.labels) &&
      matchesObject(resource, fieldSelector, object, resource.definition)
    return { ...options, selects }
  })
}

/** How a list is answered: as it is now, or exactly as it was at a version; and where its page begins. */
export interface ListPlan {
  readonly at?: string
  /** The key after which the page begins, if it is not the first page. */
  readonly start?: string
}

/** `current`: the newest version of the kind (C-156, C-157, C-159, C-162). */
export const listPlan = (options: ListOptions, current: string): ListPlan | Status => {
  const { limit, resourceVersion, resourceVersionMatch: match } = options
  if (options.continue !== "") {
    const token = decodeContinue(options.continue)
    return Result.isFailure(token) ? badRequest(`invalid continue token: ${token.failure}`) : token.success
  }
  if (resourceVersion === "" || resourceVersion === "0") return {}
  const order = compareResourceVersions(resourceVersion, current)
  if (order === undefined) return badRequest(`invalid resource version: ${JSON.stringify(resourceVersion)}`)
  if (order > 0) return tooLarge(resourceVersion, current)
  return match === "Exact" || (match === "" && limit > 0) ? { at: resourceVersion } : {}
}

const decodeContinue = (token: string): Result.Result<ListPlan, string> => {
  try {
    const { rv, start, v } = JSON.parse(Buffer.from(token, "base64url").toString()) as {
      readonly v?: unknown
      readonly rv?: unknown
      readonly start?: unknown
    }
    if (v !== "meta.k8s.io/v1")
      return Result.fail(`server does not recognize this encoded version ${JSON.stringify(v)}`)
    if (typeof rv !== "number" || typeof start !== "string")
      return Result.fail("incorrect encoded start resourceVersion")
    return Result.succeed({ start, ...(rv > 0 ? { at: String(rv) } : {}) })
  } catch {
    return Result.fail("encoding is not valid")
  }
}

const keyOf = ({ metadata }: KubernetesObject, { namespace }: Scope): string =>
  namespace === undefined && metadata.namespace !== undefined ? `${metadata.namespace}/${metadata.name}` : metadata.name

export interface NextPage {
  readonly items: ReadonlyArray<KubernetesObject>
  readonly continue?: string
  readonly remaining?: number
}

/** The objects of one page out of all that are selected, in the order of their keys. */
export const nextPage = (
  all: ReadonlyArray<KubernetesObject>,
  of: Scope,
  { options, plan, version }: { readonly options: ListOptions; readonly plan: ListPlan; readonly version: string }
): NextPage => {
  const { limit, resourceVersion, selects } = options
  const { start } = plan
  const rest = start === undefined ? all : all.filter((object) => `${keyOf(object, of)}\0` > start)
  // C-158: what is answered from the cache is not cut.
  if (limit <= 0 || rest.length <= limit || resourceVersion === "0") return { items: rest }
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  const next = last && { v: "meta.k8s.io/v1", rv: Number(version), start: `${keyOf(last, of)}\0` }
  return {
    items,
    continue: Buffer.from(JSON.stringify(next)).toString("base64url"),
    ...(selects === undefined ? { remaining: rest.length - limit } : {})
  }
}

/** How a watch begins: with what there is, or after a version. */
export interface WatchPlan {
  readonly from: string
  readonly initial: boolean
  /** The end of what there is is told. */
  readonly marked: boolean
}

export const watchPlan = (options: ListOptions): WatchPlan | Status => {
  const { resourceVersion, sendInitialEvents = false } = options
  if (!/^\d*$/.test(resourceVersion)) return badRequest(`invalid resource version: ${JSON.stringify(resourceVersion)}`)
  return { from: resourceVersion, initial: sendInitialEvents, marked: sendInitialEvents }
}

/** What a watcher of some objects is told of a change (C-174, C-175); `undefined`: nothing. */
export const seenThrough = (
  change: ServedChange,
  selects: ListOptions["selects"]
): Pick<ServedChange, "object" | "type"> | undefined => {
  if (selects === undefined) return change
  const { object, previous, type } = change
  const before = previous !== undefined && selects(previous)
  const after = type !== "DELETED" && selects(object)
  if (after) return { type: before ? "MODIFIED" : "ADDED", object }
  if (!before || previous === undefined) return undefined
  const { resourceVersion } = object.metadata
  const gone = { ...previous, metadata: { ...previous.metadata, ...(resourceVersion && { resourceVersion }) } }
  return { type: "DELETED", object: gone }
}

/** C-170: says how far the watch is, and nothing else. */
export const bookmark = (resource: ServedResource, resourceVersion: string): KubernetesObject =>
  ({
    kind: resource.kind,
    apiVersion: groupVersion(resource),
    metadata: { resourceVersion, creationTimestamp: null }
  }) as unknown as KubernetesObject

export const initialEventsEnd = (resource: ServedResource, resourceVersion: string): KubernetesObject => {
  const { metadata, ...rest } = bookmark(resource, resourceVersion)
  return {
    ...rest,
    metadata: { ...metadata, annotations: { "k8s.io/initial-events-end": "true" } }
  } as KubernetesObject
}
