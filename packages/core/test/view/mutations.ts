/** Watch lines that tests may change, and changes of one field of a pod's shape each. */
import type { JsonObject } from "../../src/index.ts"

interface State {
  running?: object
  waiting?: { reason?: string }
  terminated?: { reason?: string; exitCode: number }
}

interface Status {
  phase: string
  reason?: string
  message?: string
  qosClass?: string
  podIP?: string
  startTime?: string
  conditions?: Array<{ type: string; status: string; reason?: string; message?: string }>
  containerStatuses?: Array<{
    ready: boolean
    started?: boolean
    restartCount: number
    image: string
    state: State
    lastState?: State
  }>
}

/** What these tests change of a pod or an Event. */
export interface Changeable {
  kind: string
  reason: string
  message: string
  count: number
  metadata: { deletionTimestamp?: string; deletionGracePeriodSeconds?: number }
  spec: { nodeName?: string; containers: Array<{ imagePullPolicy: string }> }
  status: Status
}

export interface Line {
  type: string
  observedAt: string
  object?: Changeable
}

export const clone = (line: JsonObject): Line => structuredClone(line) as unknown as Line

type Mutation = (pod: Changeable) => boolean

const removal =
  (key: "podIP" | "startTime"): Mutation =>
  ({ status }) =>
    status[key] !== undefined && delete status[key]

const onCondition =
  (change: (condition: NonNullable<Status["conditions"]>[number]) => void): Mutation =>
  ({ status }) => {
    const [condition] = status.conditions ?? []
    if (condition !== undefined) change(condition)
    return condition !== undefined
  }

const onContainer =
  (change: (status: NonNullable<Status["containerStatuses"]>[number]) => unknown): Mutation =>
  ({ status }) => {
    const [container] = status.containerStatuses ?? []
    return container !== undefined && change(container) !== false
  }

const otherExit = (state: State | undefined): boolean => {
  if (state?.terminated === undefined) return false
  state.terminated.exitCode += 1
  return true
}

/** Each changes one field, or answers `false` where the version has no such field. */
export const mutations: { readonly [name: string]: Mutation } = {
  phase: ({ status }) => {
    status.phase = status.phase === "Running" ? "Unknown" : "Running"
    return true
  },
  reason: ({ status }) => {
    status.reason = `${status.reason ?? ""}Evicted`
    return true
  },
  message: ({ status }) => {
    status.message = `${status.message ?? ""}The node was low on memory`
    return true
  },
  qosClass: ({ status }) => {
    status.qosClass = status.qosClass === "Burstable" ? "Guaranteed" : "Burstable"
    return true
  },
  grace: ({ metadata }) => {
    metadata.deletionTimestamp ??= "2026-01-01T00:00:00Z"
    metadata.deletionGracePeriodSeconds = (metadata.deletionGracePeriodSeconds ?? 0) + 7
    return true
  },
  podIP: removal("podIP"),
  startTime: removal("startTime"),
  nodeName: ({ spec }) => spec.nodeName !== undefined && delete spec.nodeName,
  conditionStatus: onCondition((condition) => {
    condition.status = condition.status === "True" ? "False" : "True"
  }),
  conditionReason: onCondition((condition) => {
    condition.reason = `${condition.reason ?? ""}Other`
  }),
  conditionMessage: onCondition((condition) => {
    condition.message = `${condition.message ?? ""} other`
  }),
  conditionGone: ({ status }) => status.conditions?.shift() !== undefined,
  ready: onContainer((container) => {
    container.ready = !container.ready
  }),
  started: onContainer((container) => {
    container.started = container.started !== true
  }),
  restartCount: onContainer((container) => {
    container.restartCount += 1
  }),
  image: onContainer((container) => {
    container.image += "-other"
  }),
  state: onContainer((container) => {
    container.state = container.state.waiting ? { running: {} } : { waiting: { reason: "Other" } }
  }),
  stateReason: onContainer(({ state }) => {
    const part = state.terminated ?? state.waiting
    if (part !== undefined) part.reason = `${part.reason}Other`
    return part !== undefined
  }),
  exitCode: onContainer(({ state }) => otherExit(state)),
  lastExitCode: onContainer(({ lastState }) => otherExit(lastState)),
  statusGone: ({ status }) => status.containerStatuses?.shift() !== undefined
}
