/** Examples of the laws of nodes, workloads and whatever else is in a cluster. */
import { containerStatus, type Version } from "../../../src/testing/lifeOf.ts"
import type { Examples } from "./Example.ts"

const time = (second: number): string =>
  `2026-01-01T00:${String(Math.floor(second / 60)).padStart(2, "0")}:${String(second % 60).padStart(2, "0")}Z`
const on = { nodeName: "n" }
const node = (at: number, ready: string, more: object = {}): Version => ({
  at,
  kind: "Node",
  metadata: { name: "n" },
  status: { conditions: [{ type: "Ready", status: ready }] },
  ...more
})
/** Its deletion was asked for at second 1, with a grace of 10 s. */
const marked = (at: number, status: object = {}, grace = 10): Version => ({
  at,
  metadata: { deletionTimestamp: time(11), deletionGracePeriodSeconds: grace },
  spec: on,
  status: { phase: "Running", containerStatuses: [runs], ...status }
})
const runs = containerStatus({ containerID: "c://1", state: { running: { startedAt: time(1) } } })
const over = containerStatus({
  containerID: "c://1",
  state: { terminated: { exitCode: 0, startedAt: time(1), finishedAt: time(2) } }
})
const gone = (version: Version): Version => ({ ...version, change: "DELETED" })

export const clusterExamples: Examples = {
  L60: {
    broken: [node(0, "True"), { spec: on }, marked(2), node(43, "True"), node(45, "True")],
    kept: [node(0, "True"), { spec: on }, marked(2), gone(marked(40)), node(60, "True")]
  },
  L61: {
    broken: [{ spec: on }, marked(2), gone(marked(3, { containerStatuses: [over] }, 0))],
    kept: [
      { spec: on },
      marked(2),
      marked(3, { phase: "Succeeded", containerStatuses: [over] }),
      gone(marked(4, { phase: "Succeeded" }, 0))
    ]
  },
  L66: {
    broken: [node(0, "True"), { spec: on }, marked(2), node(50, "Unknown"), gone(marked(60))],
    kept: [node(0, "True"), { spec: on }, marked(2), node(50, "Unknown"), marked(60, {}, 0), gone(marked(61, {}, 0))]
  },
  L96: {
    broken: [{ status: { startTime: time(2), containerStatuses: [runs] } }],
    kept: [{ status: { startTime: time(1), containerStatuses: [over] } }]
  }
}
