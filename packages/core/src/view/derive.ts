/** Reads pod events out of two versions of a pod: the smallest list of words that makes the one into the other. */
import { jsonEqual } from "../event/Json.ts"
import type { PodObject } from "../event/KubernetesObject.ts"
import type { PodEvent } from "../event/PodEvent.ts"
import { evolve } from "../state/evolve.ts"
import { initialPod, type Pod } from "../state/Pod.ts"
import { parsePod } from "../state/parsePod.ts"
import { deriveConditions } from "./deriveConditions.ts"
import { deriveContainers } from "./deriveContainers.ts"
import { deriveFrame } from "./deriveFrame.ts"
import { deriveStatus } from "./deriveStatus.ts"

/**
 * What happened between two consecutive versions of one pod's object; `undefined`: there is none (yet, or any more).
 * Folded over the old version with `evolve` these events render to the new one, exactly. `derive(x, x)` is empty.
 */
export const derive = (old: PodObject | undefined, next: PodObject | undefined): ReadonlyArray<PodEvent> =>
  old === next ? [] : deriveFrom(old === undefined ? initialPod : parsePod(old), next)

/** The same, from a state that is known already (nothing is read twice in a fold). */
export const deriveFrom = (pod: Pod, next: PodObject | undefined): ReadonlyArray<PodEvent> => {
  if (next === undefined) return pod.present ? [{ _tag: "PodRemoved" }] : []
  return pod.present ? wordsBetween(pod, parsePod(next)) : [{ _tag: "PodAdded", object: next as never }]
}

/** Metadata and spec first, the rest last; what one slice says is true before the next one speaks. */
const slices: ReadonlyArray<(pod: Pod, next: Pod) => ReadonlyArray<PodEvent>> = [
  deriveFrame,
  deriveStatus,
  deriveContainers,
  deriveConditions,
  (pod, next) =>
    jsonEqual(pod.rest as never, next.rest as never) ? [] : [{ _tag: "PodRest", overlay: next.rest as never }]
]

/** The words that make one state of a pod into another: what a kubelet says when it knows what it wants to report. */
export const wordsBetween = (pod: Pod, next: Pod): ReadonlyArray<PodEvent> => {
  const events: Array<PodEvent> = []
  tell(pod, next, (event) => events.push(event))
  return events
}

/** `pod` after everything that is to be said until it is `next`: what these words make of it. */
export const said = (pod: Pod, next: Pod): Pod => tell(pod, next, () => {})

const tell = (pod: Pod, next: Pod, hear: (event: PodEvent) => void): Pod => {
  let known = pod
  for (const slice of slices) {
    for (const event of slice(known, next)) {
      hear(event)
      known = evolve(known, event)
    }
  }
  return known
}
