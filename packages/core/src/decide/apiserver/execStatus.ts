/** How `kubectl exec` hears of a command's end (`k8s.io/cri-streaming/pkg/streaming/remotecommand/exec.go`, ServeExec). */
import type { Status } from "./status.ts"

const success: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 200 }

/** The Status that ends the stream; its `code` is the answer's, since no request was refused. */
export const execStatus = (command: ReadonlyArray<string>, exitCode: number): Status =>
  exitCode === 0
    ? success
    : {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: `command terminated with non-zero exit code: error executing command [${command.join(" ")}], exit code ${exitCode}`,
        reason: "NonZeroExitCode",
        details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] },
        code: 200
      }

const internalError = (message: string): Status => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message,
  reason: "InternalError",
  code: 500
})

/** The kubelet knows no such container that runs (`pkg/kubelet/kubelet_pods.go`, GetExec). */
export const containerNotFound = (container: string): Status =>
  internalError(`unable to upgrade connection: container not found ("${container}")`)

/** Nobody answers on the node's port 10250. */
export const nodeUnreachable: Status = internalError("error dialing backend: connect: connection refused")
