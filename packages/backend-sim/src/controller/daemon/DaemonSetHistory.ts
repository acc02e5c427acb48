/** The revisions of a DaemonSet's template (`pkg/controller/daemon/update.go`, constructHistory, snapshot, cleanupHistory). */
import {
  computeHash,
  isEqualRevision,
  type JsonObject,
  type KubernetesObject,
  type PodObject,
  REVISION_HASH,
  revisionNumber,
  revisionWithHash
} from "@kubereel/core"
import { refusalOf, storedOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import type { ControllerTools } from "../ControllerContext.ts"
import { ControllerHistory } from "../ControllerHistory.ts"

export interface DaemonHistory {
  readonly hash: string
  readonly old: ReadonlyArray<KubernetesObject>
}

const part = (object: KubernetesObject, key: string): JsonObject => (object[key] ?? {}) as JsonObject
const hashOf = ({ metadata }: { readonly metadata: KubernetesObject["metadata"] }): string =>
  metadata.labels?.[REVISION_HASH] ?? ""

const collisionsOf = (set: KubernetesObject): number | undefined => {
  const { collisionCount } = part(set, "status")
  return typeof collisionCount === "number" ? collisionCount : undefined
}

const named = (set: KubernetesObject, revision: number): KubernetesObject =>
  revisionWithHash(set, revision, computeHash(part(set, "spec")["template"] as JsonObject, collisionsOf(set)))

export class DaemonSetHistory {
  readonly #tools: ControllerTools
  readonly #history: ControllerHistory

  constructor(tools: ControllerTools) {
    this.#tools = tools
    this.#history = new ControllerHistory(tools)
  }

  /** The hash of the current revision, which is made if there is none, and those before it. `undefined`: it could not be. */
  *construct(set: KubernetesObject): Course<DaemonHistory | undefined> {
    const revisions = this.#history.list(set)
    if (!(yield* this.#history.adoptOrphans(set, revisions))) return undefined
    const made = named(set, 0)
    const old = revisions.filter((revision) => !isEqualRevision(revision, made))
    const number = Math.max(0, ...old.map(revisionNumber)) + 1
    const current = revisions.findLast((revision) => isEqualRevision(revision, made))
    if (current === undefined) {
      const created = yield* this.#snapshot(set, named(set, number))
      return created === undefined ? undefined : { hash: hashOf(created), old }
    }
    if (revisionNumber(current) < number) {
      const answer = yield* this.#tools.client.update({ ...current, revision: number } as KubernetesObject)
      if (refusalOf(answer) !== undefined) return undefined
    }
    return { hash: hashOf(current), old }
  }

  *#snapshot(set: KubernetesObject, made: KubernetesObject): Course<KubernetesObject | undefined> {
    const { client } = this.#tools
    const namespace = set.metadata.namespace ?? ""
    const answer = yield* client.create(made, namespace)
    if (refusalOf(answer)?.reason !== "AlreadyExists") return storedOf(answer)
    const there = yield* client.get({ kind: made.kind, namespace, name: made.metadata.name })
    if (there !== undefined && isEqualRevision(there, made)) return there
    const fresh = yield* client.get({ kind: set.kind, namespace, name: set.metadata.name })
    // Somebody else's name: the next try has another one.
    if (fresh !== undefined && collisionsOf(fresh) === collisionsOf(set)) {
      const status = { ...part(fresh, "status"), collisionCount: (collisionsOf(fresh) ?? 0) + 1 }
      yield* client.update({ ...fresh, status }, "status")
    }
    return undefined
  }

  /** cleanupHistory: the oldest that no pod has, beyond those that are to be kept. */
  *cleanUp(
    set: KubernetesObject,
    old: ReadonlyArray<KubernetesObject>,
    pods: ReadonlyArray<PodObject>
  ): Course<boolean> {
    const limit = Number(part(set, "spec")["revisionHistoryLimit"] ?? 10)
    const live = new Set(pods.map(hashOf))
    const dead = old.filter((revision) => !live.has(hashOf(revision))).slice(0, Math.max(0, old.length - limit))
    for (const revision of dead) if (!(yield* this.#history.delete(revision))) return false
    return true
  }
}
