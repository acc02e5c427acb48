/** Which pods count, and for what (`pkg/controller/controller_utils.go`, `pkg/api/v1/pod/util.go`; C-267). */
import { type Instant, later, parseInstant, SECOND } from "../../event/Instant.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"

const readyCondition = ({ status }: PodObject) => status.conditions?.find(({ type }) => type === "Ready")

/** IsPodActive: it has not ended, and nobody deletes it. */
export const isPodActive = ({ metadata, status }: PodObject): boolean =>
  status.phase !== "Succeeded" && status.phase !== "Failed" && metadata.deletionTimestamp === undefined

/** IsPodTerminating: it is being deleted and has not ended. */
export const isPodTerminating = ({ metadata, status }: PodObject): boolean =>
  status.phase !== "Succeeded" && status.phase !== "Failed" && metadata.deletionTimestamp !== undefined

export const isPodReady = (pod: PodObject): boolean => readyCondition(pod)?.status === "True"

/** Since when it is ready; `undefined`: it is not. */
export const podReadySince = (pod: PodObject): Instant | undefined =>
  isPodReady(pod) ? parseInstant(readyCondition(pod)?.lastTransitionTime ?? "") : undefined

/** IsPodAvailable: ready for `minReadySeconds`. */
export const isPodAvailable = (pod: PodObject, minReadySeconds: number, now: Instant): boolean => {
  if (minReadySeconds === 0) return isPodReady(pod)
  const since = podReadySince(pod)
  return since !== undefined && later(since, minReadySeconds * SECOND) <= now
}

/** FindMinNextPodAvailabilityCheck: when the next of these pods becomes available; `undefined`: none will by itself. */
export const nextAvailability = (
  pods: ReadonlyArray<PodObject>,
  minReadySeconds: number,
  now: Instant
): Instant | undefined => {
  const moments = pods.flatMap((pod) => {
    const since = podReadySince(pod)
    return since === undefined ? [] : [later(since, minReadySeconds * SECOND)]
  })
  const ahead = moments.filter((at) => at > now)
  return ahead.length === 0 ? undefined : (Math.min(...ahead) as Instant)
}
