/** What a kubelet says while its machine goes down (`pkg/kubelet/nodeshutdown/nodeshutdown_manager.go`, nodeshutdown_manager_linux.go; K-296, K-297). */
import type { Pod } from "../../../state/Pod.ts"
import { failedBy } from "../disruptionTarget.ts"
import { type PodAdmitHandler, refusal } from "../lifecycle/PodAdmitHandler.ts"

/** Why the node is not ready (ShutdownStatus). */
export const nodeIsShuttingDown = "node is shutting down"

/** Of the Node's Events. */
export const shutdownReason = "Shutdown"
export const shutdownDetected = "Shutdown manager detected shutdown event"
export const shutdownCancellation = "Shutdown manager detected shutdown cancellation"

const reason = "Terminated"
const message = "Pod was terminated in response to imminent node shutdown."

/** The status of a pod that ends because its machine does: failed, unless it had succeeded before. */
export const terminatedByShutdown = (status: Pod): Pod => {
  const failed = failedBy(status, { reason, message, condition: message })
  return status.phase === "Succeeded" ? { ...failed, phase: "Succeeded" } : failed
}

/** Nothing begins on a machine that goes down (managerImpl.Admit). */
export const admitNodeShutdown: PodAdmitHandler = ({ shuttingDown }) =>
  shuttingDown ? refusal("NodeShutdown", "Pod was rejected as the node is shutting down.") : undefined
