/** READY, STATUS and RESTARTS of a pod (`printPod`, pkg/printers/internalversion/printers.go). */
import { type Instant, parseInstant } from "../../../event/Instant.ts"
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { humanDuration } from "../../humanDuration.ts"
import { at, isTrue, itemsAt, numberAt, orElse, specOf, statusOf, textAt } from "../cells.ts"

interface Restarts {
  readonly count: number
  /** When the last one of them had died. */
  readonly last: Instant | undefined
}

const noRestarts: Restarts = { count: 0, last: undefined }

/** What of a pod the summary is made of, read once. */
interface Read {
  readonly status: JsonObject
  readonly conditions: ReadonlyArray<JsonObject>
  readonly initContainers: ReadonlyArray<JsonObject>
  readonly sidecars: ReadonlySet<string>
}

interface Summary {
  readonly ready: number
  readonly reason: string
  readonly restarts: Restarts
}

interface InitSummary extends Summary {
  /** An init container has not done its work yet. */
  readonly initializing: boolean
  readonly sidecarRestarts: Restarts
}

/** Their texts as cells. */
export interface PodSummary {
  readonly ready: string
  readonly reason: string
  readonly restarts: string
}

export const podSummary = (pod: KubernetesObject, now: Instant): PodSummary => {
  const spec = specOf(pod)
  const status = statusOf(pod)
  const initContainers = itemsAt(spec, "initContainers")
  const read = {
    status,
    conditions: itemsAt(status, "conditions"),
    initContainers,
    sidecars: sidecarsAmong(initContainers)
  }
  const init = initSummary(read)
  const { ready, reason, restarts } =
    init.initializing && !isTrue(read.conditions, "Initialized") ? init : mainSummary(read, init)
  const { count, last } = restarts
  return {
    ready: `${ready}/${itemsAt(spec, "containers").length + restartableCount(initContainers)}`,
    reason: endedReason(pod, status, reason),
    restarts: count !== 0 && last !== undefined ? `${count} (${humanDuration(now - last)} ago)` : `${count}`
  }
}

const noSidecars: ReadonlySet<string> = new Set()

const isRestartable = (container: JsonObject): boolean => container["restartPolicy"] === "Always"

const restartableCount = (initContainers: ReadonlyArray<JsonObject>): number =>
  initContainers.length === 0 ? 0 : initContainers.filter(isRestartable).length

/** Init containers that may restart (sidecars) count as containers. */
const sidecarsAmong = (initContainers: ReadonlyArray<JsonObject>): ReadonlySet<string> =>
  initContainers.length === 0
    ? noSidecars
    : new Set(initContainers.filter(isRestartable).map((container) => textAt(container, "name")))

const addRestarts = ({ count, last }: Restarts, container: JsonObject): Restarts => {
  const finished = at(at(container, "lastState"), "terminated")["finishedAt"]
  const died = typeof finished === "string" ? parseInstant(finished) : undefined
  return {
    count: count + numberAt(container, "restartCount"),
    last: died !== undefined && (last === undefined || last < died) ? died : last
  }
}

/** What is said of a pod before its containers are asked. */
const frameReason = ({ status, conditions }: Read): string =>
  conditions.some(({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated")
    ? "SchedulingGated"
    : orElse(textAt(status, "reason"), textAt(status, "phase"))

const initSummary = (read: Read): InitSummary => {
  const reason = frameReason(read)
  let [ready, restarts, sidecarRestarts] = [0, noRestarts, noRestarts]
  for (const [index, container] of itemsAt(read.status, "initContainerStatuses").entries()) {
    const isSidecar = read.sidecars.has(textAt(container, "name"))
    restarts = addRestarts(restarts, container)
    if (isSidecar) sidecarRestarts = addRestarts(sidecarRestarts, container)
    const { terminated } = at(container, "state")
    if (isJsonObject(terminated) && numberAt(terminated, "exitCode") === 0) continue
    if (isSidecar && container["started"] === true) {
      if (container["ready"] === true) ready++
      continue
    }
    const told = `Init:${initReason(at(container, "state"), `${index}/${read.initContainers.length}`)}`
    return { ready, reason: told, restarts, sidecarRestarts, initializing: true }
  }
  return { ready, reason, restarts, sidecarRestarts, initializing: false }
}

const initReason = (state: JsonObject, progress: string): string => {
  if (isJsonObject(state["terminated"])) return deathOf(state["terminated"])
  const waiting = textAt(at(state, "waiting"), "reason")
  return waiting !== "" && waiting !== "PodInitializing" ? waiting : progress
}

const deathOf = (terminated: JsonObject): string => {
  const reason = textAt(terminated, "reason")
  if (reason !== "") return reason
  const signal = numberAt(terminated, "signal")
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${numberAt(terminated, "exitCode")}`
}

/** The containers from the last to the first: the first one that has something to say has the last word. */
const mainSummary = ({ conditions, status }: Read, init: InitSummary): Summary => {
  let { ready, reason } = init
  let [restarts, hasRunning, errorReason] = [init.sidecarRestarts, false, ""]
  const statuses = itemsAt(status, "containerStatuses")
  for (let i = statuses.length - 1; i >= 0; i--) {
    const container = statuses[i] as JsonObject
    const state = at(container, "state")
    restarts = addRestarts(restarts, container)
    const waiting = textAt(at(state, "waiting"), "reason")
    if (waiting !== "") reason = waiting
    else if (isJsonObject(state["terminated"])) {
      reason = deathOf(state["terminated"])
      if (numberAt(state["terminated"], "exitCode") !== 0) errorReason = reason
    } else if (container["ready"] === true && isJsonObject(state["running"])) {
      hasRunning = true
      ready++
    }
  }
  if (reason !== "Completed") return { ready, reason, restarts }
  if (hasRunning && isReady(conditions)) return { ready, reason: "Running", restarts }
  return { ready, reason: errorReason !== "" ? errorReason : hasRunning ? "NotReady" : reason, restarts }
}

/** `hasPodReadyCondition`: any of them. */
const isReady = (conditions: ReadonlyArray<JsonObject>): boolean =>
  conditions.some(({ type, status }) => type === "Ready" && status === "True")

const endedReason = (pod: KubernetesObject, status: JsonObject, reason: string): string => {
  if (textAt(pod.metadata, "deletionTimestamp") === "") return reason
  if (status["reason"] === "NodeLost") return "Unknown"
  return status["phase"] === "Succeeded" || status["phase"] === "Failed" ? reason : "Terminating"
}
