/**
 * Whose an object is: controllers adopt what they select and nobody controls, and release what they select no more
 * (`pkg/controller/controller_ref_manager.go`, ClaimObject).
 */
import {
  apiResource,
  conflict,
  controllerOf,
  controllerRef,
  type JsonObject,
  type KubernetesObject,
  type Status,
  selects
} from "@kubereel/core"
import { refusalOf, storedOf } from "../client/Client.ts"
import type { Course } from "../client/Course.ts"
import type { ControllerTools } from "./ControllerContext.ts"

export interface Claim<Owned extends KubernetesObject> {
  /** What is the owner's, that which it has adopted now included. */
  readonly claimed: ReadonlyArray<Owned>
  /** Why one of them could not be adopted or released: it has to be tried again. */
  readonly failure: Status | undefined
}

type Tools = Pick<ControllerTools, "client">

export interface ClaimOptions {
  /** What its objects carry as long as they are its own. */
  readonly finalizers?: ReadonlyArray<string>
  /** Told of each that was stored. */
  readonly wrote?: (owned: KubernetesObject) => void
}

const selectorOf = (owner: KubernetesObject) => ((owner["spec"] ?? {}) as JsonObject)["selector"]

const nameOf = ({ kind, metadata }: KubernetesObject) => ({
  kind,
  namespace: metadata.namespace ?? "",
  name: metadata.name
})

/** RecheckDeletionTimestamp: the API server itself is asked, once, whether the owner is still the one it was and stays. */
function* mayAdopt({ client }: Tools, owner: KubernetesObject): Course<Status | undefined> {
  const fresh = yield* client.get(nameOf(owner))
  const stays = fresh?.metadata.uid === owner.metadata.uid && fresh?.metadata.deletionTimestamp === undefined
  return stays ? undefined : conflict(apiResource(owner.kind), owner.metadata.name, "it is gone or about to go")
}

function* patchMetadata(
  { client }: Tools,
  owned: KubernetesObject,
  changes: JsonObject,
  { wrote }: ClaimOptions
): Course<Status | undefined> {
  const body = { metadata: { ...changes, uid: owned.metadata.uid ?? "" } }
  const answer = yield* client.patch(nameOf(owned), { type: "strategic", body })
  const stored = storedOf(answer)
  if (stored !== undefined) wrote?.(stored)
  return refusalOf(answer)
}

const adoption = (owner: KubernetesObject, { finalizers = [] }: ClaimOptions): JsonObject => ({
  ownerReferences: [controllerRef(owner)],
  ...(finalizers.length === 0 ? {} : { finalizers })
})

function* release(
  tools: Tools,
  owner: KubernetesObject,
  owned: KubernetesObject,
  options: ClaimOptions
): Course<Status | undefined> {
  const { finalizers = [] } = options
  const gone = { ownerReferences: [{ $patch: "delete", uid: owner.metadata.uid ?? "" }] }
  const freed = finalizers.length === 0 ? {} : { "$deleteFromPrimitiveList/finalizers": finalizers }
  const refusal = yield* patchMetadata(tools, owned, { ...gone, ...freed }, options)
  // It is gone, or another life of the name: then there is nothing to release.
  return refusal?.code === 404 || refusal?.code === 422 ? undefined : refusal
}

/** `objects`: in the owner's namespace, whoever controls them. */
export function* claimObjects<Owned extends KubernetesObject>(
  tools: Tools,
  owner: KubernetesObject,
  objects: ReadonlyArray<Owned>,
  options: ClaimOptions = {}
): Course<Claim<Owned>> {
  const claimed: Array<Owned> = []
  let failure: Status | undefined
  let asked: { readonly refusal: Status | undefined } | undefined
  const leaving = owner.metadata.deletionTimestamp !== undefined
  for (const object of objects) {
    const controller = controllerOf(object)
    const matches = selects(selectorOf(owner), object.metadata.labels)
    if (controller?.uid === owner.metadata.uid) {
      if (matches) claimed.push(object)
      else if (!leaving) failure ??= yield* release(tools, owner, object, options)
      continue
    }
    if (controller !== undefined || !matches || leaving || object.metadata.deletionTimestamp !== undefined) continue
    asked ??= { refusal: yield* mayAdopt(tools, owner) }
    const refusal = asked.refusal ?? (yield* patchMetadata(tools, object, adoption(owner, options), options))
    if (refusal === undefined) claimed.push(object)
    else if (refusal.code !== 404) failure ??= refusal
  }
  return { claimed, failure }
}
