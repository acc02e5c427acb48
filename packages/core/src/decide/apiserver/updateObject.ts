/** What an update of an object stores, or why it is refused (`k8s.io/apiserver/pkg/registry/rest/update.go` and the strategies of `pkg/registry`). */
import { Result } from "effect"
import type { Instant } from "../../event/Instant.ts"
import { type JsonObject, jsonEqual } from "../../event/Json.ts"
import { isPod, type KubernetesObject, type PodObject } from "../../event/KubernetesObject.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { mapping } from "./fields.ts"
import type { UpdateStrategy } from "./RestStrategy.ts"
import { apiResource, strategyOf } from "./resources.ts"
import { badRequest, conflict, invalidObject, notFoundResource, type Status } from "./status.ts"
import { resizePod, updateEphemeralContainers, updatePod, writePodStatus } from "./updatePod.ts"
import { validateEphemeralContainersUpdate } from "./validateEphemeralContainersUpdate.ts"
import { commonUpdateErrors } from "./validateMetadataUpdate.ts"
import { validatePodResize } from "./validatePodResize.ts"
import { validatePodStatus } from "./validatePodStatus.ts"
import { validatePodUpdate } from "./validatePodUpdate.ts"

const pods: { readonly [subresource: string]: UpdateStrategy<PodObject> } = {
  "": { prepare: updatePod, validate: validatePodUpdate },
  status: { prepare: writePodStatus, validate: validatePodStatus },
  resize: { prepare: resizePod, validate: validatePodResize },
  ephemeralcontainers: { prepare: updateEphemeralContainers, validate: validateEphemeralContainersUpdate }
}

/** By which server, and when. */
export interface Writing {
  /** The latest if absent. */
  readonly release?: KubernetesRelease | undefined
  readonly now?: Instant
}

const carriedOut = <Object extends KubernetesObject>(
  strategy: UpdateStrategy<Object> | undefined,
  old: Object,
  updated: JsonObject,
  { now = 0 as Instant, release = latestRelease }: Writing
): Result.Result<Object, Status> => {
  if (strategy === undefined) return Result.fail(notFoundResource)
  const next = strategy.prepare(old, updated, release, now)
  const errors = [...commonUpdateErrors(next.metadata, old.metadata), ...strategy.validate(next, old, release)]
  if (errors.length > 0)
    return Result.fail(invalidObject({ group: apiResource(old.kind).group, kind: old.kind }, old.metadata.name, errors))
  return Result.succeed(jsonEqual(next, old) ? old : next)
}

/** The API server serves `resize` with InPlacePodVerticalScaling only (`pkg/registry/core/rest/storage_core.go`). */
const podStrategy = (subresource: string, { gates }: KubernetesRelease): UpdateStrategy<PodObject> | undefined =>
  subresource === "resize" && !gates.InPlacePodVerticalScaling ? undefined : pods[subresource]

/** `subresource`: "" for the object itself. Answers with `old` itself when nothing changes: then nothing is stored (C-028). */
export const updateObject = (
  old: KubernetesObject,
  updated: JsonObject,
  subresource: string,
  writing: Writing = {}
): Result.Result<KubernetesObject, Status> =>
  isPod(old)
    ? carriedOut(podStrategy(subresource, writing.release ?? latestRelease), old, updated, writing)
    : carriedOut(strategyOf(old.kind).updates[subresource], old, updated, writing)

/** A PUT is of what its path says (`k8s.io/apiserver/pkg/endpoints/handlers/rest.go`, checkName). */
export const otherName = ({ metadata }: KubernetesObject, of: { readonly name: string }): Status | undefined =>
  metadata.name === of.name
    ? undefined
    : badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${of.name})`)

/** A PUT that names a life of the name is for no other one (`k8s.io/apiserver/pkg/storage/interfaces.go`, Preconditions). */
export const otherLife = ({ metadata }: KubernetesObject, old: KubernetesObject): Status | undefined => {
  const { name, namespace, uid } = old.metadata
  if (metadata.uid === undefined || metadata.uid === uid) return undefined
  const resource = apiResource(old.kind)
  const key = ["", "registry", resource.resource, ...(namespace === undefined ? [] : [namespace]), name].join("/")
  const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`
  const error = `invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`
  return conflict(resource, name, `StorageError: ${error}`)
}

const isHeld = (namespace: KubernetesObject): boolean => {
  const { finalizers } = mapping(namespace, "spec")
  return Array.isArray(finalizers) && finalizers.length > 0
}

/**
 * Does an update remove the object instead of being stored? it does when it leaves no finalizer on a deleted object whose
 * grace is over (`ShouldDeleteDuringUpdate`); the DELETED event then shows the old version, finalizer and all.
 */
export const removesOnUpdate = (old: KubernetesObject, updated: KubernetesObject): boolean => {
  const { deletionGracePeriodSeconds: grace, deletionTimestamp } = old.metadata
  // A Namespace is held by those who empty it, too (`pkg/registry/core/namespace/storage/storage.go`).
  if (updated.kind === "Namespace" && isHeld(updated)) return false
  if ((updated.metadata.finalizers ?? []).length > 0) return false
  return deletionTimestamp !== undefined && (grace === undefined || grace === 0)
}
