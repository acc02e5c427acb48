/** Which pods the pod garbage collector takes, and what becomes of them (`pkg/controller/podgc/gc_controller.go`; C-335…C-337). */
import type { Instant } from "../../../event/Instant.ts"
import type { JsonObject } from "../../../event/Json.ts"
import type { PodObject } from "../../../event/KubernetesObject.ts"
import { updatedPodCondition } from "../updatePodCondition.ts"

/** `--terminated-pod-gc-threshold`: so many pods that have ended may stay. */
export const TERMINATED_POD_THRESHOLD = 12_500

export const hasEnded = ({ status }: PodObject): boolean => status.phase === "Succeeded" || status.phase === "Failed"

/** Deleted before any node had it. */
export const isUnscheduledTerminating = ({ metadata, spec }: PodObject): boolean =>
  metadata.deletionTimestamp !== undefined && (spec.nodeName ?? "") === ""

const isEvicted = ({ status }: PodObject): boolean => status.phase === "Failed" && status.reason === "Evicted"

const rankOf = (pod: PodObject): string =>
  [isEvicted(pod) ? 0 : 1, pod.metadata.creationTimestamp ?? "", pod.metadata.name].join("\n")

/** byEvictionAndCreationTimestamp: evicted ones first, then the oldest. */
export const inOrderOfCollection = (pods: ReadonlyArray<PodObject>): ReadonlyArray<PodObject> =>
  pods
    .map((pod) => ({ pod, rank: rankOf(pod) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0))
    .map(({ pod }) => pod)

/** What is patched before the pod is deleted: nobody else would say that it has failed. `undefined`: it has ended already. */
export const markFailed = (pod: PodObject, now: Instant, orphaned: boolean): JsonObject | undefined => {
  if (hasEnded(pod)) return undefined
  const { generation, uid = "" } = pod.metadata
  const told = { reason: "DeletionByPodGC", message: "PodGC: node no longer exists", observedGeneration: generation }
  const condition = orphaned
    ? updatedPodCondition(pod, { type: "DisruptionTarget", status: "True", ...told }, now)
    : undefined
  const status = {
    phase: "Failed",
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(condition === undefined ? {} : { conditions: [condition] })
  }
  return { metadata: { uid }, status }
}
