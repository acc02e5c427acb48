/** In which of a dozen states a pod is, as whoever disturbs it would say. */
import type { ContainerStatus, PodObject } from "@kubereel/core"

export const podStates = [
  "unscheduled",
  "creating",
  "initializing",
  "starting",
  "unready",
  "ready",
  "crash-looping",
  "waiting-for-image",
  "terminating",
  "succeeded",
  "failed"
] as const
export type PodState = (typeof podStates)[number]

const reasonsOf = (statuses: ReadonlyArray<ContainerStatus>): ReadonlyArray<unknown> =>
  statuses.map(({ state }) => state?.waiting?.reason)

const isTrue = ({ status }: PodObject, type: string): boolean =>
  status.conditions?.some((condition) => condition.type === type && condition.status === "True") === true

export const podState = (pod: PodObject): PodState => {
  const { metadata, spec, status } = pod
  if (status.phase === "Succeeded") return "succeeded"
  if (status.phase === "Failed") return "failed"
  if (metadata.deletionTimestamp !== undefined) return "terminating"
  if (spec.nodeName === undefined) return "unscheduled"
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
  if (all.length === 0) return "creating"
  const reasons = reasonsOf(all)
  if (reasons.includes("CrashLoopBackOff")) return "crash-looping"
  if (reasons.some((reason) => reason === "ErrImagePull" || reason === "ImagePullBackOff")) return "waiting-for-image"
  if (!isTrue(pod, "Initialized")) return "initializing"
  if (status.containerStatuses?.some(({ state }) => state?.running !== undefined) !== true) return "starting"
  return isTrue(pod, "Ready") ? "ready" : "unready"
}
