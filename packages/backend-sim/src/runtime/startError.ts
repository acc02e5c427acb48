/** Why containerd could not start a process, wrapped as its layers wrap it (containerd `internal/cri/server/container_start.go`, runc's init). */

/** From the outermost layer to the innermost. */
const layers = [
  "failed to create containerd task",
  "failed to create shim task",
  "OCI runtime create failed",
  "runc create failed",
  "unable to start container process",
  "error during container init"
]

/** `error`: as a scenario says it, from any layer on; what runc's init says if it names none. */
export const startErrorMessage = (error: string): string => {
  const from = layers.findIndex((layer) => error.startsWith(`${layer}:`))
  return [...(from < 0 ? layers : layers.slice(0, from)), error].join(": ")
}
