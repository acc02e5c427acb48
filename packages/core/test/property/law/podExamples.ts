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
const conditions = [
  { type: "Ready", status: "True" },
  { type: "ContainersReady", status: "True" }
]
export const never = { restartPolicy: "Never" }

export const podExamples: Examples = {
  L3: { broken: [{ spec: { nodeName: "a" } }, { spec: { nodeName: "b" } }], kept: [{}, { spec: { nodeName: "a" } }] },
  L4: {
    broken: [marked("2026-01-01T00:00:10Z", 10), marked("2026-01-01T00:00:30Z", 30)],
    kept: [marked("2026-01-01T00:00:30Z", 30), marked("2026-01-01T00:00:10Z", 10)]
  },
  L10: {
    broken: [{ status: { phase: "Failed" } }, { status: { phase: "Running" } }],
    kept: [{ status: { phase: "Running" } }, { status: { phase: "Failed" } }, { status: { phase: "Failed" } }]
  },
  L12: { broken: [ended(1)], kept: [ended(0)] },
  L20: {
    broken: [{ status: { conditions, containerStatuses: [containerStatus()] } }],
    kept: [{ status: { conditions, containerStatuses: [containerStatus({ ready: true })] } }]
  },
  L22: {
    broken: [main({ state: { waiting: {} }, ready: true })],
    kept: [main({ state: { running: {} }, ready: true, started: true })]
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
