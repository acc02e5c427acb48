/** The phase of a pod (`pkg/kubelet/kubelet_pods.go`, getPhase; K-200…K-202). */
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { ContainerState } from "../../event/PodEvent.ts"
import type { Container, Pod } from "../../state/Pod.ts"
import { containerShouldRestart, isRestartableInitContainer } from "./containerRestart.ts"
import { restartingAllContainers } from "./convertContainerStatus.ts"
import { isStaticPod } from "./criticalPod.ts"

type Death = Extract<ContainerState, { readonly _tag: "Terminated" }>

/** Where a container stands: a death counts as well when it waits to be started again. */
type Standing =
  | { readonly _tag: "Running" | "Pending" | "Unknown" }
  | { readonly _tag: "Stopped"; readonly death: Death; readonly waits: boolean }

const standing = (status: Container | undefined): Standing => {
  const { lastState, state } = status ?? {}
  switch (state?._tag) {
    case "Running":
      return { _tag: "Running" }
    case "Terminated":
      return { _tag: "Stopped", death: state, waits: false }
    case "Waiting":
      return lastState?._tag === "Terminated" ? { _tag: "Stopped", death: lastState, waits: true } : { _tag: "Pending" }
    default:
      return { _tag: "Unknown" }
  }
}

interface Count {
  running: number
  /** Waiting for their first start. */
  waiting: number
  unknown: number
  /** Regular containers that have exited; of them, those that succeeded and those that will start again. */
  stopped: number
  succeeded: number
  restartable: number
  /** Init containers that stand in the way of the regular ones; the latter only until those have begun. */
  pendingInit: number
  pendingSidecars: number
  /** Init containers that failed for good. */
  failedInit: number
}

const restartable = (container: ContainerSpec, pod: Pod, death: Death): boolean =>
  containerShouldRestart(container, pod.spec, death.exitCode) || death.reason === restartingAllContainers

const countInitContainer = (n: Count, container: ContainerSpec, pod: Pod, status: Container | undefined): void => {
  const now = standing(status)
  if (now._tag !== "Stopped") n.pendingInit++
  else if (now.death.exitCode !== 0 && !restartable(container, pod, now.death)) n.failedInit++
}

/** How sidecars end does not matter. */
const countSidecar = (n: Count, status: Container | undefined): void => {
  switch (standing(status)._tag) {
    case "Running":
      n.running++
      if (status?.started !== true) n.pendingSidecars++
      return
    case "Pending":
      n.waiting++
      n.pendingSidecars++
      return
    case "Unknown":
      n.unknown++
      if (status !== undefined) n.pendingSidecars++
  }
}

const countContainer = (n: Count, container: ContainerSpec, pod: Pod, status: Container | undefined): void => {
  const now = standing(status)
  switch (now._tag) {
    case "Running":
      n.running++
      return
    case "Pending":
      n.waiting++
      return
    case "Unknown":
      n.unknown++
      return
    case "Stopped":
      n.stopped++
      if (!now.waits && now.death.exitCode === 0) n.succeeded++
      if (restartable(container, pod, now.death)) n.restartable++
  }
}

const none: Count = {
  running: 0,
  waiting: 0,
  unknown: 0,
  stopped: 0,
  succeeded: 0,
  restartable: 0,
  pendingInit: 0,
  pendingSidecars: 0,
  failedInit: 0
}

const count = (pod: Pod, containers: ReadonlyArray<Container>): Count => {
  const n = { ...none }
  const statusOf = (name: string) => containers.find((one) => one.kind !== "ephemeral" && one.name === name)
  for (const spec of pod.spec.initContainers ?? []) {
    if (isRestartableInitContainer(spec)) countSidecar(n, statusOf(spec.name))
    else countInitContainer(n, spec, pod, statusOf(spec.name))
  }
  for (const spec of pod.spec.containers) countContainer(n, spec, pod, statusOf(spec.name))
  return n
}

export interface PhaseContext {
  /** All its containers have been stopped for good. */
  readonly terminal: boolean
  /** A regular container was made in the sandbox that is there now: restarting sidecars do not make the pod Pending again. */
  readonly initialized: boolean
}

export const podPhase = (
  pod: Pod,
  containers: ReadonlyArray<Container>,
  { initialized, terminal }: PhaseContext
): string => {
  const n = count(pod, containers)
  if (n.failedInit > 0) return "Failed"
  if (n.pendingInit > 0 || (n.pendingSidecars > 0 && !initialized) || n.waiting > 0) return "Pending"
  if (n.running > 0 && n.unknown === 0) return "Running"
  if (n.running === 0 && n.stopped > 0 && n.unknown === 0) {
    // What becomes of a static pod is not decided by its end (K-313).
    if ((!terminal || isStaticPod(pod)) && n.restartable > 0) return "Running"
    return n.stopped === n.succeeded ? "Succeeded" : "Failed"
  }
  return "Pending"
}

export const isTerminalPhase = (phase: string | undefined): boolean => phase === "Succeeded" || phase === "Failed"
