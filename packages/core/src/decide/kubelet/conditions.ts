/** The conditions that the kubelet owns, one function each (`pkg/kubelet/status/generate.go`; K-206, K-207, section 5.3). */
import type { ContainerSpec } from "../../event/KubernetesObject.ts"
import type { Condition, Container, Pod } from "../../state/Pod.ts"
import { allContainersCouldRestart, isRestartableInitContainer } from "./containerRestart.ts"
import type { KubernetesRelease } from "./featureGates.ts"
import { isTerminalPhase } from "./podPhase.ts"
import { podSandboxChanged } from "./podSandboxChanged.ts"
import type { RuntimePodStatus } from "./RuntimeStatus.ts"
import { allContainersRestartCleanedUp, shouldAllContainersRestart } from "./shouldAllContainersRestart.ts"

/** `pkg/kubelet/types/pod_status.go`, PodConditionByKubelet. */
const owned = new Set([
  "PodScheduled",
  "Ready",
  "Initialized",
  "PodReadyToStartContainers",
  "ContainersReady",
  "PodResizePending",
  "PodResizeInProgress",
  "AllContainersRestarting"
])

export const isKubeletCondition = (type: string): boolean => owned.has(type)

interface Verdict {
  readonly status: "True" | "False"
  readonly reason?: string
  readonly message?: string
}

const TRUE: Verdict = { status: "True" }

/** What of the status that is being made is there already. */
export interface NextStatus {
  readonly containers: ReadonlyArray<Container>
  readonly phase: string
  readonly resize: ReadonlyArray<Condition>
  readonly release: KubernetesRelease
}

const terminalVerdict = (phase: string): Verdict => ({
  status: "False",
  reason: phase === "Failed" ? "PodFailed" : "PodCompleted"
})

const statusOf = (containers: ReadonlyArray<Container>, name: string): Container | undefined =>
  containers.find((container) => container.kind !== "ephemeral" && container.name === name)

const unknownTo = (containers: ReadonlyArray<Container>, specs: ReadonlyArray<ContainerSpec>): ReadonlyArray<string> =>
  specs.map(({ name }) => name).filter((name) => statusOf(containers, name) === undefined)

const listed = (status: string, names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.length === 0 ? [] : [`containers with ${status} status: [${names.join(" ")}]`]

/** GenerateContainersReadyCondition: sidecars count, too. */
const containersReady = (pod: Pod, containers: ReadonlyArray<Container>, phase: string): Verdict => {
  if (containers.length === 0) return { status: "False", reason: "UnknownContainerStatuses" }
  const specs = [...(pod.spec.initContainers ?? []).filter(isRestartableInitContainer), ...pod.spec.containers]
  const unknown = unknownTo(containers, specs)
  if (phase === "Failed" || (phase === "Succeeded" && unknown.length === 0)) return terminalVerdict(phase)
  const unready = specs.filter(({ name }) => statusOf(containers, name)?.ready === false).map(({ name }) => name)
  const messages = [...listed("unknown", unknown), ...listed("unready", unready)]
  return messages.length === 0 ? TRUE : { status: "False", reason: "ContainersNotReady", message: messages.join(", ") }
}

/** GeneratePodInitializedCondition: what was initialized once stays so since RestartAllContainersOnContainerExits (K-207). */
const initialized = (pod: Pod, before: Pod, { containers, phase, release }: NextStatus): Verdict => {
  const specs = pod.spec.initContainers ?? []
  if (containers.length === 0 && specs.length > 0) return { status: "False", reason: "UnknownContainerStatuses" }
  const unknown = unknownTo(containers, specs)
  if (phase === "Succeeded" && unknown.length === 0) return { status: "True", reason: "PodCompleted" }
  const hasBegun = containers.some(
    ({ kind, state }) => kind === "regular" && (state?._tag === "Running" || state?._tag === "Terminated")
  )
  const was =
    release.gates.RestartAllContainersOnContainerExits &&
    before.conditions.some(({ type, status }) => type === "Initialized" && status === "True")
  if (hasBegun || was) return TRUE
  const incomplete = specs.filter((spec) => {
    const status = statusOf(containers, spec.name)
    return status !== undefined && !(isRestartableInitContainer(spec) ? status.started === true : status.ready)
  })
  const messages = [
    ...listed("unknown", unknown),
    ...listed(
      "incomplete",
      incomplete.map(({ name }) => name)
    )
  ]
  return messages.length === 0
    ? TRUE
    : { status: "False", reason: "ContainersNotInitialized", message: messages.join(", ") }
}

/** GenerateAllContainersRestartingCondition (K-081, K-082). */
const allContainersRestarting = (pod: Pod, runtime: RuntimePodStatus, before: Pod, phase: string): Verdict => {
  if (isTerminalPhase(phase)) return terminalVerdict(phase)
  return shouldAllContainersRestart(pod, runtime, before) && !allContainersRestartCleanedUp(pod, runtime)
    ? {
        status: "True",
        reason: "RestartAllContainersStarted",
        message: "container exited with restart policy rule"
      }
    : { status: "False" }
}

/** GeneratePodReadyCondition, its readiness gates included. */
const podReady = (pod: Pod, containers: Verdict, foreign: ReadonlyArray<Condition>): Verdict => {
  if (containers.status !== "True") return containers
  const gates = Array.isArray(pod.spec.readinessGates) ? pod.spec.readinessGates : []
  const messages = gates.flatMap((gate: { readonly conditionType: string }) => {
    const condition = foreign.find((one) => one.type === gate.conditionType)
    if (condition === undefined)
      return [`corresponding condition of pod readiness gate "${gate.conditionType}" does not exist.`]
    if (condition.status === "True") return []
    return [`the status of pod readiness gate "${gate.conditionType}" is not "True", but ${condition.status}`]
  })
  return messages.length === 0
    ? TRUE
    : { status: "False", reason: "ReadinessGatesNotReady", message: messages.join(", ") }
}

/**
 * Does the API say something else of Ready than the gates, as the API has them, make of it? Then a status that comes back
 * starts a sync (`pkg/kubelet/status/status_manager.go`, NeedToReconcilePodReadiness; K-005).
 */
export const needToReconcilePodReadiness = (pod: Pod): boolean => {
  const ready = pod.conditions.find((one) => one.type === "Ready")
  if (ready === undefined || !Array.isArray(pod.spec.readinessGates) || pod.spec.readinessGates.length === 0)
    return false
  const containers = containersReady(pod, pod.containers, pod.phase ?? "")
  const verdict = podReady(pod, containers, pod.conditions)
  return ready.status !== verdict.status || (ready.message ?? "") !== (verdict.message ?? "")
}

const condition = (type: string, verdict: Verdict, generation: number | undefined): Condition => ({
  type,
  status: verdict.status,
  observedGeneration: generation,
  lastProbeTime: null,
  lastTransitionTime: null,
  reason: verdict.reason,
  message: verdict.message
})

/** The condition that says that the sandbox is ready, network included. */
export const readyToStartContainers = (ready: boolean, generation: number | undefined): Condition =>
  condition("PodReadyToStartContainers", { status: ready ? "True" : "False" }, generation)

/** The two that say whether the pod is ready, one after the other; `conditions`: those of the status beside them. */
export const readinessConditions = (
  pod: Pod,
  conditions: ReadonlyArray<Condition>,
  containers: ReadonlyArray<Container>,
  phase: string
): ReadonlyArray<Condition> => {
  const ready = containersReady(pod, containers, phase)
  const { generation } = pod.metadata
  return [
    condition("Ready", podReady(pod, ready, conditions), generation),
    condition("ContainersReady", ready, generation)
  ]
}

/** All conditions in the order in which the kubelet reports them; transition times are filled in later (`updateStatus.ts`). */
export const podConditions = (
  pod: Pod,
  runtime: RuntimePodStatus,
  before: Pod,
  next: NextStatus
): ReadonlyArray<Condition> => {
  const { containers, phase, resize } = next
  const { gates } = next.release
  const foreign = pod.conditions.filter((one) => !isKubeletCondition(one.type))
  const generation = pod.metadata.generation
  return [
    ...foreign,
    ...resize,
    ...(gates.PodReadyToStartContainersCondition
      ? [readyToStartContainers(!podSandboxChanged(pod, runtime).changed, generation)]
      : []),
    condition("Initialized", initialized(pod, before, next), generation),
    ...readinessConditions(pod, foreign, containers, phase),
    condition("PodScheduled", TRUE, generation),
    // The only one that does not say of which generation it speaks.
    ...(gates.RestartAllContainersOnContainerExits && allContainersCouldRestart(pod.spec)
      ? [condition("AllContainersRestarting", allContainersRestarting(pod, runtime, before, phase), undefined)]
      : [])
  ]
}
