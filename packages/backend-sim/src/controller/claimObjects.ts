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
import { refusalOf } from "../client/Client.ts"
import type { Course } from "../client/Course.ts"
import type { ControllerTools } from "./ControllerContext.ts"

export interface Claim<Owned extends KubernetesObject> {
  /** What is the owner's, that which it has adopted now included. */
  readonly claimed: ReadonlyArray<Owned>
  /** Why one of them could not be adopted or released: it has to be tried again. */
  readonly failure: Status | undefined
}

type Tools = Pick<ControllerTools, "client">

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

function* patchOwners(
  { client }: Tools,
  owned: KubernetesObject,
  ownerReferences: ReadonlyArray<JsonObject>
): Course<Status | undefined> {
  const body = { metadata: { ownerReferences, uid: owned.metadata.uid ?? "" } }
  return refusalOf(yield* client.patch(nameOf(owned), { type: "strategic", body }))
}

function* release(tools: Tools, owner: KubernetesObject, owned: KubernetesObject): Course<Status | undefined> {
  const refusal = yield* patchOwners(tools, owned, [{ $patch: "delete", uid: owner.metadata.uid ?? "" }])
  // It is gone, or another life of the name: then there is nothing to release.
  return refusal?.code === 404 || refusal?.code === 422 ? undefined : refusal
}

/** `objects`: in the owner's namespace, whoever controls them. */
export function* claimObjects<Owned extends KubernetesObject>(
  tools: Tools,
  owner: KubernetesObject,
  objects: ReadonlyArray<Owned>
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
      else if (!leaving) failure ??= yield* release(tools, owner, object)
      continue
    }
    if (controller !== undefined || !matches || leaving || object.metadata.deletionTimestamp !== undefined) continue
    asked ??= { refusal: yield* mayAdopt(tools, owner) }
    const refusal = asked.refusal ?? (yield* patchOwners(tools, object, [controllerRef(owner)]))
    if (refusal === undefined) claimed.push(object)
    else if (refusal.code !== 404) failure ??= refusal
  }
  return { claimed, failure }
}
