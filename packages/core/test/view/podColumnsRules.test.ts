/** What `kubectl get pods` says of a pod, rule by rule (`printPod`, pkg/printers/internalversion/printers.go). */
import { describe, expect, it } from "vitest"
import { type Instant, parseInstant, SECOND } from "../../src/event/Instant.ts"
import type { JsonObject } from "../../src/event/Json.ts"
import type { PodObject } from "../../src/event/KubernetesObject.ts"
import { humanDuration } from "../../src/view/humanDuration.ts"
import { podColumns, widePodColumns } from "../../src/view/podColumns.ts"

const CREATED = "2026-01-01T00:00:00Z"
const now = parseInstant("2026-01-01T00:10:00Z") as Instant

interface Parts {
  readonly spec?: JsonObject
  readonly status?: JsonObject
  readonly metadata?: JsonObject
}

const podOf = ({ metadata, spec, status }: Parts): PodObject =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "ns", creationTimestamp: CREATED, ...metadata },
    spec: { containers: [{ name: "a" }, { name: "b" }], ...spec },
    status: { phase: "Running", ...status }
  }) as unknown as PodObject

const cells = (parts: Parts) => podColumns(podOf(parts), now)
const [READY, STATUS, RESTARTS, AGE] = [1, 2, 3, 4]

const running = (name: string, ready = true, restartCount = 0) => ({
  name,
  ready,
  restartCount,
  state: { running: { startedAt: CREATED } }
})
const exited = (name: string, exitCode: number, more: JsonObject = {}) => ({
  name,
  ready: false,
  restartCount: 0,
  state: { terminated: { exitCode, ...more } }
})
const waiting = (name: string, reason: string, restartCount = 0) => ({
  name,
  ready: false,
  restartCount,
  state: { waiting: { reason } }
})
const containers = (...containerStatuses: ReadonlyArray<JsonObject>): JsonObject => ({ containerStatuses })
const sidecar = { name: "s", restartPolicy: "Always" }
const readyCondition = { conditions: [{ type: "Ready", status: "True" }] }

describe("the cells of a pod", () => {
  it("C-203, C-204, S-065: its age is that of the clock that asks, cut off, a moment ahead of it nothing", () => {
    expect(cells({})[AGE]).toBe("10m")
    expect(podColumns(podOf({}), (now - 30 * SECOND) as Instant)[AGE]).toBe("9m30s")
    expect(podColumns(podOf({ metadata: { creationTimestamp: undefined } }), now)[AGE]).toBe("<unknown>")
    expect([-3, -0.5, 119, 7_199, 86_400, 172_800].map((seconds) => humanDuration(seconds * SECOND))).toEqual([
      "<invalid>",
      "0s",
      "119s",
      "119m",
      "24h",
      "2d"
    ])
  })

  it("C-206, S-053: READY counts containers that run and are ready, and sidecars that have started", () => {
    expect(cells({ status: containers(running("a"), running("b", false)) })[READY]).toBe("1/2")
    const status = {
      ...containers(running("a"), running("b")),
      initContainerStatuses: [{ ...running("s"), started: true }]
    }
    expect(cells({ spec: { initContainers: [sidecar] }, status })[READY]).toBe("3/3")
    expect(cells({ spec: { initContainers: [sidecar, { name: "i" }] } })[READY]).toBe("0/3")
  })

  it("C-207, S-052, S-064: STATUS is the phase, or the reason, or that it is gated", () => {
    expect(cells({ status: { phase: "Pending" } })[STATUS]).toBe("Pending")
    expect(cells({ status: { phase: "Failed", reason: "Evicted" } })[STATUS]).toBe("Evicted")
    const conditions = [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }]
    expect(cells({ status: { phase: "Pending", conditions } })[STATUS]).toBe("SchedulingGated")
  })

  it("C-208, S-059, S-061: the first init container that has not ended well speaks for the pod", () => {
    const of = (...initContainerStatuses: ReadonlyArray<JsonObject>) =>
      cells({
        spec: { initContainers: [{ name: "i" }, { name: "j" }, sidecar] },
        status: { phase: "Pending", initContainerStatuses }
      })[STATUS]
    expect(of(running("i"))).toBe("Init:0/3")
    expect(of(exited("i", 0), running("j"))).toBe("Init:1/3")
    expect(of(exited("i", 3))).toBe("Init:ExitCode:3")
    expect(of(exited("i", 0), exited("j", 9, { signal: 9 }))).toBe("Init:Signal:9")
    expect(of(exited("i", 1, { reason: "Error" }))).toBe("Init:Error")
    expect(of(waiting("i", "CrashLoopBackOff"))).toBe("Init:CrashLoopBackOff")
    expect(of(waiting("i", "PodInitializing"))).toBe("Init:0/3")
  })

  it("C-209: of containers the first has the last word", () => {
    const of = (...statuses: ReadonlyArray<JsonObject>) => cells({ status: containers(...statuses) })[STATUS]
    expect(of(waiting("a", "ImagePullBackOff"), exited("b", 1, { reason: "Error" }))).toBe("ImagePullBackOff")
    expect(of(exited("a", 1, { reason: "OOMKilled" }), waiting("b", "CrashLoopBackOff"))).toBe("OOMKilled")
    expect(of(exited("a", 5), running("b"))).toBe("ExitCode:5")
    expect(of(exited("a", 5, { signal: 15 }), running("b"))).toBe("Signal:15")
  })

  it("S-057, S-058, S-060, S-062: one that waits says what for", () => {
    const reasons = ["CrashLoopBackOff", "ContainerCreating", "PodInitializing", "PostStartHookError"]
    for (const reason of reasons) expect(cells({ status: containers(waiting("a", reason)) })[STATUS]).toBe(reason)
  })

  it("C-210, S-056, S-063: one that has completed beside others is Running if the pod is ready, else NotReady", () => {
    const done = exited("a", 0, { reason: "Completed" })
    expect(cells({ status: { ...containers(done, running("b")), ...readyCondition } })[STATUS]).toBe("Running")
    expect(cells({ status: containers(done, running("b")) })[STATUS]).toBe("NotReady")
    expect(cells({ status: containers(done, exited("b", 0, { reason: "Completed" })) })[STATUS]).toBe("Completed")
    expect(cells({ status: containers(done, exited("b", 1, { reason: "Error" })) })[STATUS]).toBe("Error")
  })

  it("C-211, S-055, S-251: one that is being deleted is Terminating until it has ended, and Unknown on a lost node", () => {
    const metadata = { deletionTimestamp: "2026-01-01T00:09:00Z" }
    const status = containers(running("a"), running("b"))
    expect(cells({ metadata, status })[STATUS]).toBe("Terminating")
    expect(cells({ metadata, status: { ...status, reason: "NodeLost" } })[STATUS]).toBe("Unknown")
    const ended = containers(exited("a", 1, { reason: "Error" }), exited("b", 1, { reason: "Error" }))
    expect(cells({ metadata, status: { ...ended, phase: "Failed" } })[STATUS]).toBe("Error")
  })

  it("C-212, S-054: RESTARTS are those of all that counts, with the time since the last", () => {
    const lastOf = (finishedAt: string) => ({ lastState: { terminated: { exitCode: 1, finishedAt } } })
    const status = containers(
      { ...running("a", true, 2), ...lastOf("2026-01-01T00:08:00Z") },
      { ...running("b", true, 1), ...lastOf("2026-01-01T00:09:00Z") }
    )
    expect(cells({ status })[RESTARTS]).toBe("3 (60s ago)")
    expect(cells({ status: containers(running("a", true, 2)) })[RESTARTS]).toBe("2")
    const initializing = { phase: "Pending", initContainerStatuses: [waiting("i", "CrashLoopBackOff", 4)] }
    expect(cells({ spec: { initContainers: [{ name: "i" }] }, status: initializing })[RESTARTS]).toBe("4")
  })

  it("C-213: wide cells are <none> where there is nothing", () => {
    expect(widePodColumns(podOf({}), now).slice(5)).toEqual(["<none>", "<none>", "<none>", "<none>"])
    const wide = widePodColumns(
      podOf({
        spec: { nodeName: "n", readinessGates: [{ conditionType: "x/y" }, { conditionType: "x/z" }] },
        status: { podIPs: [{ ip: "10.0.0.1" }], conditions: [{ type: "x/y", status: "True" }] }
      }),
      now
    )
    expect(wide.slice(5)).toEqual(["10.0.0.1", "n", "<none>", "1/2"])
  })
})
