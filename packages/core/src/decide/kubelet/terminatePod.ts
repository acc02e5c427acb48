/** The last status of a pod whose worker is done (`pkg/kubelet/status/status_manager.go`, TerminatePod; K-232). */
import type { Container, Pod } from "../../state/Pod.ts"
import { isTerminalPhase } from "./podPhase.ts"

const located = (container: Container): Container =>
  container.state?._tag === "Terminated"
    ? container
    : {
        ...container,
        state: {
          _tag: "Terminated",
          exitCode: 137,
          reason: "ContainerStatusUnknown",
          message: "The container could not be located when the pod was terminated",
          startedAt: null,
          finishedAt: null
        }
      }

export const terminatePod = (status: Pod): Pod => ({
  ...status,
  containers: status.containers.map((container) => (container.kind === "regular" ? located(container) : container)),
  phase: isTerminalPhase(status.phase) ? status.phase : "Failed"
})
