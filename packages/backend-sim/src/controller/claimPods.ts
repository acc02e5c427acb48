/** Whose a pod is: controllers adopt what they select and release what they select no more (`pkg/controller/controller_ref_manager.go`, ClaimPods). */
import {
  controllerOf,
  controllerRef,
  type JsonObject,
  type KubernetesObject,
  type PodObject,
  type Status,
  selects
} from "@kubereel/core"
import { refusalOf } from "../client/Client.ts"
import type { Course } from "../client/Course.ts"
import type { ControllerTools } from "./ControllerContext.ts"

export interface Claimed {
  readonly pods: ReadonlyArray<PodObject>
  /** Why one of them could not be adopted or released. */
  readonly failure: Status | undefined
}

type Tools = Pick<ControllerTools, "client">

const selectorOf = (owner: KubernetesObject) => ((owner["spec"] ?? {}) as JsonObject)["selector"]

/** RecheckDeletionTimestamp: asks the API server itself, once, whether the owner is still the one it was and stays. */
function* mayAdopt({ client }: Tools, { kind, metadata }: KubernetesObject): Course<boolean> {
  const fresh = yield* client.get({ kind, namespace: metadata.namespace ?? "", name: metadata.name })
  return fresh?.metadata.uid === metadata.uid && fresh?.metadata.deletionTimestamp === undefined
}

const patch = (pod: PodObject, ownerReferences: ReadonlyArray<JsonObject>) => ({
  type: "strategic" as const,
  body: { metadata: { ownerReferences, uid: pod.metadata.uid ?? "" } }
})

function* adopt({ client }: Tools, owner: KubernetesObject, pod: PodObject): Course<Status | undefined> {
  const of = { kind: "Pod", namespace: pod.metadata.namespace ?? "", name: pod.metadata.name }
  return refusalOf(yield* client.patch(of, patch(pod, [controllerRef(owner)])))
}

function* release({ client }: Tools, owner: KubernetesObject, pod: PodObject): Course<Status | undefined> {
  const of = { kind: "Pod", namespace: pod.metadata.namespace ?? "", name: pod.metadata.name }
  const gone = [{ $patch: "delete", uid: owner.metadata.uid ?? "" }]
  const refusal = refusalOf(yield* client.patch(of, patch(pod, gone)))
  // It is gone, or another life of the name: then there is nothing to release.
  return refusal?.code === 404 || refusal?.code === 422 ? undefined : refusal
}

/** The owner's pods among `pods`, those that it adopts now included. */
export function* claimPods(tools: Tools, owner: KubernetesObject, pods: ReadonlyArray<PodObject>): Course<Claimed> {
  const claimed: Array<PodObject> = []
  let failure: Status | undefined
  let adoptable: boolean | undefined
  const leaving = owner.metadata.deletionTimestamp !== undefined
  for (const pod of pods) {
    const controller = controllerOf(pod)
    const matches = selects(selectorOf(owner), pod.metadata.labels)
    if (controller?.uid === owner.metadata.uid) {
      if (matches) claimed.push(pod)
      else if (!leaving) failure ??= yield* release(tools, owner, pod)
      continue
    }
    if (controller !== undefined || !matches || leaving || pod.metadata.deletionTimestamp !== undefined) continue
    adoptable ??= yield* mayAdopt(tools, owner)
    if (!adoptable) continue
    const refusal = yield* adopt(tools, owner, pod)
    if (refusal === undefined) claimed.push(pod)
    else if (refusal.code !== 404) failure ??= refusal
  }
  return { pods: claimed, failure }
}
