/** Which containers must have ended before another one is stopped (`pkg/kubelet/kuberuntime/kuberuntime_termination_order.go`; K-260). */
import type { Pod } from "../../state/Pod.ts"
import { isRestartableInitContainer } from "./containerRestart.ts"

/**
 * By name, for each sidecar of the pod: the regular containers and the sidecar after it, as far as they run; nobody else waits for
 * anything. `undefined`: the pod has no sidecar, all are stopped at once.
 */
export const terminationPrerequisites = (
  pod: Pod,
  running: ReadonlySet<string>
): ReadonlyMap<string, ReadonlySet<string>> | undefined => {
  const sidecars = (pod.spec.initContainers ?? []).filter(isRestartableInitContainer).map(({ name }) => name)
  if (sidecars.length === 0) return undefined
  const main = pod.spec.containers.map(({ name }) => name)
  return new Map(
    sidecars.map((name, index) => [
      name,
      new Set([...main, ...sidecars.slice(index + 1, index + 2)].filter((other) => running.has(other)))
    ])
  )
}
