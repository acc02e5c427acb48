/** What the probes make of a generated status: `started` and `ready` (`pkg/kubelet/prober/prober_manager.go`, UpdatePodStatus; K-189, K-190). */
import type { Container, Pod } from "../../../state/Pod.ts"
import { isRestartableInitContainer } from "../containerRestart.ts"
import { findContainerSpec } from "../findContainerSpec.ts"
import { startedBeforeKubelet } from "./doProbe.ts"
import type { ProbeResults } from "./ProbeResults.ts"

const idOf = (container: Container): string => (container.containerID ?? "").replace(/^.*:\/\//, "")

/** Without a startup probe a running container is started; one that was started stays so while it runs. */
const isContainerStarted = (container: Container, probes: ProbeResults): boolean => {
  if (container.state?._tag !== "Running") return false
  const startup = probes.get("startup", idOf(container))
  if (startup !== undefined) return startup === "Success"
  return container.started === true || !probes.hasWorker("startup", container.name)
}

/**
 * Without a readiness probe a started container is ready. A kubelet that has just begun takes the pod's word for containers of which
 * it does not know yet (setReadyStateOnKubeletRestart; K-163).
 */
const isContainerReady = (pod: Pod, container: Container, probes: ProbeResults): boolean => {
  if (container.state?._tag !== "Running") return false
  const result = probes.get("readiness", idOf(container))
  if (result === "Success") return true
  const ready = !probes.hasWorker("readiness", container.name)
  if (probes.start === undefined || !startedBeforeKubelet(container, probes.start)) return ready
  const isPodReady = pod.conditions.some(({ status, type }) => type === "Ready" && status === "True")
  const isProbed = findContainerSpec(pod, container.name)?.readinessProbe !== undefined
  return (ready || result === undefined) && (isPodReady || !isProbed)
}

const isPlainInitContainer = (pod: Pod, { kind, name }: Container): boolean =>
  kind === "init" &&
  !(pod.spec.initContainers ?? []).some((spec) => spec.name === name && isRestartableInitContainer(spec))

/** Ephemeral containers are never probed: they have neither. */
export const updatePodStatus = (
  pod: Pod,
  containers: ReadonlyArray<Container>,
  probes: ProbeResults
): ReadonlyArray<Container> =>
  containers.map((container) => {
    if (container.kind === "ephemeral") return container
    const started = isContainerStarted(container, probes)
    if (isPlainInitContainer(pod, container)) {
      const succeeded = container.state?._tag === "Terminated" && container.state.exitCode === 0
      return { ...container, started, ready: container.ready || succeeded }
    }
    const ready = started ? isContainerReady(pod, container, probes) : container.ready
    return started === container.started && ready === container.ready ? container : { ...container, started, ready }
  })
