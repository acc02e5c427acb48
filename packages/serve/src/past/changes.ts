/** What an event of a reel is to somebody who watches a kind. */
import {
  type ClusterEvent,
  groupVersionOf,
  isJsonObject,
  type JsonObject,
  type KubernetesObject,
  type Scope,
  type ServedChange
} from "@kubereel/core"

export const isWithin = ({ metadata }: KubernetesObject, { namespace }: Scope): boolean =>
  namespace === undefined || (metadata.namespace ?? "") === namespace

/** The version of an object that an event tells, also one of a newer kubereel; `undefined`: it tells none. */
export const changeIn = (
  event: ClusterEvent | undefined
): { readonly type: string; readonly object: KubernetesObject } | undefined => {
  const content = (event?._tag === "Unknown" ? event.content : event) as JsonObject | undefined
  if (content?.["_tag"] !== "ObjectChanged" || !isJsonObject(content["object"])) return undefined
  const object = content["object"] as KubernetesObject
  return isJsonObject(object.metadata) ? { type: String(content["change"]), object } : undefined
}

/**
 * `undefined`: it says nothing of them. `known` is what the watcher has been told of, and is kept up: a recording may say twice that
 * something was added, and may learn from a list that it changed or went.
 */
export const changeOf = (
  event: ClusterEvent,
  of: Scope,
  known: Map<string, KubernetesObject>
): ServedChange | undefined => {
  const change = changeIn(event)
  if (change === undefined) return undefined
  const { object, type } = change
  const { resource } = of
  if (object.kind !== resource.kind || object.apiVersion !== groupVersionOf(resource) || !isWithin(object, of))
    return undefined
  const id = `${object.metadata.namespace ?? ""}/${object.metadata.name}`
  const previous = known.get(id)
  if (type === "DELETED") {
    known.delete(id)
    return previous === undefined ? undefined : { type, object, previous }
  }
  if (type !== "ADDED" && type !== "MODIFIED") return undefined
  // A list after a break tells again what is known.
  if (previous !== undefined && isSame(previous, object)) return undefined
  known.set(id, object)
  return previous === undefined ? { type: "ADDED", object } : { type: "MODIFIED", object, previous }
}

const isSame = (a: KubernetesObject, b: KubernetesObject): boolean =>
  a.metadata.resourceVersion !== undefined &&
  a.metadata.resourceVersion === b.metadata.resourceVersion &&
  a.metadata.uid === b.metadata.uid
