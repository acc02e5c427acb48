/** How the API server keeps one kind (`k8s.io/apiserver/pkg/registry/rest`, the strategies in `pkg/registry/<group>/<resource>`). */
import type { Instant } from "../../event/Instant.ts"
import { type JsonObject, jsonEqual } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import type { KubernetesRelease } from "../kubelet/featureGates.ts"
import { isKnownKind } from "./apiTypes.ts"
import { encodeObject } from "./encodeObject.ts"
import { mapping } from "./fields.ts"
import type { FieldError, GroupResource } from "./status.ts"
import { validateMetadataUpdate } from "./validateMetadataUpdate.ts"

/** What discovery says of a kind (`kubectl api-resources`). */
export interface ApiResource extends GroupResource {
  readonly version: string
  readonly kind: string
  readonly namespaced: boolean
}

/** `apps/v1`; of the core group the version alone. */
export const groupVersionOf = ({ group, version }: Pick<ApiResource, "group" | "version">): string =>
  group === "" ? version : `${group}/${version}`

/** How one kind, or a subresource of it, takes a write. */
export interface UpdateStrategy<Object extends KubernetesObject = KubernetesObject> {
  /** What is left of what the client asks for. */
  readonly prepare: (old: Object, updated: JsonObject, release: KubernetesRelease, now: Instant) => Object
  readonly validate: (next: Object, old: Object, release: KubernetesRelease) => ReadonlyArray<FieldError>
}

/** Everything of a kind that other kinds do otherwise; metadata and identity are the same for all. */
export interface RestStrategy {
  readonly resource: ApiResource
  /** What a client asks for, complete: API defaulting alone. */
  readonly defaults: (given: JsonObject) => JsonObject
  /** Defaulting, then PrepareForCreate; `metadata` has its identity already. */
  readonly create: (given: JsonObject, release: KubernetesRelease) => JsonObject
  readonly validate: (object: KubernetesObject) => ReadonlyArray<FieldError>
  /** By the subresource, "" for the object itself. */
  readonly updates: { readonly [subresource: string]: UpdateStrategy }
  /** DefaultGarbageCollectionPolicy: who deletes one without saying how leaves behind what it owns. */
  readonly orphansByDefault?: boolean
}

/** What only the server sets: nobody changes it by an update. */
const serverMetadata = ["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"] as const

/** `updated` as it may be stored over `old`, with `kept` in the place of what this write does not reach. */
export const withMetadata = (old: KubernetesObject, updated: JsonObject, kept: JsonObject): KubernetesObject => {
  const given = mapping(updated, "metadata")
  const metadata = {
    ...given,
    ...Object.fromEntries(serverMetadata.map((key) => [key, old.metadata[key]])),
    uid: given["uid"] ?? old.metadata.uid,
    resourceVersion: old.metadata.resourceVersion
  }
  const next = { ...updated, ...kept, metadata }
  // What stays as it is stays the same object: a template above all.
  const base = { metadata: old.metadata, spec: old["spec"] }
  return (isKnownKind(old.apiVersion, old.kind) ? encodeObject(old.kind, next, base) : next) as KubernetesObject
}

export interface StatusKind {
  readonly resource: ApiResource
  /** API defaulting (`pkg/apis/<group>/<version>/defaults.go`); it runs on everything that is read from a client. */
  readonly defaults?: (given: JsonObject) => JsonObject
  /** PrepareForCreate beyond dropping the status and starting the generation. */
  readonly prepareForCreate?: (given: JsonObject) => JsonObject
  /** What of a new object, or of one that is asked for in the place of `old`, a version does not know (dropDisabledFields). */
  readonly dropDisabled?: (given: JsonObject, release: KubernetesRelease, old?: KubernetesObject) => JsonObject
  /** The status of a new object: none if absent. */
  readonly status?: JsonObject
  readonly validate?: (object: KubernetesObject) => ReadonlyArray<FieldError>
  readonly validateUpdate?: (next: KubernetesObject, old: KubernetesObject) => ReadonlyArray<FieldError>
  readonly validateStatus?: (next: KubernetesObject, old: KubernetesObject) => ReadonlyArray<FieldError>
  /** What of a status that is written a version of Kubernetes does not know (dropDisabledStatusFields). */
  readonly dropStatus?: (status: JsonObject, release: KubernetesRelease) => JsonObject
  /** Kinds of old have none. */
  readonly hasGeneration?: false
  /** What counts as a change of what is asked for, beside the spec (a Deployment's annotations). */
  readonly bumpsGeneration?: (next: KubernetesObject, old: KubernetesObject) => boolean
  readonly orphansByDefault?: boolean
}

/** A strategy of which it is known how it takes both writes. */
export interface StatusStrategy extends RestStrategy {
  readonly updates: {
    readonly [subresource: string]: UpdateStrategy
    readonly "": UpdateStrategy
    readonly status: UpdateStrategy
  }
}

const bumped = (next: KubernetesObject, old: KubernetesObject, more: StatusKind["bumpsGeneration"]) => {
  if (jsonEqual(next["spec"] ?? null, old["spec"] ?? null) && more?.(next, old) !== true) return next
  const metadata = { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 }
  return { ...next, metadata }
}

/**
 * The strategy that most kinds have: a spec that users write and a status that controllers write, each through its own path,
 * and a generation that counts the changes of the spec.
 */
export const withStatus = (kind: StatusKind): StatusStrategy => {
  const { bumpsGeneration, hasGeneration = true, orphansByDefault = false, resource, status } = kind
  const { dropDisabled = (given) => given } = kind
  const { defaults = (given) => given, dropStatus = (given) => given, prepareForCreate = (given) => given } = kind
  const none = () => []
  const { validate = none, validateStatus = none, validateUpdate = none } = kind
  return {
    resource,
    orphansByDefault,
    defaults,
    create: (given, release) => {
      const { status: _, ...rest } = dropDisabled(prepareForCreate(defaults(given)), release)
      const metadata = { ...mapping(rest, "metadata"), ...(hasGeneration ? { generation: 1 } : {}) }
      return { ...rest, metadata, status: status ?? {} }
    },
    validate,
    updates: {
      "": {
        prepare: (old, updated, release) => {
          const asked = dropDisabled(defaults(updated), release, old)
          const next = withMetadata(old, asked, { status: old["status"] })
          return hasGeneration ? bumped(next, old, bumpsGeneration) : next
        },
        validate: (next, old) => [...validateMetadataUpdate(next.metadata, old.metadata), ...validateUpdate(next, old)]
      },
      status: {
        prepare: (old, updated, release) => {
          const metadata = { ...mapping(updated, "metadata"), labels: old.metadata.labels }
          const written = dropStatus(mapping(updated, "status"), release)
          return withMetadata(old, { ...updated, metadata, status: written }, { spec: old["spec"] })
        },
        validate: (next, old) => [...validateMetadataUpdate(next.metadata, old.metadata), ...validateStatus(next, old)]
      }
    }
  }
}

/** What a kind without a status makes of what is written, and what it refuses; in an update beside what no update may change in the metadata. */
export interface PlainRules {
  /** API defaulting and conversion: it runs on everything that is read from a client. */
  readonly defaults?: (given: JsonObject) => JsonObject
  readonly validate?: RestStrategy["validate"]
  readonly validateUpdate?: (next: KubernetesObject, old: KubernetesObject) => ReadonlyArray<FieldError>
}

/** Kinds that have no status of their own to write: every write takes the whole object. */
export const plain = (
  resource: ApiResource,
  create: (given: JsonObject) => JsonObject = (given) => given,
  { defaults = (given) => given, validate = () => [], validateUpdate = () => [] }: PlainRules = {}
): RestStrategy => ({
  resource,
  defaults,
  create: (given) => create(defaults(given)),
  validate,
  updates: {
    "": {
      prepare: (old, updated) => withMetadata(old, defaults(updated), {}),
      validate: (next, old) => [...validateMetadataUpdate(next.metadata, old.metadata), ...validateUpdate(next, old)]
    }
  }
})
