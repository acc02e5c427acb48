import { describe, expect, it } from "vitest"
import {
  countResult,
  newWorkerState,
  type ProbeWorker,
  prepareProbe,
  type WorkerState
} from "../../../../src/decide/kubelet/prober/doProbe.ts"
import type { ProbeResult, ProbeType } from "../../../../src/decide/kubelet/prober/ProbeResults.ts"
import { type Instant, later, parseInstant, SECOND } from "../../../../src/event/Instant.ts"
import type { Probe } from "../../../../src/event/KubernetesObject.ts"
import { parsePod } from "../../../../src/state/parsePod.ts"

const start = parseInstant("2026-01-01T00:00:00Z") as Instant

interface Given {
  readonly type?: ProbeType
  readonly probe?: Probe
  readonly restartPolicy?: string
  readonly deleted?: boolean
  readonly kubelet?: Instant
}

const workerOf = ({
  deleted,
  kubelet,
  probe = {},
  restartPolicy = "Always",
  type = "liveness"
}: Given = {}): ProbeWorker => {
  const container = { name: "main", image: "i" }
  const pod = parsePod({
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name: "p", ...(deleted === true ? { deletionTimestamp: "2026-01-01T00:00:01Z" } : {}) },
    spec: { containers: [container], restartPolicy },
    status: {}
  })
  return { pod, container, sidecar: false, type, probe, proberStart: kubelet ?? later(start, -3_600 * SECOND) }
}

const running = (started = true) => ({ state: { running: { startedAt: "2026-01-01T00:00:00Z" } }, started })
const exited = (exitCode: number) => ({ state: { terminated: { exitCode } }, started: false })

const statusOf = (container: object | undefined, id = "1", phase = "Running") =>
  parsePod({
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name: "p" },
    spec: { containers: [{ name: "main", image: "i" }] },
    status: {
      phase,
      containerStatuses: [
        {
          name: "main",
          image: "i",
          imageID: "",
          ready: false,
          restartCount: 0,
          lastState: {},
          ...(container === undefined
            ? { state: { waiting: {} } }
            : { containerID: `containerd://${id}`, ...container })
        }
      ]
    }
  })

const at = (seconds: number): Instant => later(start, seconds * SECOND)
const seen: WorkerState = { ...newWorkerState, containerID: "1" }

describe("a worker's tick (K-152)", () => {
  it("waits without a status or a container, and ends with the pod", () => {
    expect(prepareProbe(workerOf(), newWorkerState, undefined, at(1)).next).toBe("Wait")
    expect(prepareProbe(workerOf(), newWorkerState, statusOf(undefined), at(1)).next).toBe("Wait")
    expect(prepareProbe(workerOf(), newWorkerState, statusOf(running(), "1", "Succeeded"), at(1)).next).toBe("End")
  })

  it.each([
    ["readiness", "Failure"],
    ["liveness", "Success"],
    ["startup", "Unknown"]
  ] as const)("publishes the initial result of a new container: %s %s", (type, result) => {
    const before = { ...newWorkerState, containerID: "0", onHold: true, resultRun: 2 }
    const made = prepareProbe(workerOf({ type }), before, statusOf(running(type !== "startup")), at(1))
    expect(made).toMatchObject({ drop: "0", publish: [result], next: "Probe" })
    // T-15: the run of equal results stays.
    expect(made.state).toEqual({ ...before, containerID: "1", onHold: false })
  })

  it("K-163: leaves a container alone that ran long before the kubelet", () => {
    const kubelet = (seconds: number) => workerOf({ type: "readiness", kubelet: at(seconds) })
    expect(prepareProbe(kubelet(10), newWorkerState, statusOf(running()), at(20)).publish).toEqual(["Failure"])
    expect(prepareProbe(kubelet(11), newWorkerState, statusOf(running()), at(20)).publish).toEqual([])
  })

  it("K-156: does nothing while on hold", () => {
    expect(prepareProbe(workerOf(), { ...seen, onHold: true }, statusOf(running()), at(1)).next).toBe("Wait")
  })

  it("takes a container that does not run for a failure, and ends when it never will again", () => {
    const tick = (restartPolicy: string, code: number) =>
      prepareProbe(workerOf({ restartPolicy }), seen, statusOf(exited(code)), at(1))
    expect(tick("Always", 0)).toMatchObject({ publish: ["Failure"], next: "Wait" })
    expect(tick("OnFailure", 1).next).toBe("Wait")
    expect(tick("OnFailure", 0).next).toBe("End")
    expect(tick("Never", 1).next).toBe("End")
  })

  it("ends quietly when it was made for a pod that was on its way out", () => {
    const made = prepareProbe(workerOf({ deleted: true }), seen, statusOf(running()), at(1))
    expect(made).toMatchObject({ publish: ["Success"], next: "End" })
    expect(prepareProbe(workerOf({ deleted: true, type: "readiness" }), seen, statusOf(running()), at(1)).next).toBe(
      "Probe"
    )
  })

  it("X-28, K-153, T-29: counts the initial delay from the whole second of startedAt", () => {
    const worker = workerOf({ probe: { initialDelaySeconds: 3 } })
    expect(prepareProbe(worker, seen, statusOf(running()), at(2.999))).toMatchObject({ next: "Wait", until: at(3) })
    expect(prepareProbe(worker, seen, statusOf(running()), at(3)).next).toBe("Probe")
  })

  it("K-154: probes startup until the container has started, the others from then on", () => {
    const next = (type: ProbeType, started: boolean) =>
      prepareProbe(workerOf({ type }), seen, statusOf(running(started)), at(1)).next
    expect([next("startup", false), next("startup", true)]).toEqual(["Probe", "Wait"])
    expect([next("liveness", false), next("liveness", true)]).toEqual(["Wait", "Probe"])
    expect([next("readiness", false), next("readiness", true)]).toEqual(["Wait", "Probe"])
  })
})

describe("the run of equal results (K-155)", () => {
  const published = (worker: ProbeWorker, ...results: ReadonlyArray<ProbeResult>): string => {
    let state = seen
    return results
      .map((result) => {
        const counted = countResult(worker, state, result)
        state = counted.state
        return counted.publish ? (state.onHold ? "H" : "P") : "-"
      })
      .join("")
  }

  it("publishes a result from its threshold on", () => {
    const worker = workerOf({ type: "readiness", probe: { failureThreshold: 3, successThreshold: 2 } })
    expect(published(worker, "Failure", "Failure", "Failure", "Failure", "Success", "Success", "Failure")).toBe(
      "--PP-P-"
    )
  })

  it("X-28, K-156: a failed liveness probe and every result of a startup probe settle the matter", () => {
    expect(published(workerOf({ probe: { failureThreshold: 2 } }), "Success", "Failure", "Failure")).toBe("P-H")
    expect(published(workerOf({ type: "startup", probe: {} }), "Failure", "Success")).toBe("-H")
  })
})
