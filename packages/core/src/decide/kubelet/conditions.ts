/** The conditions that the kubelet owns, one function each (`pkg/kubelet/status/generate.go`; K-206, K-207, section 5.3). */
import type { Condition, Container, Pod } from "../../state/Pod.ts"
import { podSandboxChanged } from "./computePodActions.ts"
import type { RuntimePodStatus } from "./RuntimeStatus.ts"

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

const terminalVerdict = (phase: string): Verdict => ({
  status: "False",
  reason: phase === "Failed" ? "PodFailed" : "PodCompleted"
})

const statusOf = (containers: ReadonlyArray<Container>, name: string): Container | undefined =>
  containers.find((container) => container.kind === "regular" && container.name === name)

/** GenerateContainersReadyCondition. */
const containersReady = (pod: Pod, containers: ReadonlyArray<Container>, phase: string): Verdict => {
  if (containers.length === 0) return { status: "False", reason: "UnknownContainerStatuses" }
  const names = pod.spec.containers.map((container) => container.name)
  const unknown = names.filter((name) => statusOf(containers, name) === undefined)
  const unready = names.filter((name) => statusOf(containers, name)?.ready === false)
  if (phase === "Failed" || (phase === "Succeeded" && unknown.length === 0)) return terminalVerdict(phase)
  const messages = [
    ...(unknown.length > 0 ? [`containers with unknown status: [${unknown.join(" ")}]`] : []),
    ...(unready.length > 0 ? [`containers with unready status: [${unready.join(" ")}]`] : [])
  ]
  return messages.length === 0 ? TRUE : { status: "False", reason: "ContainersNotReady", message: messages.join(", ") }
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

/** All conditions in the order in which the kubelet reports them; transition times are filled in later (`updateStatus.ts`). */
export const podConditions = (
  pod: Pod,
  runtime: RuntimePodStatus,
  containers: ReadonlyArray<Container>,
  phase: string
): ReadonlyArray<Condition> => {
  const foreign = pod.conditions.filter((one) => !isKubeletCondition(one.type))
  const generation = pod.metadata.generation
  const ready = containersReady(pod, containers, phase)
  return [
    ...foreign,
    readyToStartContainers(!podSandboxChanged(pod, runtime).changed, generation),
    condition("Initialized", phase === "Succeeded" ? { status: "True", reason: "PodCompleted" } : TRUE, generation),
    condition("Ready", podReady(pod, ready, foreign), generation),
    condition("ContainersReady", ready, generation),
    condition("PodScheduled", TRUE, generation)
  ]
}
