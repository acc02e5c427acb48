/** Examples of the laws of pods and their containers. */
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
  L40: {
    broken: [main({ state: { running: {} } }), main({ state: { running: {} }, restartCount: 1 })],
    kept: [main({ state: { running: {} } }), main({ lastState: { terminated: { exitCode: 1 } }, restartCount: 1 })]
  },
  L42: {
    broken: [{ spec: never, ...main({ restartCount: 1 }) }],
    kept: [{ spec: never, ...main({ restartCount: 0 }) }]
  },
  "K-210": {
    broken: [{ status: { startTime: "2026-01-01T00:00:00Z" } }, { status: { startTime: "2026-01-01T00:00:01Z" } }],
    kept: [{ status: { startTime: "2026-01-01T00:00:00Z" } }, { status: { startTime: "2026-01-01T00:00:00Z" } }]
  }
}
