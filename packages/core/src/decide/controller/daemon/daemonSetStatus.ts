/** The status of a DaemonSet (`pkg/controller/daemon/daemon_controller.go`, updateDaemonSetStatus). */
import type { Instant } from "../../../event/Instant.ts"
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../event/KubernetesObject.ts"
import { integer, mapping } from "../../apiserver/fields.ts"
import { isPodAvailable, isPodReady } from "../podAvailability.ts"
import { isDaemonPodUpdated } from "./daemonPod.ts"
import { minReadyOf, oldestFirst } from "./daemonsOnNode.ts"

export interface DaemonNode {
  readonly shouldRun: boolean
  readonly pods: ReadonlyArray<PodObject>
}

export interface DaemonCounts {
  readonly desiredNumberScheduled: number
  readonly currentNumberScheduled: number
  readonly numberMisscheduled: number
  readonly numberReady: number
  readonly updatedNumberScheduled: number
  readonly numberAvailable: number
  readonly numberUnavailable: number
}

export const countDaemons = (
  set: KubernetesObject,
  nodes: ReadonlyArray<DaemonNode>,
  hash: string,
  now: Instant
): DaemonCounts => {
  const wanted = nodes.filter(({ shouldRun }) => shouldRun)
  const first = wanted.flatMap(({ pods }) => oldestFirst(pods).slice(0, 1))
  const ready = first.filter(isPodReady)
  const available = ready.filter((pod) => isPodAvailable(pod, minReadyOf(set), now))
  return {
    desiredNumberScheduled: wanted.length,
    currentNumberScheduled: first.length,
    numberMisscheduled: nodes.filter(({ pods, shouldRun }) => !shouldRun && pods.length > 0).length,
    numberReady: ready.length,
    updatedNumberScheduled: first.filter((pod) => isDaemonPodUpdated(set, pod, hash)).length,
    numberAvailable: available.length,
    numberUnavailable: wanted.length - available.length
  }
}

/** The status to write; `undefined`: what is there says it already. `observed`: was this generation acted upon? */
export const daemonSetStatus = (
  set: KubernetesObject,
  counts: DaemonCounts,
  observed: boolean
): JsonObject | undefined => {
  const old = mapping(set, "status")
  const generation = set.metadata.generation ?? 0
  const same =
    Object.entries(counts).every(([key, value]) => (integer(old, key) ?? 0) === value) &&
    (integer(old, "observedGeneration") ?? 0) >= generation
  if (same) return undefined
  return { ...old, ...counts, ...(observed ? { observedGeneration: generation } : {}) }
}
