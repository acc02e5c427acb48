/** R8. Of hooks the API shows only how they fail: so what is said here is that none fails twice. */
import { isJsonObject } from "../../event/Json.ts"
import { implies, not, once, previously, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type ContainerSeen, containerWithEvents } from "../slice/container.ts"

const hookFailed = when(
  "Event FailedPreStopHook or FailedPostStartHook",
  ({ change: { object }, name }: ContainerSeen) => {
    if (object.kind !== "Event") return false
    if (object.reason !== "FailedPreStopHook" && object.reason !== "FailedPostStartHook") return false
    const regarding = isJsonObject(object.involvedObject) ? object.involvedObject : object.regarding
    const field = isJsonObject(regarding) ? regarding.fieldPath : undefined
    return typeof field === "string" && field.endsWith(`{${name}}`)
  }
)

export const hooksRunExactlyOnce = refuted(
  "R8",
  {
    name: "belief/hooks-run-exactly-once",
    says: "A hook of a container runs once, so it fails once at most",
    why: "They are called at least once: again by a kubelet that was restarted meanwhile, and for each start anew; and not at all before an end that nobody decided",
    insteadUse: ["L64"],
    source: "kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-delivery-guarantees",
    each: containerWithEvents,
    needs: "events"
  },
  () => implies(hookFailed, not(previously(once(hookFailed))))
)
