/** What is to be done with a pod's init containers (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, computeInitContainerActions; K-060…K-067). */
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { Pod } from "../../state/Pod.ts"
import { isRestartableInitContainer } from "./containerRestart.ts"
import { containerChanged } from "./definitionHash.ts"
import type { ContainerKillReason, ContainerToKill } from "./PodActions.ts"
import type { ProbeResults } from "./prober/ProbeResults.ts"
import { findContainer, type RuntimeContainer, type RuntimePodStatus } from "./RuntimeStatus.ts"
import { shouldContainerBeRestarted } from "./shouldContainerBeRestarted.ts"

export interface InitContainerActions {
  /** All init containers have done their work, sidecars are up: regular containers may run. */
  readonly initialized: boolean
  /** One of them failed for good: the pod is killed. */
  readonly failed: boolean
  /** Indices into `spec.initContainers`, in order. */
  readonly toStart: ReadonlyArray<number>
  readonly toKill: ReadonlyArray<ContainerToKill>
}

/** What one init container that the runtime knows asks for. */
interface Verdict {
  /** It has done its part: the next one may start. */
  readonly done?: boolean
  readonly start?: boolean
  readonly kill?: ContainerToKill
  readonly failed?: boolean
}

/** From the last to the first: finished ones may be gone from the runtime, so the last one that is known decides. */
export const computeInitContainerActions = (
  pod: Pod,
  runtime: RuntimePodStatus,
  probes: ProbeResults
): InitContainerActions => {
  const containers = pod.spec.initContainers ?? []
  if (containers.length === 0) return { initialized: true, failed: false, toStart: [], toKill: [] }
  let initialized = hasRegularContainer(pod, runtime)
  // Of those before the one that decides only sidecars are looked after.
  let passed = initialized
  const toStart: Array<number> = []
  const toKill: Array<ContainerToKill> = []
  for (const [index, container] of [...containers.entries()].toReversed()) {
    const sidecar = isRestartableInitContainer(container)
    const status = findContainer(runtime, container.name)
    if (status === undefined && passed && sidecar) toStart.push(index)
    if (status === undefined || (passed && !sidecar)) continue
    const verdict = sidecar ? ofSidecar(container, status, probes) : ofInitContainer(container, status, pod, runtime)
    if (verdict.failed === true) return { initialized: false, failed: true, toStart: [], toKill }
    if (verdict.done === true && index === containers.length - 1) initialized = true
    else if (verdict.done === true && !passed) toStart.push(index + 1)
    if (verdict.start === true) toStart.push(index)
    if (verdict.kill !== undefined) toKill.push(verdict.kill)
    passed = true
  }
  if (!passed) toStart.push(0)
  return { initialized, failed: false, toStart: toStart.toReversed(), toKill }
}

/** Exited ones do not count: after the loss of a sandbox they are still there (K-060). */
const hasRegularContainer = (pod: Pod, runtime: RuntimePodStatus): boolean =>
  pod.spec.containers.some(({ name }) => {
    const state = findContainer(runtime, name)?.state
    return state === "created" || state === "running"
  })

/** isInitContainerFailed (`helpers.go`): even with exit code 0 when the kernel killed something of it (K-062). */
const isInitContainerFailed = ({ exitCode, reason, state }: RuntimeContainer): boolean =>
  reason === "OOMKilled" || (state === "exited" && exitCode !== 0) || state === "unknown"

const ofInitContainer = (
  container: ContainerSpec,
  status: RuntimeContainer,
  pod: Pod,
  runtime: RuntimePodStatus
): Verdict => {
  switch (status.state) {
    case "created":
      return { start: true }
    case "running":
      return {}
    case "exited":
      if (!isInitContainerFailed(status)) return { done: true }
      return shouldContainerBeRestarted(container, pod, runtime) ? { start: true } : { failed: true }
    case "unknown":
      // There is no exit code to ask the rules about.
      if ((container.restartPolicy ?? pod.spec.restartPolicy) === "Never") return { failed: true }
      return { start: true, kill: killUnknown(status) }
  }
}

const ofSidecar = (container: ContainerSpec, status: RuntimeContainer, probes: ProbeResults): Verdict => {
  switch (status.state) {
    case "created":
    case "exited":
      return { start: true }
    case "unknown":
      return { start: true, kill: killUnknown(status) }
    case "running":
      return ofRunningSidecar(container, status, probes)
  }
}

/** It gates the next one until it is started; a liveness probe does not gate anything (K-064…K-066). */
const ofRunningSidecar = (container: ContainerSpec, status: RuntimeContainer, probes: ProbeResults): Verdict => {
  const again = (what: string, reason: ContainerKillReason | undefined): Verdict => ({
    start: true,
    kill: { id: status.id, name: container.name, message: `Init container ${container.name} ${what}`, reason }
  })
  if (container.startupProbe !== undefined) {
    const startup = probes.get("startup", status.id)
    if (startup === "Failure") return again("failed startup probe", "StartupProbe")
    if (startup !== "Success") return {}
  }
  if (containerChanged(container, status)) return { done: true, ...again("definition changed", undefined) }
  const dead = container.livenessProbe !== undefined && probes.get("liveness", status.id) === "Failure"
  return { done: true, ...(dead ? again("failed liveness probe", "LivenessProbe") : {}) }
}

const killUnknown = ({ id, name, state }: RuntimeContainer): ContainerToKill => ({
  id,
  name,
  message: `Init container is in "${state}" state, try killing it before restart`,
  reason: "Unknown"
})
