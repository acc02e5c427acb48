/** The last status of a pod whose worker is done (`pkg/kubelet/status/status_manager.go`, TerminatePod; K-232). */
import type { Container, Pod } from "../../state/Pod.ts"
import { isRestartableInitContainer } from "./containerRestart.ts"
import { presumedDead, statusUnknown } from "./convertContainerStatus.ts"
import { isStaticPod } from "./criticalPod.ts"
import { isTerminalPhase } from "./podPhase.ts"

const isTerminated = ({ state }: Container): boolean => state?._tag === "Terminated"

/** It has run once. */
const hasDied = ({ lastState }: Container): boolean => lastState?._tag === "Terminated"

const succeeded = (state: Container["state"]): boolean => state?._tag === "Terminated" && state.exitCode === 0

/** Did regular containers have a chance to start? (hasPodInitialized) */
const hasPodInitialized = (api: Pod): boolean => {
  const specs = api.spec.initContainers ?? []
  if (specs.length === 0) return true
  const of = (wanted: Container["kind"]) => api.containers.filter(({ kind }) => kind === wanted)
  if (of("regular").some((container) => hasDied(container) || container.state?._tag !== "Waiting")) return true
  const last = of("init").at(-1)
  const spec = specs.find(({ name }) => name === last?.name)
  if (last === undefined || spec === undefined) return false
  return isRestartableInitContainer(spec)
    ? last.state?._tag === "Running" && last.started === true
    : succeeded(last.lastState) || succeeded(last.state)
}

/** Init containers up to the last one that ever started, or the first one (initializedContainers). */
const begunInitContainers = (containers: ReadonlyArray<Container>): ReadonlySet<string> => {
  const init = containers.filter(({ kind }) => kind === "init")
  const last = init.findLastIndex((container) => hasDied(container) || container.state?._tag !== "Waiting")
  return new Set(init.slice(0, Math.max(last, 0) + 1).map(({ name }) => name))
}

/** `api`: the pod as the kubelet got it from the API server; `status`: its last status. What has not ended then counts as failed. */
export const terminatePod = (api: Pod, status: Pod): Pod => {
  const initialized = hasPodInitialized(api)
  const begun = begunInitContainers(status.containers)
  const state = presumedDead(statusUnknown, "The container could not be located when the pod was terminated")
  return {
    ...status,
    containers: status.containers.map((container) => {
      const { kind, name } = container
      const failed = kind === "regular" ? initialized : kind === "init" && begun.has(name)
      return failed && !isTerminated(container) ? { ...container, state } : container
    }),
    // That of a static pod is left as it is (K-313).
    phase: isTerminalPhase(status.phase) || isStaticPod(api) ? status.phase : "Failed"
  }
}
