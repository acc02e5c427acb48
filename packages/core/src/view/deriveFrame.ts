/** What happened to a pod's metadata and spec. */
import type { PodEvent } from "../event/PodEvent.ts"
import { changesBetween } from "../state/changes.ts"
import { evolve } from "../state/evolve.ts"
import { integer, text } from "../state/fields.ts"
import { renderFrame } from "../state/frame.ts"
import type { Pod } from "../state/Pod.ts"

export const deriveFrame = (pod: Pod, next: Pod): ReadonlyArray<PodEvent> => {
  if (frame.every((part) => pod[part] === next[part])) return nothing
  const events = [...written(pod, next), ...bound(pod, next), ...deletionRequested(pod, next)]
  const known = events.reduce(evolve, pod)
  const changes = changesBetween(renderFrame(known, undefined), renderFrame(next, undefined))
  return changes.length === 0 ? events : [...events, { _tag: "PodPatched", changes: changes as never }]
}

const frame = ["kind", "apiVersion", "metadata", "spec", "others"] as const
const nothing: ReadonlyArray<PodEvent> = []

/** The object has no such part, or not as Kubernetes writes it: only a patch can say what happened to it. */
const irregular = (part: "metadata" | "spec", ...pods: ReadonlyArray<Pod>): boolean =>
  pods.some(({ others }) => Object.hasOwn(others, part))

const written = (pod: Pod, next: Pod): ReadonlyArray<PodEvent> => {
  if (irregular("metadata", pod, next)) return []
  const resourceVersion = text(next.metadata.resourceVersion)
  const generation = integer(next.metadata.generation)
  const isNew = resourceVersion !== undefined && resourceVersion !== pod.metadata.resourceVersion
  const isAnother = generation !== undefined && generation !== pod.metadata.generation
  if (!isNew && !isAnother) return []
  return [
    { _tag: "PodWritten", ...(isNew ? { resourceVersion } : undefined), ...(isAnother ? { generation } : undefined) }
  ]
}

const bound = (pod: Pod, next: Pod): ReadonlyArray<PodEvent> => {
  const node = text(next.spec.nodeName)
  return node === undefined || pod.spec.nodeName !== undefined || irregular("spec", pod, next)
    ? []
    : [{ _tag: "PodBound", node }]
}

const deletionRequested = (pod: Pod, next: Pod): ReadonlyArray<PodEvent> => {
  const deletionTimestamp = text(next.metadata.deletionTimestamp)
  const seconds = next.metadata.deletionGracePeriodSeconds
  if (deletionTimestamp === undefined || irregular("metadata", pod, next)) return []
  if (seconds !== undefined && integer(seconds) === undefined) return []
  if (deletionTimestamp === pod.metadata.deletionTimestamp && seconds === pod.metadata.deletionGracePeriodSeconds)
    return []
  const gracePeriodSeconds = seconds === undefined ? undefined : { gracePeriodSeconds: seconds }
  return [{ _tag: "PodDeletionRequested", deletionTimestamp, ...gracePeriodSeconds }]
}
