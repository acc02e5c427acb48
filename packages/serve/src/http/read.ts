/** GET: one object, or a list of them, whole or page by page (`k8s.io/apiserver/pkg/endpoints/handlers/get.go`). */
import {
  type KubernetesObject,
  notFound,
  notFoundResource,
  type Scope,
  type ServedCluster,
  type Status,
  scaleObjectOf
} from "@kubereel/core"
import type { Asked } from "./asked.ts"
import { type ListOptions, listPlan, nextPage } from "./options.ts"
import { isStatus, type Reply } from "./Reply.ts"
import { type ListMeta, representList, representObject } from "./representation.ts"

/** In the order of their keys in the store: namespace, then name (C-164). */
export const inStorageOrder = (items: ReadonlyArray<KubernetesObject>): ReadonlyArray<KubernetesObject> => {
  const isBefore = (a: KubernetesObject, b: KubernetesObject): number => {
    const [x, y] = [a.metadata.namespace ?? "", b.metadata.namespace ?? ""]
    if (x !== y) return x < y ? -1 : 1
    return a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0
  }
  for (let i = 1; i < items.length; i++) {
    const [a, b] = [items[i - 1], items[i]]
    if (a !== undefined && b !== undefined && isBefore(a, b) > 0) return items.toSorted(isBefore)
  }
  return items
}

export const getObject = async (
  cluster: ServedCluster,
  asked: Asked,
  { name, subresource }: { readonly name: string; readonly subresource: string }
): Promise<Reply> => {
  const { of, refuse, reply, shown } = asked
  if (subresource !== "" && !of.resource.subresources.includes(subresource)) return refuse(notFoundResource)
  const object = await cluster.get(of, name)
  if (object === undefined) return refuse(notFound(of.resource, name))
  if (subresource === "scale") return reply(200, scaleObjectOf(object) ?? {})
  return reply(200, representObject(object, shown))
}

/** What is in a page: the objects, and how the list says where the next one begins. */
export interface Page {
  readonly items: ReadonlyArray<KubernetesObject>
  readonly metadata: ListMeta
}

export const pageOf = async (cluster: ServedCluster, of: Scope, options: ListOptions): Promise<Page | Status> => {
  const plan = listPlan(options, await cluster.resourceVersion(of))
  if (isStatus(plan)) return plan
  const listed = await cluster.list(of, plan.at)
  if (isStatus(listed)) return listed
  const all = inStorageOrder(listed.items)
  const wanted = options.selects === undefined ? all : all.filter(options.selects)
  const { continue: token, items, remaining } = nextPage(wanted, of, { options, plan, version: listed.resourceVersion })
  return {
    items,
    metadata: {
      resourceVersion: listed.resourceVersion,
      ...(token === undefined ? {} : { continue: token }),
      ...(remaining === undefined ? {} : { remainingItemCount: remaining })
    }
  }
}

export const listObjects = async (cluster: ServedCluster, asked: Asked, options: ListOptions): Promise<Reply> => {
  const page = await pageOf(cluster, asked.of, options)
  if (isStatus(page)) return asked.refuse(page)
  return asked.reply(200, representList(page.items, page.metadata, asked.shown))
}
