/** What happened to the plain fields of a pod's status. */
import { jsonEqual } from "../event/Json.ts"
import type { PodEvent } from "../event/PodEvent.ts"
import type { Pod } from "../state/Pod.ts"
import { present } from "./present.ts"

/** Fields that one word speaks of together, and that word. */
const words: ReadonlyArray<{
  readonly fields: ReadonlyArray<keyof Pod>
  readonly say: (next: Pod) => PodEvent
}> = [
  {
    fields: ["startTime", "hostIP", "hostIPs"],
    say: ({ startTime, hostIP, hostIPs }) => ({
      _tag: "PodAccepted",
      ...present({ startTime, hostIP, hostIPs: hostIPs as never })
    })
  },
  {
    fields: ["phase", "reason", "message"],
    say: ({ phase, reason, message }) => ({ _tag: "PodPhaseChanged", ...present({ phase, reason, message }) })
  },
  {
    fields: ["podIP", "podIPs"],
    say: ({ podIP, podIPs }) => ({ _tag: "PodIPsAssigned", ...present({ podIP, podIPs: podIPs as never }) })
  },
  { fields: ["qosClass"], say: ({ qosClass }) => ({ _tag: "PodQOSClassified", ...present({ qosClass }) }) },
  {
    fields: ["nominatedNodeName"],
    say: ({ nominatedNodeName: node }) => ({ _tag: "PodNominated", ...present({ node }) })
  },
  {
    fields: ["resources", "allocatedResources"],
    say: ({ resources, allocatedResources }) => ({
      _tag: "PodResourcesReported",
      ...present({ resources: resources as never, allocatedResources: allocatedResources as never })
    })
  }
]

export const deriveStatus = (pod: Pod, next: Pod): ReadonlyArray<PodEvent> =>
  words
    .filter(({ fields }) => fields.some((field) => !jsonEqual(pod[field] as never, next[field] as never)))
    .map(({ say }) => say(next))
