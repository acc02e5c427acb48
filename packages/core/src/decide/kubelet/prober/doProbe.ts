/**
 * What a probe's worker does at one tick, before and after the probe itself (`pkg/kubelet/prober/worker.go`, doProbe;
 * K-152…K-156, K-163, T-15, T-29).
 */
import { type Instant, later, type Micros, parseInstant, SECOND } from "../../../event/Instant.ts"
import type { ContainerSpec, Probe } from "../../../event/KubernetesObject.ts"
import type { Container, Pod } from "../../../state/Pod.ts"
import { containerShouldRestart, restartsAllContainers } from "../containerRestart.ts"
import { isTerminalPhase } from "../podPhase.ts"
import type { ProbeResult, ProbeType } from "./ProbeResults.ts"

/** What a worker watches over: pod and container as they were when it was made. */
export interface ProbeWorker {
  readonly pod: Pod
  readonly container: ContainerSpec
  readonly sidecar: boolean
  readonly type: ProbeType
  readonly probe: Probe
  /** When the kubelet began: containers much older than that lived under another one. */
  readonly proberStart: Instant
}

/** What a worker remembers from tick to tick. Containers come and go, the run of equal results stays (T-15). */
export interface WorkerState {
  /** The runtime's ID of the container as the worker last saw it. */
  readonly containerID: string | undefined
  readonly lastResult: ProbeResult
  readonly resultRun: number
  /** Nothing more to find out about this container. */
  readonly onHold: boolean
}

export const newWorkerState: WorkerState = {
  containerID: undefined,
  lastResult: "Success",
  resultRun: 0,
  onHold: false
}

export interface Preparation {
  readonly state: WorkerState
  /** Results to publish for the container, in order. */
  readonly publish: ReadonlyArray<ProbeResult>
  /** The ID of a container that is gone: its result is to be dropped. */
  readonly drop: string | undefined
  readonly next: "Probe" | "Wait" | "End"
  /** Waiting ends at this moment at the latest, even if nothing happens. */
  readonly until: Instant | undefined
}

/** The result before the first probe. */
export const initialResult = (type: ProbeType): ProbeResult =>
  type === "readiness" ? "Failure" : type === "liveness" ? "Success" : "Unknown"

/** A container that started so long before the kubelet did not start under it (kubeletRestartGracePeriod). */
const RESTART_GRACE: Micros = 10 * SECOND

/** Was it running before this kubelet began? (K-163) */
export const startedBeforeKubelet = (container: Container, proberStart: Instant): boolean => {
  const started = startOf(container)
  return started !== undefined && started < later(proberStart, -RESTART_GRACE)
}

const startOf = ({ state }: Container): Instant | undefined =>
  state?._tag === "Running" && state.startedAt ? parseInstant(state.startedAt) : undefined

const find = (status: Pod, name: string): Container | undefined =>
  status.containers.find((one) => one.kind !== "ephemeral" && one.name === name && (one.containerID ?? "") !== "")

const runtimeID = (container: Container): string => (container.containerID ?? "").replace(/^[^:]*:\/\//, "")

/** Results for an ID that the worker has not seen: the initial one, except after a restart of the kubelet (K-163). */
const firstResults = (worker: ProbeWorker, container: Container): ReadonlyArray<ProbeResult> => {
  const seeded = worker.sidecar && worker.type === "startup" && container.started === true
  return [
    ...(seeded ? (["Success"] as const) : []),
    ...(startedBeforeKubelet(container, worker.proberStart) ? [] : [initialResult(worker.type)])
  ]
}

/** As far as the status tells (ShouldAllContainersRestart without a status of the runtime). */
const allContainersRestart = (pod: Pod, status: Pod): boolean =>
  status.conditions.some((one) => one.type === "AllContainersRestarting" && one.status === "True") ||
  [...(pod.spec.initContainers ?? []), ...pod.spec.containers].some((container) => {
    const state = status.containers.find(({ kind, name }) => kind !== "ephemeral" && name === container.name)?.state
    return state?._tag === "Terminated" && restartsAllContainers(container, state.exitCode)
  })

/** Not running: is it worth waiting for another instance? */
const mayComeBack = ({ container, pod }: ProbeWorker, { state }: Container, status: Pod): boolean =>
  state?._tag !== "Terminated" ||
  containerShouldRestart(container, pod.spec, state.exitCode) ||
  allContainersRestart(pod, status)

/** The whole seconds that the initial delay still lasts: counted from `startedAt`, which has no fractions (K-153, T-29). */
const delayEnd = ({ probe }: ProbeWorker, container: Container): Instant | undefined => {
  const started = startOf(container)
  return started === undefined ? undefined : later(started, (probe.initialDelaySeconds ?? 0) * SECOND)
}

/** `status`: the pod as the status manager has it; `undefined`: it has none. */
export const prepareProbe = (
  worker: ProbeWorker,
  before: WorkerState,
  status: Pod | undefined,
  now: Instant
): Preparation => {
  const idle: Preparation = { state: before, publish: [], drop: undefined, next: "Wait", until: undefined }
  if (status === undefined) return idle
  if (isTerminalPhase(status.phase)) return { ...idle, next: "End" }
  const container = find(status, worker.container.name)
  if (container === undefined) return idle
  const id = runtimeID(container)
  const fresh = id !== before.containerID
  const seen: Preparation = fresh
    ? {
        ...idle,
        state: { ...before, containerID: id, onHold: false },
        publish: firstResults(worker, container),
        drop: before.containerID
      }
    : idle
  if (seen.state.onHold) return seen
  const { publish, ...rest } = ofContainer(worker, container, status, now)
  return { ...seen, ...rest, publish: [...seen.publish, ...publish] }
}

/** What the container's state asks for, once the worker knows it. */
const ofContainer = (
  worker: ProbeWorker,
  container: Container,
  status: Pod,
  now: Instant
): Pick<Preparation, "next" | "publish" | "until"> => {
  const { pod, type } = worker
  if (container.state?._tag !== "Running") {
    const next = mayComeBack(worker, container, status) ? "Wait" : "End"
    return { publish: ["Failure"], next, until: undefined }
  }
  if (pod.metadata.deletionTimestamp !== undefined && type !== "readiness")
    return { publish: ["Success"], next: "End", until: undefined }
  const until = delayEnd(worker, container)
  if (until !== undefined && now < until) return { publish: [], next: "Wait", until }
  // Only the startup probe runs until the container has started, and never after (K-154).
  const next = (container.started === true) === (type === "startup") ? "Wait" : "Probe"
  return { publish: [], next, until: undefined }
}

/** Counts a result; `publish`: the run of equal ones has reached its threshold (K-155). */
export const countResult = (
  { probe, type }: Pick<ProbeWorker, "probe" | "type">,
  before: WorkerState,
  result: ProbeResult
): { readonly state: WorkerState; readonly publish: boolean } => {
  const resultRun = before.lastResult === result ? before.resultRun + 1 : 1
  const threshold = result === "Failure" ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1)
  const counted = { ...before, lastResult: result, resultRun }
  if (resultRun < threshold) return { state: counted, publish: false }
  // Settled until there is another container (K-156).
  const settled = type === "startup" || (type === "liveness" && result === "Failure")
  return { state: settled ? { ...counted, onHold: true, resultRun: 0 } : counted, publish: true }
}
