/** A cluster's state as one JSON value and back: a cache of a fold, which can be thrown away at any time. */
import { HashMap, HashSet } from "effect"
import type { JsonObject } from "../event/Json.ts"
import type { KubernetesObject } from "../event/KubernetesObject.ts"
import type { Cluster } from "../state/Cluster.ts"
import { parsePod } from "../state/parsePod.ts"
import { renderPod } from "./render.ts"

/** Entries stand in the order of their keys, so that equal clusters have one text. */
export interface Snapshot {
  readonly pods: ReadonlyArray<
    readonly [id: string, pod: { readonly object: JsonObject; readonly present: boolean; readonly anomalies: number }]
  >
  readonly objects: ReadonlyArray<readonly [id: string, object: KubernetesObject]>
  readonly versions: ReadonlyArray<
    readonly [
      id: string,
      {
        readonly latest?: string
        readonly seen: ReadonlyArray<string>
        readonly isGone: boolean
        /** Absent: 0. */
        readonly era?: number
        readonly anomalies: number
      }
    ]
  >
}

const sorted = <A, B>(map: HashMap.HashMap<string, A>, say: (value: A) => B): ReadonlyArray<readonly [string, B]> =>
  HashMap.toEntries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, value]) => [id, say(value)] as const)

export const snapshotOf = (cluster: Cluster): Snapshot => ({
  pods: sorted(cluster.pods, (pod) => ({ object: renderPod(pod), present: pod.present, anomalies: pod.anomalies })),
  objects: sorted(cluster.objects, (object) => object),
  versions: sorted(cluster.versions, ({ latest, seen, isGone, era, anomalies }) => ({
    ...(latest === undefined ? undefined : { latest }),
    seen: [...seen].sort(),
    isGone,
    ...(era === 0 ? undefined : { era }),
    anomalies
  }))
})

/** The cluster of which that is the snapshot. */
export const restore = ({ pods, objects, versions }: Snapshot): Cluster => ({
  pods: HashMap.fromIterable(
    pods.map(([id, { object, present, anomalies }]) => [id, { ...parsePod(object), present, anomalies }] as const)
  ),
  objects: HashMap.fromIterable(objects),
  versions: HashMap.fromIterable(
    versions.map(
      ([id, { latest, seen, era = 0, ...others }]) =>
        [id, { ...others, latest, era, seen: HashSet.fromIterable(seen) }] as const
    )
  )
})
