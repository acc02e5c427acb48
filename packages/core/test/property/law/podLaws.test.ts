import { expect, it } from "@effect/vitest"
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
  const ended = (finishedAt: string) => ({ containerID: "c://1", state: { terminated: { exitCode: 1, finishedAt } } })
  const second = { containerID: "c://2", state: { running: { startedAt: "2026-01-01T00:00:05Z" } } }
  expect(firstBroken("L31", withSidecar(starting, waits), withSidecar(starting, second))).toBe(2)
  expect(firstBroken("L31", withSidecar(starting, waits), withSidecar({ ...starting, started: true }, second))).toBe(
    undefined
  )
  expect(firstBroken("L31", withSidecar(starting, waits), withSidecar(ended("2026-01-01T00:00:05Z"), second))).toBe(
    undefined
  )
  expect(firstBroken("L31", withSidecar(starting, waits), withSidecar(ended("2026-01-01T00:00:04Z"), second))).toBe(2)
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
