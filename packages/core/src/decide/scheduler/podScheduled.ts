/** The condition PodScheduled after an attempt that failed (`pkg/api/v1/pod/util.go`, UpdatePodCondition). */
import { type Instant, toTime } from "../../event/Instant.ts"
import type { PodCondition, PodObject } from "../../event/KubernetesObject.ts"

const TYPE = "PodScheduled"

/** The reasons of a condition that is False. */
export type Failure = "Unschedulable" | "SchedulerError"

const current = (pod: PodObject): PodCondition | undefined => pod.status.conditions?.find(({ type }) => type === TYPE)

/** The moment of the last change of `status`: writing the same status again does not move it. */
const transition = (pod: PodObject, status: string, now: Instant): string => {
  const own = current(pod)
  return own?.status === status ? (own.lastTransitionTime ?? toTime(now)) : toTime(now)
}

/** The pod's condition after a failed attempt; `undefined` if it would be the same (then nothing is written). */
export const schedulingFailed = (
  pod: PodObject,
  now: Instant,
  { reason, message }: { readonly reason: Failure; readonly message: string }
): PodCondition | undefined => {
  const generation = pod.metadata.generation ?? 0
  const own = current(pod)
  if (
    own?.status === "False" &&
    own.reason === reason &&
    own.message === message &&
    (own.observedGeneration ?? 0) === generation
  ) {
    return undefined
  }
  return {
    type: TYPE,
    ...(generation === 0 ? {} : { observedGeneration: generation }),
    status: "False",
    lastProbeTime: null,
    lastTransitionTime: transition(pod, "False", now),
    reason,
    message
  }
}
