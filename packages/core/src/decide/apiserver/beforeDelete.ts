/** What a DELETE does to an object (`k8s.io/apiserver/pkg/registry/rest/delete.go`, `registry/generic/registry/store.go`; K-240, K-241, C-129…C-140). */
import { Result } from "effect"
import { type Instant, later, parseInstant, SECOND, toTime } from "../../event/Instant.ts"
import { type Json, jsonEqual } from "../../event/Json.ts"
import type { KubernetesObject, ObjectMeta, PodObject } from "../../event/KubernetesObject.ts"
import { orderedMetadata } from "../../state/frame.ts"
import { conflict, type GroupResource, invalidObject, notSupported, pods, type Status } from "./status.ts"

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number | undefined
  readonly propagationPolicy?: string | undefined
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined
}

/**
 * What the store has to do, in this order: write `update` (a MODIFIED), then remove the object (a DELETED with the last
 * stored version). Neither: the object is answered as it is.
 */
export interface Deletion<Object extends KubernetesObject = KubernetesObject> {
  readonly update: Object | undefined
  readonly remove: boolean
}

/** The strategy's CheckGracefulDelete: the period of the first deletion, or `undefined` for kinds that are not deleted gracefully. */
export type GracePeriod<Object> = (object: Object, options: DeleteOptions) => number | undefined

/** How objects of a kind are deleted. */
interface Deletability<Object> {
  readonly resource: GroupResource
  readonly gracePeriod: GracePeriod<Object>
  /** Who does not say what becomes of what they own leaves it behind. */
  readonly orphansByDefault?: boolean
}

/** `pkg/registry/core/pod/strategy.go`: from the options or the spec; none for a pod without a node or one that has ended; negative acts as 1. */
export const podGracePeriod: GracePeriod<PodObject> = (pod, options) => {
  const asked = options.gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 0
  const { phase } = pod.status
  const idle = (pod.spec.nodeName ?? "") === "" || phase === "Failed" || phase === "Succeeded"
  if (idle) return 0
  return asked < 0 ? 1 : asked
}

/** Fields in the order in which Kubernetes writes them; what is `undefined` is taken away. */
const withMeta = <Object extends KubernetesObject>(
  object: Object,
  changes: { readonly [key: string]: Json | undefined }
): Object => ({
  ...object,
  metadata: orderedMetadata(
    Object.fromEntries(
      Object.entries({ ...object.metadata, ...changes }).filter(([, value]) => value !== undefined)
    ) as unknown as ObjectMeta
  )
})

type Graceful<Object> =
  | { readonly _tag: "Graceful"; readonly object: Object; readonly period: number }
  | { readonly _tag: "Pending" }
  | { readonly _tag: "NotGraceful"; readonly object: Object }

/** A second deletion may only shorten what is left of the first. */
const shorten = <Object extends KubernetesObject>(
  object: Object,
  options: DeleteOptions,
  now: Instant
): Graceful<Object> => {
  const { deletionTimestamp = "", deletionGracePeriodSeconds } = object.metadata
  const left =
    deletionGracePeriodSeconds === undefined
      ? undefined
      : deletionGracePeriodSeconds < 0
        ? 1
        : deletionGracePeriodSeconds
  // A deletion whose removal failed after its update is taken up again.
  if (left === undefined || left === 0) return { _tag: "NotGraceful", object }
  const asked = options.gracePeriodSeconds
  if (asked === undefined) return { _tag: "Pending" }
  const period = asked < 0 ? 1 : asked
  if (period >= left) return { _tag: "Pending" }
  const moved = later(parseInstant(deletionTimestamp) ?? now, (period - left) * SECOND)
  // The new period counts from the first request. If it is over already, the pod gets one second from now: still gracefully,
  // for its kubelet has to see the change and do the last delete itself.
  // A real clock counts nanoseconds and the first request was cut to its second, so that the same moment means: over.
  const over = moved <= now
  const granted = over && period !== 0 ? 1 : period
  const shortened = withMeta(object, {
    deletionTimestamp: toTime(over ? now : moved),
    deletionGracePeriodSeconds: granted
  })
  return { _tag: "Graceful", object: shortened, period: granted }
}

/** rest.BeforeDelete without its preconditions. */
const graceful = <Object extends KubernetesObject>(
  object: Object,
  options: DeleteOptions,
  now: Instant,
  strategy: GracePeriod<Object>
): Graceful<Object> => {
  const bounded = {
    ...options,
    gracePeriodSeconds:
      options.gracePeriodSeconds !== undefined && options.gracePeriodSeconds < 0 ? 1 : options.gracePeriodSeconds
  }
  const period = strategy(object, bounded)
  if (period === undefined) return { _tag: "NotGraceful", object }
  if (object.metadata.deletionTimestamp !== undefined) return shorten(object, bounded, now)
  const generation = object.metadata.generation ?? 0
  const marked = withMeta(object, {
    deletionTimestamp: toTime(later(now, period * SECOND)),
    deletionGracePeriodSeconds: period,
    ...(generation > 0 ? { generation: generation + 1 } : {})
  })
  return { _tag: "Graceful", object: marked, period }
}

const policies = ["orphan", "foregroundDeletion"]

/** shouldOrphanDependents: of some kinds, unless the request or the object itself says otherwise. */
const policyOf = (
  { metadata }: KubernetesObject,
  asked: string | undefined,
  orphansByDefault: boolean
): string | undefined => {
  const said = metadata.finalizers?.some((name) => policies.includes(name)) === true
  return asked ?? (orphansByDefault && !said ? "Orphan" : undefined)
}

/** `store.go`, deletionFinalizersForGarbageCollection: what the propagation policy adds and takes away (C-139). */
const withPolicy = <Object extends KubernetesObject>(object: Object, policy: string | undefined): Object => {
  const given = object.metadata.finalizers ?? []
  const ofPolicy = policy === "Orphan" ? ["orphan"] : policy === "Foreground" ? ["foregroundDeletion"] : []
  const kept = policy === undefined ? given : [...given.filter((name) => !policies.includes(name)), ...ofPolicy]
  return kept.length === given.length && kept.every((name) => given.includes(name))
    ? object
    : withMeta(object, { finalizers: kept.length === 0 ? undefined : kept })
}

/** `store.go`, markAsDeleting: an object that only its finalizers keep. */
const markAsDeleting = <Object extends KubernetesObject>(object: Object, now: Instant): Object => {
  const { deletionTimestamp, generation = 0 } = object.metadata
  const known = deletionTimestamp === undefined ? undefined : parseInstant(deletionTimestamp)
  return withMeta(object, {
    ...(deletionTimestamp === undefined && generation > 0 ? { generation: generation + 1 } : {}),
    ...(known === undefined || known > now ? { deletionTimestamp: toTime(now) } : {}),
    deletionGracePeriodSeconds: 0
  })
}

const propagations = ["Foreground", "Background", "Orphan"]

/** ValidateDeleteOptions (`k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go`). */
const unknownPolicy = ({ propagationPolicy: policy }: DeleteOptions): Status | undefined => {
  if (policy === undefined || propagations.includes(policy)) return undefined
  const error = notSupported("propagationPolicy", policy, [...propagations, "nil"])
  return invalidObject({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", [error])
}

/** The message names the kind where others name the resource. */
const violated = (object: KubernetesObject, options: DeleteOptions, { group }: GroupResource): Status | undefined => {
  const { uid, resourceVersion } = options.preconditions ?? {}
  const { kind, metadata } = object
  const resource = { group, resource: kind }
  if (uid !== undefined && uid !== metadata.uid) {
    return conflict(
      resource,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid ?? ""}). The object might have been deleted and then recreated`
    )
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    return conflict(
      resource,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ""}). The object might have been modified`
    )
  }
  return undefined
}

/**
 * What DELETE does to a stored object now, or 409 where a precondition fails.
 *
 * The second request of one deletion counts its period from the first: 4 s asked for 5 s after a deletion with 60 s are over,
 * so the object gets `deletionGracePeriodSeconds: 1` and the present as its timestamp.
 */
export const beforeDelete = <Object extends KubernetesObject>(
  object: Object,
  options: DeleteOptions,
  now: Instant,
  strategy: Deletability<Object>
): Result.Result<Deletion<Object>, Status> => {
  const refusal = unknownPolicy(options) ?? violated(object, options, strategy.resource)
  if (refusal !== undefined) return Result.fail(refusal)
  const decided = graceful(object, options, now, strategy.gracePeriod)
  if (decided._tag === "Pending") return Result.succeed({ update: undefined, remove: false })
  const policy = policyOf(object, options.propagationPolicy, strategy.orphansByDefault === true)
  const marked = withPolicy(decided.object, policy)
  const held = (marked.metadata.finalizers ?? []).length > 0
  if (decided._tag === "Graceful") return Result.succeed({ update: marked, remove: !held && decided.period === 0 })
  if (held) {
    const update = markAsDeleting(marked, now)
    return Result.succeed({ update: jsonEqual(update, object) ? undefined : update, remove: false })
  }
  return Result.succeed({ update: undefined, remove: true })
}

export const podDeletion = { resource: pods, gracePeriod: podGracePeriod }
