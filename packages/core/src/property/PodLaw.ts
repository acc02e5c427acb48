/**
 * A sentence that must hold in the life of every pod, simulated or real, as far as the API server shows it.
 *
 * A law reads the versions of one life; each carries a life that breaks it, the proof that its check can fail.
 */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { isJsonObject } from "../event/Json.ts"
import {
  asObject,
  isPod,
  type ObjectMeta,
  type PodObject,
  type PodSpec,
  type PodStatus
} from "../event/KubernetesObject.ts"

/** All versions of one UID in the order in which they were seen; the last one of a `deleted` life is what the deletion showed. */
export interface PodLife {
  readonly versions: ReadonlyArray<PodObject>
  readonly deleted: boolean
}

export interface PodLaw {
  /** Never renumbered. */
  readonly id: string
  readonly sentence: string
  /** Where Kubernetes says so. */
  readonly source: string
  /** The index of the first version that breaks it. */
  readonly violatedAt: (life: PodLife) => number | undefined
  readonly counterexample: PodLife
}

/** A law about each version by itself. */
export const always =
  (holds: (pod: PodObject) => boolean) =>
  ({ versions }: PodLife): number | undefined =>
    found(versions.findIndex((pod) => !holds(pod)))

/** A law about each version and the one before it. */
export const step =
  (holds: (before: PodObject, after: PodObject) => boolean) =>
  ({ versions }: PodLife): number | undefined =>
    found(
      versions.findIndex((pod, index) => {
        const before = versions[index - 1]
        return before !== undefined && !holds(before, pod)
      })
    )

const found = (index: number): number | undefined => (index === -1 ? undefined : index)

/** The lives that a history shows, in the order of their first version. A life that was listed anew is one life. */
export const podLives = (history: Iterable<ClusterEvent>): ReadonlyArray<PodLife> => {
  const lives = new Map<string, { readonly versions: Array<PodObject>; deleted: boolean }>()
  for (const event of history) {
    if (event._tag !== "ObjectChanged" || !isJsonObject(event.object) || !("metadata" in event.object)) continue
    const object = asObject(event.object)
    if (!isPod(object) || event.change === "BOOKMARK" || event.change === "ERROR") continue
    const uid = object.metadata.uid ?? ""
    const life = lives.get(uid) ?? { versions: [], deleted: false }
    life.versions.push(object)
    life.deleted ||= event.change === "DELETED"
    lives.set(uid, life)
  }
  return [...lives.values()]
}

interface Version {
  readonly metadata?: ObjectMeta
  readonly spec?: PodSpec
  readonly status?: PodStatus
}

/** A life in a few words, for counterexamples. */
export const lifeOf = (...versions: ReadonlyArray<Version>): PodLife => ({
  deleted: false,
  versions: versions.map((version) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", ...version.metadata },
    spec: { containers: [{ name: "main", image: "i" }], ...version.spec },
    status: { ...version.status }
  }))
})
