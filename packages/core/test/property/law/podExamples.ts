/** Examples of the laws of pods and their containers. */
import type { JsonObject } from "../../../src/event/Json.ts"
import { containerStatus, type Version } from "../../../src/testing/lifeOf.ts"
import type { Examples } from "./Example.ts"

export const main = (more: object) => ({ status: { containerStatuses: [containerStatus(more as never)] } })
const marked = (deletionTimestamp: string, deletionGracePeriodSeconds: number): Version => ({
  metadata: { deletionTimestamp, deletionGracePeriodSeconds }
})
const ended = (exitCode: number): Version => ({
  status: { phase: "Succeeded", containerStatuses: [containerStatus({ state: { terminated: { exitCode } } })] }
})
export const never = { restartPolicy: "Never" }

const withCondition = (...types: ReadonlyArray<string>) => types.map((type) => ({ type, status: "True" }))
const gated = { readinessGates: [{ conditionType: "open" }] }
const startupProbe = { spec: { containers: [{ name: "main", image: "i", startupProbe: {} }] } }

const running = () => containerStatus({ containerID: "c://1", state: { running: {} } })
const exit = (exitCode: number) => ({ terminated: { exitCode } })
/** Of a pod with these init containers. */
const inits = (states: JsonObject): Version => ({
  spec: { initContainers: ["first", "second"].map((name) => ({ name, image: "i" })) },
  status: {
    initContainerStatuses: Object.entries(states).map(([name, state]) =>
      containerStatus({ name, state, containerID: `c://${name}` })
    )
  }
})
/** Of a pod with one init container, and what else is reported. */
const initialized = (state: JsonObject, ...containerStatuses: ReadonlyArray<JsonObject>): Version => ({
  spec: { initContainers: [{ name: "first", image: "i" }] },
  status: { ...inits({ first: state }).status, containerStatuses }
})
const neverInit = (state: JsonObject, phase: string): Version => {
  const { spec, status } = initialized(state)
  return { spec: { ...spec, ...never }, status: { ...status, phase } }
}
const atAddress = (name: string, podIP: string): Version => ({
  metadata: { name },
  status: { podIP, containerStatuses: [running()] }
})

const runs = (instance: number) => ({ containerID: `c://${instance}`, state: { running: {} } })
const exitOf = (instance: number, exitCode: number) => ({ terminated: { exitCode, containerID: `c://${instance}` } })
const second = (of: number): string => `2026-01-01T00:00:${String(of).padStart(2, "0")}Z`
/** It runs since one second; the instance before ended at another. */
const crashed = (restartCount: number, startedAt: number, finishedAt: number) => ({
  restartCount,
  state: { running: { startedAt: second(startedAt) } },
  lastState: { terminated: { exitCode: 1, finishedAt: second(finishedAt) } }
})
const probed = { spec: { containers: [{ name: "main", image: "i", livenessProbe: {} }] } }
const killing = (probe: string): Version => ({
  kind: "Event",
  metadata: { name: "e" },
  more: {
    reason: "Killing",
    message: `Container main failed ${probe} probe, will be restarted`,
    involvedObject: { kind: "Pod", uid: "uid-of-Pod-p" }
  }
})
const withSidecar = (state: JsonObject): Version => ({
  spec: { ...never, initContainers: [{ name: "sidecar", image: "i", restartPolicy: "Always" }] },
  status: { containerStatuses: [containerStatus({ state })] }
})
const stopped: Version = {
  metadata: { deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds: 30 },
  spec: { initContainers: [{ name: "sidecar", image: "i", restartPolicy: "Always" }] }
}
const fact = (name: string, tag: "ProcessStarted" | "ProcessExited" | "SignalSent"): Version => {
  const kind = name === "sidecar" ? "init" : "regular"
  const one = { container: name, kind, containerID: `c://${name}` } as const
  if (tag === "ProcessStarted") return { fact: { _tag: tag, ...one } }
  return { fact: tag === "SignalSent" ? { _tag: tag, ...one, signal: 15 } : { _tag: tag, ...one, exitCode: 0 } }
}
const succeeded = (at: number): Version => ({ at, spec: never, status: { phase: "Succeeded" } })

export const podExamples: Examples = {
  L1: {
    broken: [{ metadata: { uid: "a" } }, { metadata: { uid: "b" } }],
    kept: [{ metadata: { uid: "a" } }, { metadata: { uid: "a" }, change: "DELETED" }, { metadata: { uid: "b" } }]
  },
  L2: {
    broken: [{}, { change: "DELETED" }, { metadata: { resourceVersion: "1" } }],
    kept: [{}, { change: "DELETED" }]
  },
  L3: { broken: [{ spec: { nodeName: "a" } }, { spec: { nodeName: "b" } }], kept: [{}, { spec: { nodeName: "a" } }] },
  L4: {
    broken: [marked("2026-01-01T00:00:10Z", 10), marked("2026-01-01T00:00:30Z", 30)],
    kept: [marked("2026-01-01T00:00:30Z", 30), marked("2026-01-01T00:00:10Z", 10)]
  },
  L5: {
    broken: [{}, { metadata: { resourceVersion: "1" } }],
    kept: [{}, {}, { change: "ADDED", metadata: { resourceVersion: "1" } }]
  },
  L6: {
    broken: [{}, { change: "DELETED", metadata: { finalizers: ["f"] } }],
    kept: [{}, { change: "DELETED", metadata: { finalizers: ["f"], deletionTimestamp: "2026-01-01T00:00:00Z" } }]
  },
  L10: {
    broken: [{ status: { phase: "Failed" } }, { status: { phase: "Running" } }],
    kept: [{ status: { phase: "Running" } }, { status: { phase: "Failed" } }, { status: { phase: "Failed" } }]
  },
  L11: {
    broken: [{ status: { phase: "Running" } }, { status: { phase: "Pending" } }],
    kept: [{ status: { phase: "Pending" } }, { status: { phase: "Running" } }, { status: { phase: "Failed" } }]
  },
  L12: { broken: [ended(1)], kept: [ended(0)] },
  L13: {
    broken: [{ status: { phase: "Failed", containerStatuses: [containerStatus()] } }],
    kept: [{ status: { phase: "Failed", reason: "Evicted" } }]
  },
  L14: {
    broken: [{ status: { phase: "Succeeded" } }],
    kept: [{ status: { phase: "Failed", conditions: withCondition("DisruptionTarget") } }]
  },
  L15: {
    broken: [{ status: { phase: "Running", conditions: withCondition("PodScheduled") } }],
    kept: [{ spec: { nodeName: "n" }, status: { phase: "Running", conditions: withCondition("PodScheduled") } }]
  },
  L16: {
    broken: [{ status: { phase: "Running", containerStatuses: [running(), containerStatus({ name: "two" })] } }],
    kept: [{ status: { phase: "Running", containerStatuses: [running()] } }]
  },
  L20: {
    broken: [
      { status: { conditions: withCondition("Ready", "ContainersReady"), containerStatuses: [containerStatus()] } }
    ],
    kept: [
      {
        status: {
          conditions: withCondition("Ready", "ContainersReady"),
          containerStatuses: [containerStatus({ ready: true })]
        }
      }
    ]
  },
  L21: {
    broken: [
      { spec: gated, status: { conditions: withCondition("open", "Ready") } },
      { spec: gated, status: { conditions: withCondition("Ready") } },
      { at: 20, spec: gated, status: { conditions: withCondition("Ready") } }
    ],
    kept: [
      { spec: gated, status: { conditions: withCondition("Ready") } },
      { at: 9, spec: gated },
      { at: 20, spec: gated }
    ]
  },
  L22: {
    broken: [main({ state: { waiting: {} }, ready: true })],
    kept: [main({ state: { running: {} }, ready: true, started: true })]
  },
  L23: {
    broken: [{ ...startupProbe, ...main({ started: false, ready: true }) }],
    kept: [
      { ...startupProbe, ...main({ started: true }) },
      { ...startupProbe, ...main({ started: false, ready: true }) }
    ]
  },
  L24: {
    broken: [{ status: { conditions: withCondition("Ready") } }],
    kept: [{ status: { conditions: withCondition("Initialized", "Ready") } }]
  },
  L25: {
    broken: [{ status: { phase: "Failed", conditions: withCondition("Ready") } }],
    kept: [{ status: { phase: "Failed" } }]
  },
  L26: {
    broken: [main(runs(1)), killing("readiness")],
    kept: [{ ...probed, ...main(runs(1)) }, killing("liveness")]
  },
  L30: {
    broken: [initialized({ running: {} }), { ...initialized({ running: {} }, running()) }],
    kept: [initialized(exit(0)), initialized(exit(0), running())]
  },
  L31: {
    broken: [inits({ first: exit(1) }), inits({ first: exit(1), second: { running: {} } })],
    kept: [inits({ first: { running: {} } }), inits({ first: exit(0), second: { running: {} } })]
  },
  L32: {
    broken: [inits({ first: { running: {} }, second: { running: {} } })],
    kept: [inits({ first: exit(0), second: { running: {} } })]
  },
  L33: {
    broken: [inits({ first: exit(0) }), inits({ first: { waiting: { reason: "PodInitializing" } } })],
    kept: [inits({ first: exit(0) }), inits({ first: exit(0), second: { running: {} } })]
  },
  L34: {
    broken: [stopped, fact("main", "ProcessStarted"), fact("sidecar", "ProcessStarted"), fact("sidecar", "SignalSent")],
    kept: [
      ...[stopped, fact("main", "ProcessStarted"), fact("sidecar", "ProcessStarted"), fact("main", "SignalSent")],
      ...[fact("main", "ProcessExited"), stopped, fact("sidecar", "SignalSent")],
      { ...fact("sidecar", "ProcessExited"), at: 20 }
    ]
  },
  L35: {
    broken: [neverInit(exit(1), "Pending"), { ...neverInit(exit(1), "Pending"), at: 60 }],
    kept: [neverInit(exit(1), "Pending"), { ...neverInit(exit(1), "Failed"), at: 40 }]
  },
  L36: {
    broken: [withSidecar({ running: {} }), { ...withSidecar(exit(0)), at: 10 }, { ...withSidecar(exit(0)), at: 60 }],
    kept: [withSidecar({ running: {} }), { ...withSidecar(exit(0)), at: 10 }, succeeded(50), succeeded(60)]
  },
  L40: {
    broken: [main({ state: { running: {} } }), main({ state: { running: {} }, restartCount: 1 })],
    kept: [main({ state: { running: {} } }), main({ lastState: { terminated: { exitCode: 1 } }, restartCount: 1 })]
  },
  L41: {
    broken: [main({ restartCount: 1 }), main({ restartCount: 0 })],
    kept: [main({ restartCount: 1 }), main({ restartCount: 2 })]
  },
  L42: {
    broken: [{ spec: never, ...main({ restartCount: 1 }) }],
    kept: [{ spec: never, ...main({ restartCount: 0 }) }]
  },
  L43: {
    broken: [main(crashed(1, 10, 0)), main(crashed(2, 25, 21))],
    kept: [main(crashed(1, 10, 0)), main(crashed(2, 31, 21))]
  },
  L45: {
    broken: [main(runs(1)), main({ ...runs(1), state: exitOf(1, 1) }), { at: 60 }],
    kept: [main(runs(1)), main({ ...runs(1), state: exitOf(1, 1) }), { at: 10, ...main(runs(2)) }, { at: 60 }]
  },
  L46: {
    broken: [{ ...probed, ...main(runs(1)) }, killing("liveness"), { at: 120, ...probed, ...main(runs(1)) }],
    kept: [{ ...probed, ...main(runs(1)) }, killing("liveness"), main({ state: exit(137) }), { at: 120 }]
  },
  L50: {
    broken: [{ status: { containerStatuses: [running()] } }],
    kept: [{ status: { conditions: withCondition("PodReadyToStartContainers"), containerStatuses: [running()] } }]
  },
  O1: { broken: [{ status: { phase: "Unknown" } }], kept: [{ status: { phase: "Pending" } }] },
  O2: {
    broken: [marked("2026-01-01T00:00:10Z", 10), { metadata: { deletionTimestamp: "2026-01-01T00:00:10Z" } }],
    kept: [marked("2026-01-01T00:00:10Z", 10), marked("2026-01-01T00:00:10Z", 10)]
  },
  O3: { broken: [main({}), { status: { containerStatuses: [] } }], kept: [main({}), main({ restartCount: 1 })] },
  O4: {
    broken: [main({ lastState: exit(1) }), main({ lastState: {} })],
    kept: [main({ lastState: exit(1) }), main({ lastState: exit(2) })]
  },
  O5: {
    broken: [atAddress("one", "10.0.0.1"), atAddress("other", "10.0.0.1")],
    kept: [atAddress("one", "10.0.0.1"), atAddress("other", "10.0.0.2")]
  },
  "K-210": {
    broken: [{ status: { startTime: "2026-01-01T00:00:00Z" } }, { status: { startTime: "2026-01-01T00:00:01Z" } }],
    kept: [{ status: { startTime: "2026-01-01T00:00:00Z" } }, { status: { startTime: "2026-01-01T00:00:00Z" } }]
  }
}
