/** From a manifest of any kind but Pod to the stored object (`k8s.io/apiserver/pkg/registry/rest/create.go`; C-001…C-006). */
import { Result } from "effect"
import { type Instant, toTime } from "../../event/Instant.ts"
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { isKnownKind } from "./apiTypes.ts"
import { askedPod, generateName } from "./createPod.ts"
import { decodeObject } from "./decodeObject.ts"
import { encodeObject } from "./encodeObject.ts"
import { mapping, text } from "./fields.ts"
import { strategyOf } from "./resources.ts"
import { badRequest, invalidObject, type Status } from "./status.ts"
import { genericMetadataErrors } from "./validateObjectMeta.ts"

/** What the server makes up for a new object. */
export interface NewIdentity {
  /** Of the request; ignored for kinds without a namespace. */
  readonly namespace: string
  readonly uid: string
  readonly resourceVersion: string
  readonly now: Instant
  /** The latest if absent. */
  readonly release?: KubernetesRelease
  /** Five characters for a name that is to be generated. */
  readonly nameSuffix: string
}

const otherNamespace = badRequest(
  "the namespace of the provided object does not match the namespace sent on the request"
)

const identified = (given: JsonObject, identity: NewIdentity, namespaced: boolean): JsonObject => {
  const { deletionTimestamp: _, deletionGracePeriodSeconds: __, generation: ___, ...rest } = mapping(given, "metadata")
  const [name, base] = [text(rest, "name"), text(rest, "generateName")]
  return {
    ...rest,
    name: name === "" && base !== "" ? generateName(base, identity.nameSuffix) : name,
    ...(namespaced ? { namespace: identity.namespace } : {}),
    uid: identity.uid,
    resourceVersion: identity.resourceVersion,
    creationTimestamp: toTime(identity.now)
  }
}

/** What the server writes down as the client's: its manifest with its defaults, before admission and strategy add theirs (C-003). */
export const askedObject = (manifest: KubernetesObject, release?: KubernetesRelease): JsonObject =>
  manifest.kind === "Pod" ? askedPod(manifest, release) : strategyOf(manifest.kind).defaults(manifest)

/** The stored object of a POST, or why it is refused (400 or 422; 404 for its namespace and 409 for its name are the store's to say). */
export const createObject = (
  manifest: KubernetesObject,
  identity: NewIdentity
): Result.Result<KubernetesObject, Status> => {
  const decoded = decodeObject(manifest)
  if (Result.isFailure(decoded)) return Result.fail(decoded.failure)
  const { kind } = manifest
  const strategy = strategyOf(kind)
  const { group, namespaced } = strategy.resource
  const asked = text(mapping(decoded.success, "metadata"), "namespace")
  if (namespaced && asked !== "" && asked !== identity.namespace) return Result.fail(otherNamespace)
  const metadata = identified(decoded.success, identity, namespaced)
  const made = strategy.create({ ...decoded.success, metadata }, identity.release ?? latestRelease)
  const object = (isKnownKind(made["apiVersion"], kind) ? encodeObject(kind, made) : made) as KubernetesObject
  const own = strategy.validate(object)
  // What all kinds have in common is looked at when a kind's own rules find nothing (BeforeCreate).
  const errors = own.length > 0 ? own : genericMetadataErrors(object.metadata)
  return errors.length === 0
    ? Result.succeed(object)
    : Result.fail(invalidObject({ group, kind }, object.metadata.name, errors))
}
