import { expect, it } from "@effect/vitest"
import type { JsonObject } from "../../../src/event/Json.ts"
import { check } from "../../../src/property/Checker.ts"
import { laws } from "../../../src/property/laws.ts"
import { containerStatus, lifeOf, type Version } from "../../../src/testing/lifeOf.ts"

const firstBroken = (id: string, ...versions: ReadonlyArray<Version>): number | undefined =>
  check(
    laws.filter((law) => law.id === id),
    lifeOf(...versions)
  )[0]?.violations[0]?.seq

/** A pod with an init container and an app container, as its kubelet reports them. */
const pod = (init: object, app: object, hasNetwork = true): Version => ({
  spec: { initContainers: [{ name: "init", image: "i" }] },
  status: {
    phase: "Pending",
    conditions: [{ type: "PodReadyToStartContainers", status: hasNetwork ? "True" : "False" }],
    initContainerStatuses: [containerStatus({ name: "init", ...init })],
    containerStatuses: [containerStatus(app as never)]
  }
})
const succeeded = (containerID: string) => ({ containerID, state: { terminated: { exitCode: 0 } } })
const runs = (containerID: string) => ({ containerID, state: { running: {} } })
const waits = { state: { waiting: {} } }

it("L30: in a new sandbox the init containers of the old one do not count", () => {
  const lost = [
    pod(succeeded("c://1"), waits),
    pod(succeeded("c://1"), runs("c://2")),
    pod(succeeded("c://1"), { ...runs("c://2") }, false)
  ]
  expect(firstBroken("L30", ...lost, pod(succeeded("c://1"), runs("c://3")))).toBe(4)
  expect(firstBroken("L30", ...lost, pod(succeeded("c://3"), runs("c://4")))).toBe(undefined)
})

it("L30, L31: a sidecar has to have started, and may end afterwards", () => {
  const withSidecar = (sidecar: object, second: object): Version => ({
    spec: {
      initContainers: [
        { name: "sidecar", image: "i", restartPolicy: "Always" },
        { name: "second", image: "i" }
      ]
    },
    status: {
      initContainerStatuses: [
        containerStatus({ name: "sidecar", ...sidecar }),
        containerStatus({ name: "second", ...second })
      ]
    }
  })
  const starting = { ...runs("c://1"), started: false }
  const ended = { containerID: "c://1", state: { terminated: { exitCode: 1 } } }
  const second = runs("c://2")
  expect(firstBroken("L31", withSidecar(starting, waits), withSidecar(starting, second))).toBe(2)
  expect(firstBroken("L31", withSidecar(starting, waits), withSidecar({ ...starting, started: true }, second))).toBe(
    undefined
  )
  expect(firstBroken("L31", withSidecar(starting, waits), withSidecar(ended, second))).toBe(undefined)
  expect(firstBroken("L31", withSidecar(starting, waits), withSidecar({ ...starting, restartCount: 1 }, second))).toBe(
    undefined
  )
  expect(firstBroken("L31", withSidecar(waits, waits), withSidecar(waits, second))).toBe(2)
})

it("L11, L33: an exit that restarts all containers sends the pod back to its init containers", () => {
  const rules = [{ action: "RestartAllContainers", exitCodes: { operator: "In", values: [1] } }]
  const restartsAll = (version: Version): Version => ({
    ...version,
    spec: {
      ...version.spec,
      containers: [{ name: "main", image: "i", restartPolicy: "Never", restartPolicyRules: rules }]
    }
  })
  const runsPod = pod(succeeded("c://1"), runs("c://2"))
  const life = [{ ...runsPod, status: { ...runsPod.status, phase: "Running" } }, pod(runs("c://3"), waits)]
  expect(["L11", "L33"].map((id) => firstBroken(id, ...life))).toEqual([2, 2])
  expect(["L11", "L33"].map((id) => firstBroken(id, ...life.map(restartsAll)))).toEqual([undefined, undefined])
})

it("L34: a sidecar whose turn has come is told to stop at once, and any when the grace period is over", () => {
  const stopping: Version = {
    metadata: { deletionTimestamp: "2026-01-01T00:00:30Z" },
    spec: {
      initContainers: ["one", "two"].map((name) => ({ name, image: "i", restartPolicy: "Always" }))
    }
  }
  const container = (name: string) => ({ container: name, kind: "init", containerID: `c://${name}` }) as const
  const runs = (name: string): Version => ({ fact: { _tag: "ProcessStarted", ...container(name) } })
  const ends = (name: string): Version => ({ fact: { _tag: "ProcessExited", ...container(name), exitCode: 0 } })
  const signal = (name: string): Version => ({ fact: { _tag: "SignalSent", ...container(name), signal: 15 } })
  const works: Version = { fact: { _tag: "PodSynced", sync: "SyncTerminatingPod" } }
  const both = [stopping, runs("two"), runs("one"), works, signal("two")]
  expect(firstBroken("L34", ...both, signal("one"))).toBe(6)
  const endedBefore = [{ spec: stopping.spec ?? {} }, runs("two"), runs("one"), works, stopping, signal("one")]
  expect(firstBroken("L34", ...endedBefore)).toBe(undefined)
  expect(firstBroken("L34", ...both, { ...signal("one"), at: 31 })).toBe(undefined)
  expect(firstBroken("L34", ...both, ends("two"), { ...stopping, at: 7 }, { ...stopping, at: 20 })).toBe(8)
  expect(firstBroken("L34", ...both, ends("two"), stopping, signal("one"), { ...stopping, at: 20 })).toBe(undefined)
})

it("L43: the wait doubles from restart to restart, and begins anew after a long run or another spec", () => {
  const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString()
  const crashed = (restartCount: number, startedAt: number, finishedAt: number, generation = 1): Version => ({
    metadata: { generation },
    status: {
      containerStatuses: [
        containerStatus({
          restartCount,
          state: { running: { startedAt: at(startedAt) } },
          lastState: { terminated: { exitCode: 1, finishedAt: at(finishedAt) } }
        })
      ]
    }
  })
  const two = [crashed(1, 1, 1), crashed(2, 12, 2)]
  expect(firstBroken("L43", ...two, crashed(3, 24, 13))).toBe(3)
  expect(firstBroken("L43", ...two, crashed(3, 33, 13))).toBe(undefined)
  expect(firstBroken("L43", ...two, crashed(3, 24, 13, 2))).toBe(undefined)
  expect(firstBroken("L43", ...two, crashed(3, 700, 700), crashed(4, 711, 701))).toBe(undefined)
  expect(firstBroken("L43", ...two, crashed(3, 700, 700), crashed(4, 705, 701))).toBe(4)
})

it("L34: a deleted pod's sidecar does not wait for an init container", () => {
  const stopping: Version = {
    metadata: { deletionTimestamp: "2026-01-01T00:00:30Z" },
    spec: {
      initContainers: [
        { name: "sidecar", image: "i", restartPolicy: "Always" },
        { name: "init", image: "i" }
      ]
    }
  }
  const container = (name: string) => ({ container: name, kind: "init", containerID: `c://${name}` }) as const
  const runs = (name: string): Version => ({ fact: { _tag: "ProcessStarted", ...container(name) } })
  const signal: Version = { fact: { _tag: "SignalSent", ...container("sidecar"), signal: 15 } }
  expect(firstBroken("L34", stopping, runs("sidecar"), runs("init"), signal)).toBe(undefined)
})

it("L40: a sandbox that was lost is remembered when its pod is gone", () => {
  const restarted = (restartCount: number, change?: "DELETED"): Version => ({
    ...(change === undefined ? {} : { change }),
    spec: { nodeName: "n" },
    status: { containerStatuses: [containerStatus({ restartCount, state: { running: {} } })] }
  })
  const lost: Version = { fact: { _tag: "SandboxCreated", sandbox: "s", attempt: 1 } }
  const later: Version = { at: 200, metadata: { name: "other" } }
  const life = (...between: ReadonlyArray<Version>) =>
    firstBroken("L40", restarted(0), ...between, restarted(1), restarted(1, "DELETED"), later)
  expect([life(), life(lost)]).toEqual([2, undefined])
})

it("L43: what a kubelet tells of its own back-off is what is due; L45: a worker that kills another container is waited for", () => {
  const crashed = (restartCount: number, started: number, ended: number, waiting?: string): Version => ({
    status: {
      containerStatuses: [
        containerStatus({
          restartCount,
          state:
            waiting === undefined
              ? { running: { startedAt: `2026-01-01T00:00:${started}Z` } }
              : {
                  waiting: {
                    reason: "CrashLoopBackOff",
                    message: `back-off ${waiting} restarting failed container=main`
                  }
                },
          lastState: { terminated: { exitCode: 1, finishedAt: `2026-01-01T00:00:${ended}Z` } }
        })
      ]
    }
  })
  expect(firstBroken("L43", crashed(1, 10, 10), crashed(1, 10, 20), crashed(2, 26, 20))).toBe(3)
  expect(firstBroken("L43", crashed(1, 10, 10), crashed(1, 10, 20, "5s"), crashed(2, 26, 20))).toBe(undefined)

  const exited = { containerID: "c://1", state: { terminated: { exitCode: 1, containerID: "c://1" } } }
  const two = (main: object, at: number, livenessProbe?: JsonObject): Version => ({
    at,
    spec: {
      terminationGracePeriodSeconds: 30,
      containers: [
        { name: "main", image: "i" },
        { name: "other", image: "i", ...(livenessProbe === undefined ? {} : { livenessProbe }) }
      ]
    },
    status: {
      containerStatuses: [containerStatus(main as never), containerStatus({ name: "other", ...runs("c://9") })]
    }
  })
  const life = (probe?: JsonObject) =>
    firstBroken(
      "L45",
      two(runs("c://1"), 0, probe),
      two(exited, 1, probe),
      two(exited, 40, probe),
      two(exited, 60, probe)
    )
  expect([life({}), life({ terminationGracePeriodSeconds: 50 })]).toEqual([4, undefined])
})
