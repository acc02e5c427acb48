/** What is known of objects as such, in files of any format. */
import { isJsonObject, type Json, type JsonObject, type PodRef } from "@kubereel/core"

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

export const metadataOf = (object: JsonObject): JsonObject => (isJsonObject(object.metadata) ? object.metadata : {})

export const text = (value: Json | undefined): string => (typeof value === "string" ? value : "")

/** Names one life of an object; by its place where it has no uid. */
export const lifeOf = (object: JsonObject): string => {
  const { name, namespace, uid } = metadataOf(object)
  const kind = `${text(object.apiVersion)} ${text(object.kind)}`
  return text(uid) !== "" ? `${kind} ${text(uid)}` : `${kind} ${text(namespace)}/${text(name)}`
}

export const versionOf = (object: JsonObject): string => text(metadataOf(object).resourceVersion)

export const titleOf = (object: JsonObject): string => {
  const { name, namespace } = metadataOf(object)
  return `${text(object.kind)} ${typeof namespace === "string" ? `${namespace}/` : ""}${text(name)}`
}

/** The object in the lists of a gap. */
export const refTo = (object: JsonObject): PodRef => {
  const { name, namespace, uid } = metadataOf(object)
  return { namespace: text(namespace), name: text(name), uid: text(uid) }
}

export const pluralOf = (kind: string): string => {
  const word = kind.toLowerCase()
  return /(?:s|x|ch|sh)$/.test(word) ? `${word}es` : /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`
}

/** As `kubectl api-resources` would name it: `pods`, `deployments.apps`. */
export const resourceOf = ({ apiVersion, kind }: JsonObject): string => {
  const group = text(apiVersion).includes("/") ? `.${text(apiVersion).replace(/\/.*$/, "")}` : ""
  return `${pluralOf(text(kind))}${group}`
}
