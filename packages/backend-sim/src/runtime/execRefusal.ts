/** Why nothing is executed in a container, in the words of the runtime's client (`containerd/internal/cri/server/container_execsync.go`; K-157). */
import type { Runtime } from "./Runtime.ts"

export interface ExecRefusal {
  readonly _tag: "Refused"
  readonly error: string
}

const refused = (code: string, message: string): ExecRefusal => ({
  _tag: "Refused",
  error: `rpc error: code = ${code} desc = failed to exec in container: ${message}`
})

/** It does not run. */
export const notRunning = (runtime: Runtime, uid: string, id: string): ExecRefusal => {
  const container = runtime.status(uid).containers.find((one) => one.id === id)
  return container === undefined
    ? refused("NotFound", `failed to find container "${id}" in store: not found`)
    : refused("Unknown", `container is in CONTAINER_${container.state.toUpperCase()} state`)
}

/** It dies while the runtime prepares to execute something in it. */
export const taskGone = (id: string): ExecRefusal =>
  refused("NotFound", `failed to load task: no running task found: task ${id} not found`)
