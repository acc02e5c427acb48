/** Keeps the revisions of workloads (`pkg/controller/history/controller_history.go`, realHistory). */
import {
  controllerOf,
  controllerRef,
  isEqualRevision,
  type JsonObject,
  type KubernetesObject,
  newRevision,
  renamedRevision,
  revisionNumber,
  selects,
  sortRevisions
} from "@kubereel/core"
import { refusalOf, storedOf } from "../client/Client.ts"
import type { Course } from "../client/Course.ts"
import type { ControllerTools } from "./ControllerContext.ts"

const BY_CONTROLLER = "controllerRevision"

export interface UpdateRevision {
  readonly revision: KubernetesObject
  readonly collisions: number
}

export class ControllerHistory {
  readonly #tools: ControllerTools

  constructor(tools: ControllerTools) {
    this.#tools = tools
    tools.informers.index("ControllerRevision", BY_CONTROLLER, (revision) => [
      controllerOf(revision)?.uid ?? `orphans/${revision.metadata.namespace}`
    ])
    tools.informers.on("ControllerRevision", {})
  }

  /** The owner's, and those that nobody controls and it selects; the oldest first. */
  list(owner: KubernetesObject): ReadonlyArray<KubernetesObject> {
    const { informers } = this.#tools
    const { selector } = (owner["spec"] ?? {}) as JsonObject
    const found = [owner.metadata.uid ?? "", `orphans/${owner.metadata.namespace}`].flatMap((key) =>
      informers.byIndex("ControllerRevision", BY_CONTROLLER, key)
    )
    return sortRevisions(found.filter(({ metadata }) => selects(selector, metadata.labels)))
  }

  /** Takes those that nobody controls. `false`: it could not. */
  *adoptOrphans(owner: KubernetesObject, revisions: ReadonlyArray<KubernetesObject>): Course<boolean> {
    const { client } = this.#tools
    const orphans = revisions.filter((revision) => controllerOf(revision) === undefined)
    if (orphans.length === 0) return true
    const { kind, metadata } = owner
    const fresh = yield* client.get({ kind, namespace: metadata.namespace ?? "", name: metadata.name })
    if (fresh?.metadata.uid !== metadata.uid || fresh?.metadata.deletionTimestamp !== undefined) return false
    for (const orphan of orphans) {
      const body = { metadata: { ownerReferences: [controllerRef(owner)], uid: orphan.metadata.uid ?? "" } }
      const { name, namespace = "" } = orphan.metadata
      const answer = yield* client.patch({ kind: orphan.kind, namespace, name }, { type: "strategic", body })
      if (refusalOf(answer) !== undefined) return false
    }
    return true
  }

  /** The revision of the owner's template as it is now: an old one again, or a new one. `undefined`: it could not be written. */
  *updateRevision(
    owner: KubernetesObject,
    revisions: ReadonlyArray<KubernetesObject>,
    collisions: number
  ): Course<UpdateRevision | undefined> {
    const last = revisions.at(-1)
    const number = last === undefined ? 1 : revisionNumber(last) + 1
    const made = newRevision(owner, number, collisions)
    const equal = revisions.filter((revision) => isEqualRevision(revision, made)).at(-1)
    if (equal === undefined) return yield* this.#create(owner, made, collisions)
    if (last !== undefined && isEqualRevision(last, equal)) return { revision: last, collisions }
    const answer = yield* this.#tools.client.update({ ...equal, revision: number } as KubernetesObject)
    const stored = storedOf(answer)
    return stored === undefined ? undefined : { revision: stored, collisions }
  }

  /** A name that is somebody else's counts as a collision, and another one is tried. */
  *#create(owner: KubernetesObject, made: KubernetesObject, known: number): Course<UpdateRevision | undefined> {
    const { client } = this.#tools
    const namespace = owner.metadata.namespace ?? ""
    for (let collisions = known; ; collisions++) {
      const named = renamedRevision(made, owner, collisions)
      const answer = yield* client.create(named, namespace)
      const stored = storedOf(answer)
      if (stored !== undefined) return { revision: stored, collisions }
      if (refusalOf(answer)?.reason !== "AlreadyExists") return undefined
      const there = yield* client.get({ kind: made.kind, namespace, name: named.metadata.name })
      if (there === undefined) return undefined
      if (isEqualRevision(there, made)) return { revision: there, collisions }
    }
  }

  *delete({ kind, metadata }: KubernetesObject): Course<boolean> {
    const of = { kind, namespace: metadata.namespace ?? "", name: metadata.name }
    const refusal = refusalOf(yield* this.#tools.client.delete(of))
    return refusal === undefined || refusal.code === 404
  }
}
