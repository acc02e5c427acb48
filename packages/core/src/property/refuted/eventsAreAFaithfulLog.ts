/** R16. What no Event was made of no history shows: the nearest is that those that were made stay as long as what they are about. */
import { isJsonObject } from "../../event/Json.ts"
import { and, because, never, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type ObjectSeen, object } from "../slice/object.ts"

const gone = when("an Event is gone", ({ isDeleted }: ObjectSeen) => isDeleted)

const itsPodIsThere = when("its pod is there", ({ object: event, world }: ObjectSeen) => {
  const regarding = isJsonObject(event.involvedObject) ? event.involvedObject : event.regarding
  const pod = isJsonObject(regarding) ? world.pod(String(regarding.uid)) : undefined
  return because(pod !== undefined, () => `${pod?.metadata.name ?? "no pod"}: ${String(event.reason)}`)
})

export const eventsAreAFaithfulLog = refuted(
  "R16",
  {
    name: "belief/events-are-a-faithful-log",
    says: "The Events of a pod tell what happened to it as long as it is there",
    why: "They are best effort: kept for an hour, put together where they are alike, and lost where there are too many; what happened is told by what objects say",
    insteadUse: ["L40", "L97"],
    source: "kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/",
    each: object.of("Event"),
    needs: "events"
  },
  () => never(and(gone, itsPodIsThere))
)
