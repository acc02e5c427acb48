/** The objects as they were at one moment: of each the last version before it. */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { type Instant, type Micros, parseInstant } from "../event/Instant.ts"
import { asObject, type KubernetesObject } from "../event/KubernetesObject.ts"

/**
 * `at` counts from the recording's `t0`, else from the first observed moment, and is inclusive. What a recording without
 * times held at its end is the answer for every moment. In the order in which the objects appeared.
 */
export const objectsAt = (events: Iterable<ClusterEvent>, at: Micros): ReadonlyArray<KubernetesObject> => {
  const objects = new Map<string, KubernetesObject>()
  let start: Instant | undefined
  for (const event of events) {
    if (event._tag === "RecordingStarted") {
      const t0 = event.header["t0"]
      start = (typeof t0 === "string" ? parseInstant(t0) : undefined) ?? event.observed ?? start
    }
    if (event._tag !== "ObjectChanged" || event.change === "BOOKMARK" || event.change === "ERROR") continue
    if (event.observed !== undefined) start ??= event.observed
    // Watches of several kinds are merged by arrival: a later line may carry an earlier moment.
    if (event.observed !== undefined && start !== undefined && event.observed - start > at) continue
    const object = asObject(event.object)
    const key = `${object.kind}/${object.metadata.namespace ?? ""}/${object.metadata.name}`
    if (event.change === "DELETED") objects.delete(key)
    else objects.set(key, object)
  }
  return [...objects.values()]
}
