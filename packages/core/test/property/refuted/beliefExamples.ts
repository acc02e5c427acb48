/** For each refuted belief a short history that breaks it with its last event. */
import { containerStatus, type Version } from "../../../src/testing/lifeOf.ts"

const time = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`
const on = { nodeName: "n" }
const run = (containerID: string, more: object = {}) =>
  containerStatus({ containerID, state: { running: { startedAt: time(1) } }, ...more })
const end = (exitCode: number, more: object = {}) =>
  containerStatus({ containerID: "c://1", state: { terminated: { exitCode, startedAt: time(1), ...more } } })
const crashing = containerStatus({ state: { waiting: { reason: "CrashLoopBackOff" } } })
const main = (status: object, more: object = {}): Version => ({
  status: { containerStatuses: [status as never], ...more }
})
const ready = { conditions: [{ type: "Ready", status: "True" }] }
const node = (at: number, status: string): Version => ({
  at,
  kind: "Node",
  metadata: { name: "n" },
  status: { conditions: [{ type: "Ready", status }] }
})
const mark = (grace: number) => ({ deletionTimestamp: time(11), deletionGracePeriodSeconds: grace })
const told = (reason: string, name: string, message = ""): Version => ({
  kind: "Event",
  metadata: { name },
  more: { reason, message, involvedObject: { kind: "Pod", uid: "uid-of-Pod-p", fieldPath: "spec.containers{main}" } }
})
const owned = (kind: string) => ({
  ownerReferences: [{ apiVersion: "apps/v1", kind, name: "w", uid: `uid-of-${kind}-w`, controller: true }]
})
const podOf = (kind: string, name: string, more: object = {}): Version => ({
  metadata: { name, creationTimestamp: time(0), ...owned(kind), ...more },
  status: ready
})
const init = (exitCode: number | undefined, restartCount = 0): Version => ({
  spec: { initContainers: [{ name: "init", image: "i" }] },
  status: {
    initContainerStatuses: [
      containerStatus({
        name: "init",
        restartCount,
        state: exitCode === undefined ? { running: {} } : { terminated: { exitCode } }
      })
    ]
  }
})
const rolling = { replicas: 1, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } }

export const beliefExamples: { readonly [belief: string]: ReadonlyArray<Version> } = {
  R1: [main(run("c://1", { restartCount: 1 })), main(run("c://2", { restartCount: 0 }))],
  R2: [{}, main(run("c://1"), { phase: "Pending" })],
  R3: [{}, main(crashing, { phase: "Running" })],
  R4: [{}, { metadata: mark(10) }, { at: 12, kind: "Node" }],
  R5: [{ status: ready }, { metadata: mark(10), status: ready }],
  R6: [
    { spec: { restartPolicy: "Never" } },
    { spec: { restartPolicy: "Never" }, ...main(run("c://2", { restartCount: 1 })) }
  ],
  R7: [init(undefined), init(0), init(undefined, 1)],
  R8: [{}, told("FailedPreStopHook", "first"), told("FailedPreStopHook", "second")],
  R9: [
    { metadata: owned("StatefulSet") },
    { change: "DELETED", metadata: owned("StatefulSet"), ...main(run("c://1")) }
  ],
  R10: [
    { kind: "Deployment", apiVersion: "apps/v1", metadata: { name: "w" }, spec: rolling },
    { kind: "ReplicaSet", apiVersion: "apps/v1", metadata: { name: "w", ...owned("Deployment") } },
    podOf("ReplicaSet", "old", mark(30)),
    podOf("ReplicaSet", "new")
  ],
  R11: [node(0, "True"), { spec: on, status: ready }, node(2, "Unknown")],
  R12: [node(0, "True"), { spec: on }, node(2, "False"), { at: 303, metadata: { name: "q" } }],
  R13: [{ status: { phase: "Running" } }, { status: { phase: "Failed", reason: "NodeAffinity" } }],
  R14: [{ at: 60, metadata: { creationTimestamp: time(0) } }],
  R15: [
    node(0, "True"),
    { spec: on, status: { phase: "Running" } },
    node(2, "Unknown"),
    { at: 33, metadata: { name: "q" } }
  ],
  R16: [{}, told("Scheduled", "e"), { ...told("Scheduled", "e"), change: "DELETED" }],
  R17: [
    { kind: "StatefulSet", apiVersion: "apps/v1", metadata: { name: "w" }, spec: { replicas: 2 } },
    { ...podOf("StatefulSet", "w-1"), status: {} },
    podOf("StatefulSet", "w-0")
  ],
  R18: [main(end(0, { finishedAt: time(1) }))],
  R19: [main(run("c://1")), told("Unhealthy", "e", "Liveness probe failed: "), { at: 62, kind: "Node" }],
  R20: [{}, { metadata: { uid: "another" } }],
  R21: [{}, main(end(0), { phase: "Running" })]
}
