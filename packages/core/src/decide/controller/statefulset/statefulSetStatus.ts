/** The status of a StatefulSet (`pkg/controller/statefulset/stateful_set_control.go`, updateStatus; `stateful_set_utils.go`, completeRollingUpdate). */
import type { Instant } from "../../../event/Instant.ts"
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { integer, mapping, text } from "../../apiserver/fields.ts"
import { isPodAvailable, isPodReady } from "../podAvailability.ts"
import { replicasOf, revisionOf } from "./statefulPod.ts"

export interface StatefulSetCounts {
  readonly replicas: number
  readonly readyReplicas: number
  readonly availableReplicas: number
  readonly currentReplicas: number
  readonly updatedReplicas: number
}

const minReadyOf = (set: KubernetesObject): number => integer(mapping(set, "spec"), "minReadySeconds") ?? 0

/** What has not been asked for yet has no phase. */
export const isCreated = ({ status }: PodObject): boolean => (status.phase ?? "") !== ""
export const isTerminating = ({ metadata }: PodObject): boolean => metadata.deletionTimestamp !== undefined
export const isRunningAndReady = (pod: PodObject): boolean => pod.status.phase === "Running" && isPodReady(pod)
export const isAvailable = (set: KubernetesObject, pod: PodObject, now: Instant): boolean =>
  isPodAvailable(pod, minReadyOf(set), now)
export const isUnavailable = (set: KubernetesObject, pod: PodObject, now: Instant): boolean =>
  !isAvailable(set, pod, now) || isTerminating(pod)

export const countPods = (
  set: KubernetesObject,
  pods: ReadonlyArray<PodObject>,
  revisions: { readonly current: string; readonly update: string },
  now: Instant
): StatefulSetCounts => {
  const created = pods.filter(isCreated)
  const ready = created.filter(isRunningAndReady)
  const staying = created.filter((pod) => !isTerminating(pod))
  return {
    replicas: created.length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => isAvailable(set, pod, now)).length,
    currentReplicas: staying.filter((pod) => revisionOf(pod) === revisions.current).length,
    updatedReplicas: staying.filter((pod) => revisionOf(pod) === revisions.update).length
  }
}

/** The status to write; `undefined`: what is there says it already. */
export const statefulSetStatus = (
  set: KubernetesObject,
  counts: StatefulSetCounts,
  revisions: { readonly current: string; readonly update: string; readonly collisions: number }
): JsonObject | undefined => {
  const old = mapping(set, "status")
  const wanted = replicasOf(set)
  const { readyReplicas, replicas, updatedReplicas } = counts
  const isComplete =
    text(mapping(mapping(set, "spec"), "updateStrategy"), "type") === "RollingUpdate" &&
    [updatedReplicas, readyReplicas, replicas].every((count) => count === wanted)
  const numbers = { ...counts, currentReplicas: isComplete ? updatedReplicas : counts.currentReplicas }
  const currentRevision = isComplete ? revisions.update : revisions.current
  const generation = set.metadata.generation ?? 0
  const same =
    generation <= (integer(old, "observedGeneration") ?? 0) &&
    Object.entries(numbers).every(([key, count]) => (integer(old, key) ?? 0) === count) &&
    text(old, "currentRevision") === currentRevision &&
    text(old, "updateRevision") === revisions.update
  if (same) return undefined
  return {
    ...(old["conditions"] === undefined ? {} : { conditions: old["conditions"] }),
    ...numbers,
    observedGeneration: generation,
    currentRevision,
    updateRevision: revisions.update,
    collisionCount: revisions.collisions
  }
}
