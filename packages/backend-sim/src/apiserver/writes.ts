/** Writes that are somebody's: the store learns with each who owns which field from then on (`k8s.io/apiserver/pkg/endpoints/handlers/fieldmanager`). */
import {
  createManagedFields,
  type Instant,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonEqual,
  type KubernetesObject,
  type ManagedFields,
  startingFrom,
  updateManagedFields
} from "@kubereel/core"
import type { Store } from "./Store.ts"

/** Who writes, when, and how. */
export interface WrittenBy {
  readonly manager: string
  readonly now: Instant
  /** "" if absent. */
  readonly subresource?: string
  /** That of the object if absent. */
  readonly apiVersion?: string
  /** Who owns what then, where that is known already. */
  readonly entries?: ManagedFields
}

const writerOf = (
  object: KubernetesObject,
  { apiVersion = object.apiVersion, manager, now, subresource = "" }: WrittenBy
) => ({
  ...{ manager, apiVersion, subresource, now }
})

/** `asked`: the object as the client wants it, with its defaults. */
export const createBy = (
  store: Store,
  object: KubernetesObject,
  by: WrittenBy,
  asked: JsonObject = object
): KubernetesObject => store.create(object, by.entries ?? createManagedFields(object, asked, writerOf(object, by)))

/** The entries after a write that makes `next` of `old`; `given`: what the client says that they are. */
export const managedFieldsAfter = (
  store: Store,
  old: KubernetesObject,
  next: KubernetesObject,
  { by, given }: { readonly by: WrittenBy; readonly given?: Json | undefined }
) => {
  const writer = writerOf(old, by)
  const { apiVersion, subresource } = writer
  const live = startingFrom(store.managedFields(old), given, subresource)
  // Of what nobody keeps track of nobody begins to by an update.
  return live.length === 0 ? live : updateManagedFields(live, { kind: old.kind, apiVersion, old, next }, writer)
}

export const updateBy = (
  store: Store,
  old: KubernetesObject,
  next: KubernetesObject,
  by: WrittenBy
): KubernetesObject => store.update(next, managedFieldsAfter(store, old, next, { by }))

/** An object as a client sees it: with its managed fields. */
export const shown = (store: Store, object: KubernetesObject): KubernetesObject => {
  const managedFields = store.managedFields(object)
  if (managedFields.length === 0) return object
  return { ...object, metadata: { ...object.metadata, managedFields: managedFields as unknown as Json } }
}

/** What a client says of the managed fields, and the rest of what he says. */
export const apartFromFields = (asked: JsonObject): { readonly given: Json | undefined; readonly rest: JsonObject } => {
  const { metadata } = asked
  if (!isJsonObject(metadata) || metadata["managedFields"] === undefined) return { given: undefined, rest: asked }
  const { managedFields: given, ...kept } = metadata
  return { given, rest: { ...asked, metadata: kept } }
}

/** A write that changes nothing else changes no times (C-033; `fieldmanager/equality.go`). */
export const sameFields = (a: ManagedFields, b: ManagedFields): boolean => {
  const timeless = (entries: ManagedFields) => entries.map(({ time: _, ...entry }) => entry) as unknown as Json
  return a === b || jsonEqual(timeless(a), timeless(b))
}
