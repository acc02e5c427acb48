/** What is known of objects as such, in files of any format. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"

/** Kinds of answers that are views of objects, not objects. */
export const lifeless: ReadonlySet<string> = new Set([
  "Status",
  "Scale",
  "Table",
  "TokenRequest",
  "Eviction",
  "Binding",
  "DeleteOptions",
  "PartialObjectMetadata",
  "PartialObjectMetadataList"
])

/** The objects of a list. Where an API server writes a typed list (`PodList`) its items do not say what they are. */
export const itemsOf = (list: JsonObject): ReadonlyArray<JsonObject> => {
  const items: ReadonlyArray<Json> = Array.isArray(list.items) ? list.items : []
  return items.filter(isJsonObject).map((item) => typed(item, list))
}

export const typed = (item: JsonObject, { apiVersion, kind }: JsonObject): JsonObject => {
  if (typeof item.kind === "string" || typeof kind !== "string" || !/.List$/.test(kind) || lifeless.has(kind))
    return item
  return { apiVersion: item.apiVersion ?? apiVersion, kind: kind.slice(0, -"List".length), ...item }
}

const isEmpty = (value: Json | undefined): boolean => !Array.isArray(value) || value.length === 0

/**
 * Is an object that a delete or an update answered with gone from the store? Not while a finalizer or a grace period holds it
 * (`ShouldDeleteDuringUpdate`, `k8s.io/apiserver/pkg/registry/generic/registry/store.go`; a namespace has finalizers of its own).
 */
export const isGoneAfter = (object: JsonObject): boolean => {
  const { deletionGracePeriodSeconds, finalizers } = isJsonObject(object.metadata) ? object.metadata : {}
  const own = object.kind === "Namespace" && isJsonObject(object.spec) ? object.spec.finalizers : undefined
  return isEmpty(finalizers) && isEmpty(own) && !(Number(deletionGracePeriodSeconds ?? 0) > 0)
}
