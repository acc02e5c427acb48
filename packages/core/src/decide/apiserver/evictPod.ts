/** What `POST …/eviction` does to a Pod (`pkg/registry/core/pod/storage/eviction.go`, addConditionAndDeletePod; C-145, C-146). */
import { type Instant, toTime } from "../../event/Instant.ts"
import type { PodCondition, PodObject } from "../../event/KubernetesObject.ts"
import { updatePodStatus } from "./updatePod.ts"

/** The Pod with the condition that says why it goes; one that says so already keeps its time (UpdatePodCondition). */
export const markForEviction = (pod: PodObject, now: Instant): PodObject => {
  const conditions = pod.status.conditions ?? []
  const at = conditions.findIndex(({ type }) => type === "DisruptionTarget")
  const before = conditions[at]
  const condition: PodCondition = {
    type: "DisruptionTarget",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: (before?.status === "True" && before.lastTransitionTime) || toTime(now),
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting"
  }
  return updatePodStatus(pod, {
    ...pod.status,
    conditions: before === undefined ? [...conditions, condition] : conditions.with(at, condition)
  })
}
