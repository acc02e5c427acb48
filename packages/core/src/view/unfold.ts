/** The fewest events that say what is true now: how a state is exported, and how a long history is made short. */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { jsonEqual } from "../event/Json.ts"
import type { PodEvent } from "../event/PodEvent.ts"
import type { Cluster } from "../state/Cluster.ts"
import { initialPod, type Pod } from "../state/Pod.ts"
import { renderPod } from "./render.ts"
import { snapshotOf } from "./snapshot.ts"

/** Folded from `initialPod` they give this pod again, but for its anomalies: those belong to the history. */
export const unfoldPod = (pod: Pod): ReadonlyArray<PodEvent> => {
  if (jsonEqual({ ...pod, anomalies: 0 } as never, initialPod as never)) return []
  const added: PodEvent = { _tag: "PodAdded", object: renderPod(pod) as never }
  return pod.present ? [added] : [added, { _tag: "PodRemoved" }]
}

/** Folded from `initialCluster` they give the same pods and objects. Versions that were overtaken are forgotten. */
export const unfold = (cluster: Cluster): ReadonlyArray<ClusterEvent> => {
  const { pods, objects } = snapshotOf(cluster)
  return [
    ...pods.map(([, { object, present }]): ClusterEvent => changed(present ? "ADDED" : "DELETED", object)),
    ...objects.map(([, object]): ClusterEvent => changed("ADDED", object))
  ]
}

const changed = (change: "ADDED" | "DELETED", object: object): ClusterEvent => ({
  _tag: "ObjectChanged",
  change,
  object: object as never
})
