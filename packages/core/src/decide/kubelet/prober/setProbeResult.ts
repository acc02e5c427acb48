/**
 * How a published result changes the status at once, before any sync (`pkg/kubelet/status/status_manager.go`,
 * SetContainerReadiness and SetContainerStartup; K-230).
 */
import type { Container, Pod } from "../../../state/Pod.ts"
import { readinessConditions } from "../conditions.ts"

const has = (container: Container, id: string): boolean =>
  container.kind !== "ephemeral" && (container.containerID ?? "").replace(/^[^:]*:\/\//, "") === id

const change = (status: Pod, id: string, fields: Partial<Container>): Pod => ({
  ...status,
  containers: status.containers.map((container) => (has(container, id) ? { ...container, ...fields } : container))
})

/** The container's `ready` and the pod's Ready and ContainersReady; `undefined`: nothing changes. */
export const setContainerReadiness = (api: Pod, status: Pod, id: string, ready: boolean): Pod | undefined => {
  const container = status.containers.find((one) => has(one, id))
  if (container === undefined || container.ready === ready) return undefined
  const changed = change(status, id, { ready })
  const fresh = readinessConditions(api, changed.conditions, changed.containers, changed.phase ?? "")
  const conditions = changed.conditions.map(
    (condition) => fresh.find(({ type }) => type === condition.type) ?? condition
  )
  return { ...changed, conditions }
}

/** The container's `started` alone. */
export const setContainerStartup = (status: Pod, id: string, started: boolean): Pod | undefined => {
  const container = status.containers.find((one) => has(one, id))
  return container === undefined || container.started === started ? undefined : change(status, id, { started })
}
