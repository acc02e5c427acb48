/** Measuring a node from what a watch shows: each interval by a life that has it and one that must not be counted. */
import { describe, expect, it } from "vitest"
import type { ClusterEvent } from "../../../src/event/ClusterEvent.ts"
import { type Instant, MILLISECOND, SECOND, toTime } from "../../../src/event/Instant.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { type Calibration, calibrate } from "../../../src/view/calibrate/calibrate.ts"
import type { IntervalName } from "../../../src/view/calibrate/intervals.ts"
import { profileDocument } from "../../../src/view/calibrate/profileDocument.ts"
import { renderCalibration } from "../../../src/view/calibrate/renderCalibration.ts"
import { distributionOf } from "../../../src/view/calibrate/samples.ts"
import { recording } from "../recordings.ts"

const start = 1_000_000 * SECOND
const at = (ms: number) => (start + ms * MILLISECOND) as Instant

interface Pod {
  readonly conditions?: { readonly [type: string]: string }
  readonly phase?: string
  readonly container?: JsonObject
  readonly metadata?: JsonObject
  readonly status?: JsonObject
  readonly reason?: string
}

const pod = (
  ms: number,
  { conditions = {}, container, metadata, phase = "Pending", reason, status }: Pod,
  change = "MODIFIED"
): ClusterEvent => ({
  _tag: "ObjectChanged",
  observed: at(ms),
  change: change as "MODIFIED",
  object: {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name: "p", namespace: "n", uid: "u", creationTimestamp: toTime(at(0)), generation: 1, ...metadata },
    spec: { containers: [{ name: "main", image: "i" }] },
    status: {
      phase,
      conditions: Object.entries(conditions).map(([type, is]) => ({
        type,
        status: is,
        ...(type === "Ready" && reason !== undefined ? { reason } : {})
      })),
      ...(container === undefined ? {} : { containerStatuses: [{ name: "main", restartCount: 0, ...container }] }),
      ...status
    }
  }
})

const said = (ms: number, reason: string, message = "", count = 1): ClusterEvent => ({
  _tag: "ObjectChanged",
  observed: at(ms),
  change: count === 1 ? "ADDED" : "MODIFIED",
  object: {
    kind: "Event",
    apiVersion: "v1",
    metadata: { name: `p.${reason}${message}`, namespace: "n" },
    involvedObject: { kind: "Pod", name: "p", namespace: "n", uid: "u", fieldPath: "spec.containers{main}" },
    reason,
    message,
    count
  }
})

const waiting = { state: { waiting: { reason: "ContainerCreating" } } }
const running = { state: { running: {} } }
const ended = (ms: number, exitCode = 0) => ({
  state: { terminated: { exitCode, containerID: "c", finishedAt: toTime(at(ms)) } }
})
const bound = { PodScheduled: "True" }
const reported = { ...bound, PodReadyToStartContainers: "False" }
const ready = { ...bound, PodReadyToStartContainers: "True" }
const deleted = { deletionTimestamp: toTime(at(9_000)), deletionGracePeriodSeconds: 2, generation: 2 }

const started: ReadonlyArray<ClusterEvent> = [
  pod(0, {}, "ADDED"),
  pod(8, { conditions: bound }),
  said(11, "Scheduled"),
  pod(30, { conditions: reported, container: waiting }),
  pod(520, { conditions: ready, container: waiting }),
  said(521, "Pulled"),
  said(540, "Created"),
  said(620, "Started"),
  pod(632, { conditions: ready, phase: "Running", container: running })
]

const values = (events: ReadonlyArray<ClusterEvent>): { readonly [name in IntervalName]?: number } =>
  Object.fromEntries(
    calibrate([events]).measurements.flatMap(({ distribution, name }) =>
      distribution === undefined ? [] : [[name, distribution.median / MILLISECOND]]
    )
  )

describe("intervals", () => {
  it("of a start", () => {
    expect(values(started)).toEqual({
      scheduling: 8,
      scheduledEvent: 3,
      firstStatus: 22,
      sandbox: 490,
      containerCreate: 19,
      containerStart: 80,
      runningStatus: 12
    })
  })

  it("of a start that was listed, not seen: nothing about its creation", () => {
    const old = started.map((event, i) =>
      i === 0 ? pod(0, { metadata: { creationTimestamp: toTime(at(-60_000)) } }, "ADDED") : event
    )
    expect(values(old)).not.toHaveProperty("scheduling")
  })

  it("of a pod that waited for room: nothing about the scheduler's speed", () => {
    const waited = [
      pod(0, {}, "ADDED"),
      pod(5, { conditions: { PodScheduled: "False" } }),
      pod(9_000, { conditions: bound })
    ]
    expect(values(waited)).not.toHaveProperty("scheduling")
  })

  it("of an end by itself: the relist, and the sandbox", () => {
    const end = [
      ...started,
      pod(5_700, {
        conditions: { ...ready, Ready: "False" },
        reason: "PodCompleted",
        phase: "Running",
        container: ended(5_000)
      }),
      pod(6_900, { conditions: reported, phase: "Succeeded", container: ended(5_000) })
    ]
    expect(values(end)).toMatchObject({ exitToStatus: 700, exitToPhase: 1_200 })
  })

  it("of a deletion: the kubelet hears of it, kills, reports, lets go", () => {
    const end = [
      ...started,
      pod(9_000, {
        metadata: deleted,
        conditions: ready,
        phase: "Running",
        container: running,
        status: { observedGeneration: 1 }
      }),
      said(9_012, "Killing"),
      pod(9_025, {
        metadata: deleted,
        conditions: ready,
        phase: "Running",
        container: running,
        status: { observedGeneration: 2 }
      }),
      pod(11_170, {
        metadata: deleted,
        conditions: reported,
        phase: "Failed",
        container: ended(11_100, 137),
        status: { observedGeneration: 2 }
      }),
      pod(11_700, { metadata: { ...deleted, deletionGracePeriodSeconds: 0 }, phase: "Failed" }, "DELETED")
    ]
    expect(values(end)).toMatchObject({ deleteToKilling: 12, deleteToStatus: 25, killToPhase: 158, phaseToGone: 530 })
    expect(values(end)).not.toHaveProperty("exitToStatus")
  })

  it("of Events that are said at one moment: a write", () => {
    const failed = [
      pod(0, {}, "ADDED"),
      said(100, "Failed", 'Failed to pull image "x"'),
      said(104, "Failed", "Error: ErrImagePull")
    ]
    expect(values(failed)).toEqual({ eventWrite: 4 })
  })

  it("of a pull: what the kubelet says", () => {
    const message = 'Successfully pulled image "x" in 1.25s (2s including waiting). Image size: 1 bytes.'
    expect(values([pod(0, {}, "ADDED"), said(1, "Pulled", message)])).toEqual({ pull: 1_250 })
  })

  it("takes an Event that counts up by one for an occurrence, and not one that leapt", () => {
    const again = [...started, said(1_000, "Created", "", 2), said(1_050, "Started", "", 2)]
    expect(calibrate([again]).measurements.find(({ name }) => name === "containerStart")?.distribution?.samples).toBe(2)
    const leapt = [...started, said(1_000, "Created", "", 3), said(1_050, "Started", "", 2)]
    expect(calibrate([leapt]).measurements.find(({ name }) => name === "containerStart")?.distribution?.samples).toBe(1)
  })
})

describe("distributionOf", () => {
  it("has the smallest values that half and 95 of 100 do not exceed", () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
    expect(distributionOf(hundred)).toEqual({ samples: 100, min: 1, median: 50, p95: 95, max: 100 })
    expect(distributionOf([7])).toEqual({ samples: 1, min: 7, median: 7, p95: 7, max: 7 })
    expect(distributionOf([])).toBeUndefined()
  })
})

describe("calibrate", () => {
  const shown = ({ estimates }: Calibration) =>
    Object.fromEntries(estimates.map(({ distribution, how, name }) => [name, [how, distribution.median / MILLISECOND]]))

  it("takes off what else is in an interval, and says so", () => {
    expect(shown(calibrate([started]))).toEqual({
      sandboxCreate: ["split", 190],
      containerCreate: ["measured", 19],
      containerStart: ["measured", 80],
      bind: ["split", 6],
      event: ["measured", 3]
    })
  })

  it("knows one recording's pods from the next one's", () => {
    const two = calibrate([started, started])
    expect(two.pods).toBe(2)
    expect(two.measurements.find(({ name }) => name === "scheduling")?.distribution).toMatchObject({
      samples: 2,
      max: 8 * MILLISECOND
    })
  })

  it("of nothing is nothing", () => {
    expect(calibrate([])).toMatchObject({ pods: 0, estimates: [] })
  })

  it("of a real recording finds what its timeline shows", () => {
    const { measurements } = calibrate([recording("run-forever.1")])
    const of = (name: IntervalName) => measurements.find((one) => one.name === name)?.distribution
    expect(of("containerStart")?.samples).toBe(1)
    expect(of("sandbox")?.min).toBeGreaterThan(280 * MILLISECOND)
    expect(of("deleteToKilling")?.samples).toBe(1)
  })

  it("prints both tables, and what it cannot tell", () => {
    const text = renderCalibration(calibrate([started]))
    expect(text).toMatch(/^1 pod\nInterval \(ms\) +n +min +median +p95 +max {2}from → to/)
    expect(text).toContain("containerStart   1   80.0    80.0   80.0   80.0  Created → Started: container started")
    expect(text).toContain("sandbox less one round of volumeMount (300 ms) (split assumed)")
    expect(text).toContain("Not told apart by a watch stream")
    expect(text).toMatch(/pull +0 +– +– +– +– /)
  })

  it("is a document that a scenario can name", () => {
    expect(profileDocument(calibrate([started]), ["a.reel"])).toMatchObject({
      kind: "Profile",
      recordings: ["a.reel"],
      node: { containerStart: { ms: [80, 80, 80, 80], samples: 1, how: "measured", source: "containerStart" } },
      scheduler: { bind: { ms: [6, 6, 6, 6] } }
    })
  })
})

describe("a command in a container", () => {
  const hooked = (lifecycle: object, ...script: ReadonlyArray<string>): ClusterEvent => {
    const event = pod(0, {}, "ADDED")
    if (event._tag !== "ObjectChanged") return event
    const handler = { exec: { command: script } }
    const container = { name: "main", image: "i", lifecycle: { postStart: handler, preStop: handler, ...lifecycle } }
    return { ...event, object: { ...event.object, spec: { containers: [container] } } }
  }
  const failedAt = (ms: number, ...script: ReadonlyArray<string>) =>
    calibrate([[hooked({}, ...script), said(1_000, "Started"), said(ms, "FailedPostStartHook")]]).estimates.find(
      ({ name }) => name === "exec"
    )?.distribution.median

  it("takes what is left of a failing hook when its own sleep is over", () => {
    expect(failedAt(1_040, "sh", "-c", "exit 4")).toBe(40 * MILLISECOND)
    expect(failedAt(3_030, "sh", "-c", "sleep 2; exit 1")).toBe(30 * MILLISECOND)
    expect(failedAt(1_530, "sh", "-c", "sleep 0.5; exit 1")).toBe(30 * MILLISECOND)
  })

  it("is not measured where the command does not say how long it takes", () => {
    expect(failedAt(3_030, "sh", "-c", "sleep 2; exit 0")).toBeUndefined()
    expect(failedAt(3_030, "sh", "-c", "make -j; exit 1")).toBeUndefined()
    expect(failedAt(1_030, "false")).toBeUndefined()
  })

  it("is measured before the end, too", () => {
    const events = [hooked({}, "sh", "-c", "exit 4"), said(5_000, "Killing"), said(5_025, "FailedPreStopHook")]
    const estimate = calibrate([events]).estimates.find(({ name }) => name === "exec")
    expect(estimate).toMatchObject({ how: "measured", distribution: { samples: 1, median: 25 * MILLISECOND } })
  })
})
