/** R19. */
import { isJsonObject } from "../../event/Json.ts"
import { eventually, on, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type ContainerSeen, containerWithEvents } from "../slice/container.ts"

/** The instance of which it is told that its probe failed. */
const failedIts = ({ change: { object }, name, status }: ContainerSeen): string | undefined => {
  if (object.kind !== "Event" || object.reason !== "Unhealthy") return undefined
  const regarding = isJsonObject(object.involvedObject) ? object.involvedObject : object.regarding
  const field = isJsonObject(regarding) ? regarding.fieldPath : undefined
  const isItsOwn = typeof field === "string" && field.endsWith(`{${name}}`)
  return isItsOwn && String(object.message ?? object.note).startsWith("Liveness") ? status?.containerID : undefined
}

const another = (than: string) =>
  when("another instance runs", ({ status }: ContainerSeen) => {
    return status?.containerID !== than && status?.state?.running !== undefined
  })

export const failedLivenessRestarts = refuted(
  "R19",
  {
    name: "belief/failed-liveness-restarts",
    says: "A container whose liveness probe fails runs as another instance within a minute",
    why: "It is killed when the probe fails as often as the threshold says; whether it is started again then says the restart policy, and when says the back-off; while its pod ends nobody looks at its probes",
    insteadUse: ["L42", "L46"],
    source: "pkg/kubelet/kuberuntime/kuberuntime_manager.go, computePodActions",
    each: containerWithEvents,
    needs: "events"
  },
  () => on("its liveness probe failed", failedIts, (id) => eventually(another(id)).within("1m"))
)
