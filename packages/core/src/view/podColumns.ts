/** The columns of `kubectl get pods` (`printPod`, pkg/printers/internalversion/printers.go, Kubernetes 1.36). */
import { type Instant, parseInstant } from "../event/Instant.ts"
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"
import { list, text } from "../state/fields.ts"
import type { Container, Pod } from "../state/Pod.ts"
import { humanDuration } from "./humanDuration.ts"

export const podColumnNames = ["NAME", "READY", "STATUS", "RESTARTS", "AGE"] as const
export const widePodColumnNames = [...podColumnNames, "IP", "NODE", "NOMINATED NODE", "READINESS GATES"] as const

/** What kubectl would print of the pod at that moment of the API server's clock, one cell for each of `podColumnNames`. */
export const podColumns = (pod: Pod, now: Instant): ReadonlyArray<string> => {
  const { ready, reason, restarts } = summaryOf(pod)
  const { count, last } = restarts
  return [
    text(pod.metadata.name) ?? "",
    `${ready}/${listOf(pod.spec.containers).length + restartable(pod).size}`,
    statusOf(pod, reason),
    count !== 0 && last !== undefined ? `${count} (${humanDuration(now - last)} ago)` : `${count}`,
    since(text(pod.metadata.creationTimestamp), now)
  ]
}

/** The same with `-o wide`, one cell for each of `widePodColumnNames`. */
export const widePodColumns = (pod: Pod, now: Instant): ReadonlyArray<string> => [
  ...podColumns(pod, now),
  orNone(orElse(pod.podIP, text(pod.podIPs?.[0]?.ip))),
  orNone(text(pod.spec.nodeName)),
  orNone(pod.nominatedNodeName),
  readinessGates(pod)
]

/** `translateTimestampSince` */
const since = (timestamp: string | undefined, now: Instant): string => {
  const at = parseInstant(timestamp ?? "")
  return at === undefined ? "<unknown>" : humanDuration(now - at)
}

const orElse = (value: string | undefined, other: string | undefined) =>
  value === undefined || value === "" ? other : value
const orNone = (value: string | undefined): string => orElse(value, "<none>") ?? "<none>"
const isSaid = (value: string | undefined): value is string => value !== undefined && value !== ""

const listOf = (value: Json | undefined): ReadonlyArray<JsonObject> => (list(value) ?? []).filter(isJsonObject)

/** Init containers that may restart (sidecars) count as containers. */
const restartable = (pod: Pod): ReadonlySet<string> =>
  new Set(
    listOf(pod.spec.initContainers)
      .filter(({ restartPolicy }) => restartPolicy === "Always")
      .map(({ name }) => text(name) ?? "")
  )

const isTrue = (pod: Pod, type: string): boolean =>
  pod.conditions.some((condition) => condition.type === type && condition.status === "True")

interface Restarts {
  readonly count: number
  /** When the last one of them had died. */
  readonly last: Instant | undefined
}

const noRestarts: Restarts = { count: 0, last: undefined }

const addRestarts = ({ count, last }: Restarts, { restartCount, lastState }: Container): Restarts => {
  const died = lastState?._tag === "Terminated" ? parseInstant(lastState.finishedAt ?? "") : undefined
  return { count: count + restartCount, last: died !== undefined && (last === undefined || last < died) ? died : last }
}

interface Summary {
  readonly ready: number
  readonly reason: string
  readonly restarts: Restarts
}

const summaryOf = (pod: Pod): Summary => {
  const init = initSummary(pod)
  return init.initializing && !isTrue(pod, "Initialized") ? init : mainSummary(pod, init)
}

const isGated = (pod: Pod): boolean =>
  pod.conditions.some(({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated")

interface InitSummary extends Summary {
  /** An init container has not done its work yet. */
  readonly initializing: boolean
  readonly sidecarRestarts: Restarts
}

const initSummary = (pod: Pod): InitSummary => {
  const sidecars = restartable(pod)
  const reason = isGated(pod) ? "SchedulingGated" : isSaid(pod.reason) ? pod.reason : (pod.phase ?? "")
  let [ready, restarts, sidecarRestarts] = [0, noRestarts, noRestarts]
  for (const [index, container] of pod.containers.filter(({ kind }) => kind === "init").entries()) {
    const isSidecar = sidecars.has(container.name)
    restarts = addRestarts(restarts, container)
    if (isSidecar) sidecarRestarts = addRestarts(sidecarRestarts, container)
    if (container.state?._tag === "Terminated" && container.state.exitCode === 0) continue
    if (isSidecar && container.started === true) {
      if (container.ready) ready++
      continue
    }
    return { ready, reason: `Init:${initReason(pod, container, index)}`, restarts, sidecarRestarts, initializing: true }
  }
  return { ready, reason, restarts, sidecarRestarts, initializing: false }
}

const initReason = (pod: Pod, { state }: Container, index: number): string => {
  if (state?._tag === "Terminated") return deathOf(state)
  if (state?._tag === "Waiting" && isSaid(state.reason) && state.reason !== "PodInitializing") return state.reason
  return `${index}/${listOf(pod.spec.initContainers).length}`
}

const deathOf = ({ reason, signal = 0, exitCode }: { reason?: string; signal?: number; exitCode: number }): string =>
  isSaid(reason) ? reason : signal !== 0 ? `Signal:${signal}` : `ExitCode:${exitCode}`

/** The containers from the last to the first: the first one that has something to say has the last word. */
const mainSummary = (pod: Pod, init: InitSummary): Summary => {
  let { ready, reason } = init
  let [restarts, hasRunning, errorReason] = [init.sidecarRestarts, false, ""]
  for (const container of pod.containers.filter(({ kind }) => kind === "regular").toReversed()) {
    const { state } = container
    restarts = addRestarts(restarts, container)
    if (state?._tag === "Waiting" && isSaid(state.reason)) reason = state.reason
    else if (state?._tag === "Terminated") {
      reason = deathOf(state)
      if (state.exitCode !== 0) errorReason = reason
    } else if (container.ready && state?._tag === "Running") {
      hasRunning = true
      ready++
    }
  }
  if (reason !== "Completed") return { ready, reason, restarts }
  if (hasRunning && isTrue(pod, "Ready")) return { ready, reason: "Running", restarts }
  return { ready, reason: errorReason !== "" ? errorReason : hasRunning ? "NotReady" : reason, restarts }
}

const statusOf = (pod: Pod, reason: string): string => {
  if (pod.metadata.deletionTimestamp === undefined) return reason
  if (pod.reason === "NodeLost") return "Unknown"
  return pod.phase === "Succeeded" || pod.phase === "Failed" ? reason : "Terminating"
}

const readinessGates = (pod: Pod): string => {
  const gates = listOf(pod.spec.readinessGates)
  if (gates.length === 0) return "<none>"
  return `${gates.filter(({ conditionType }) => isTrue(pod, text(conditionType) ?? "")).length}/${gates.length}`
}
