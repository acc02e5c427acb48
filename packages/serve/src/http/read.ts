/** GET: one object, or a list of them, whole or page by page (`k8s.io/apiserver/pkg/endpoints/handlers/get.go`). */
import {
  type AskedVersion,
  expiredPage,
  getVersion,
  type KubernetesObject,
  type ListPage,
  listPage,
  listPlan,
  notFound,
  notFoundResource,
  type Scope,
  type ServedCluster,
  type Status,
  scaleObjectOf,
  tooLargeResourceVersion
} from "@kubereel/core"
import { Result } from "effect"
import type { Asked } from "./asked.ts"
import type { ListOptions } from "./options.ts"
import { isStatus, type Reply } from "./Reply.ts"
import { representList, representObject } from "./representation.ts"

/** A state that is there and not too old for whoever asks; a Status if it is not there yet (C-162). */
const notYet = async (cluster: ServedCluster, of: Scope, asked: AskedVersion): Promise<Status | undefined> => {
  if (asked._tag === "Latest") return undefined
  const current = await cluster.resourceVersion(of)
  return asked.resourceVersion > BigInt(current)
    ? tooLargeResourceVersion(String(asked.resourceVersion), current)
    : undefined
}

export const getObject = async (
  cluster: ServedCluster,
  asked: Asked,
  { name, query, subresource }: { readonly name: string; readonly subresource: string; readonly query: URLSearchParams }
): Promise<Reply> => {
  const { of, refuse, reply, shown } = asked
  if (subresource !== "" && !of.resource.subresources.includes(subresource)) return refuse(notFoundResource)
  const version = getVersion(query.get("resourceVersion") ?? "")
  if (Result.isFailure(version)) return refuse(version.failure)
  const early = await notYet(cluster, of, version.success)
  if (early !== undefined) return refuse(early)
  const object = await cluster.get(of, name)
  if (object === undefined) return refuse(notFound(of.resource, name))
  if (subresource === "scale") return reply(200, scaleObjectOf(object) ?? {})
  return reply(200, representObject(object, shown))
}

/** What is in a page: the objects, and how the list says where the next one begins. */
export interface Page extends ListPage {
  readonly resourceVersion: string
}

export const pageOf = async (cluster: ServedCluster, of: Scope, options: ListOptions): Promise<Page | Status> => {
  const plan = listPlan(options, !of.resource.namespaced || of.namespace !== undefined)
  if (Result.isFailure(plan)) return plan.failure
  const { version } = plan.success
  const early = await notYet(cluster, of, version)
  if (early !== undefined) return early
  const listed = await cluster.list(of, version._tag === "Exact" ? String(version.resourceVersion) : undefined)
  if (isStatus(listed)) return listed.code === 410 ? expiredPage(plan.success) : listed
  const { items, resourceVersion } = listed
  const all = { items, resourceVersion: BigInt(resourceVersion), isOfNamespace: of.namespace !== undefined }
  return { resourceVersion, ...listPage(all, plan.success, options.selects) }
}

export const inStorageOrder = (
  items: ReadonlyArray<KubernetesObject>,
  of: Scope,
  selects: ListOptions["selects"]
): ReadonlyArray<KubernetesObject> => {
  const all = { items, resourceVersion: 0n, isOfNamespace: of.namespace !== undefined }
  return listPage(all, { version: { _tag: "Latest" }, limit: 0 }, selects).items
}

export const listObjects = async (cluster: ServedCluster, asked: Asked, options: ListOptions): Promise<Reply> => {
  const page = await pageOf(cluster, asked.of, options)
  if (isStatus(page)) return asked.refuse(page)
  const { items, ...metadata } = page
  return asked.reply(200, representList(items, metadata, asked.shown))
}
