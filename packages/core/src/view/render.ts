/** A pod's state as Kubernetes says it: the exact JSON of its status, and of the whole object. */
import { isJsonObject } from "../event/Json.ts"
import type { PodObject, PodStatus } from "../event/KubernetesObject.ts"
import { applyChanges } from "../state/changes.ts"
import { renderFrame } from "../state/frame.ts"
import type { Pod } from "../state/Pod.ts"
import { renderWords } from "../state/statusJson.ts"

/** The status; fields in the order of Kubernetes' own JSON, absent fields absent. `{}` where the object has none. */
export const renderStatus = (pod: Pod): PodStatus => {
  const status = statusOf(pod)
  return isJsonObject(status) ? status : {}
}

/** The whole object. Inverse of `parsePod`. */
export const renderPod = (pod: Pod): PodObject => renderFrame(pod, statusOf(pod))

const statusOf = (pod: Pod) => {
  const words = renderWords(pod)
  return pod.rest.length === 0 ? words : applyChanges(words, pod.rest).value
}
