import { describe, expect, it } from "@effect/vitest"
import { check } from "../../../src/property/Checker.ts"
import { goals } from "../../../src/property/goals.ts"
import { containerStatus, lifeOf, type Version } from "../../../src/testing/lifeOf.ts"
import { recording, scenarioNames } from "../../view/recordings.ts"

/** What no recording of a real cluster shows. */
const unreached = `
  container/app/ErrImagePull-to-running container/app/ImagePullBackOff-to-running
  container/app/ErrImageNeverPull-to-running container/app/InvalidImageName-to-running
  container/app/to-CreateContainerError container/app/CreateContainerError-to-running
  container/app/RunContainerError-to-running container/app/PostStartHookError-to-running
  container/app/running-to-ContainerStatusUnknown container/app/waiting-to-OOMKilled
  container/app/waiting-to-StartError container/init/to-ErrImagePull container/init/ErrImagePull-to-running
  container/init/to-ImagePullBackOff container/init/ImagePullBackOff-to-running
  container/init/to-ErrImageNeverPull container/init/ErrImageNeverPull-to-running
  container/init/to-InvalidImageName container/init/InvalidImageName-to-running
  container/init/to-CreateContainerConfigError container/init/CreateContainerConfigError-to-running
  container/init/to-CreateContainerError container/init/CreateContainerError-to-running
  container/init/to-RunContainerError container/init/RunContainerError-to-running
  container/init/to-PostStartHookError container/init/PostStartHookError-to-running
  container/init/running-to-OOMKilled container/init/running-to-ContainerStatusUnknown
  container/init/waiting-to-Completed container/init/waiting-to-Error container/init/waiting-to-OOMKilled
  container/init/waiting-to-ContainerStatusUnknown container/init/waiting-to-StartError
  container/init/running-to-CrashLoopBackOff container/init/running-to-another container/sidecar/to-ErrImagePull
  container/sidecar/ErrImagePull-to-running container/sidecar/to-ImagePullBackOff
  container/sidecar/ImagePullBackOff-to-running container/sidecar/to-ErrImageNeverPull
  container/sidecar/ErrImageNeverPull-to-running container/sidecar/to-InvalidImageName
  container/sidecar/InvalidImageName-to-running container/sidecar/to-CreateContainerConfigError
  container/sidecar/CreateContainerConfigError-to-running container/sidecar/to-CreateContainerError
  container/sidecar/CreateContainerError-to-running container/sidecar/to-RunContainerError
  container/sidecar/RunContainerError-to-running container/sidecar/to-PostStartHookError
  container/sidecar/PostStartHookError-to-running container/sidecar/running-to-OOMKilled
  container/sidecar/running-to-ContainerStatusUnknown container/sidecar/waiting-to-Completed
  container/sidecar/waiting-to-Error container/sidecar/waiting-to-OOMKilled
  container/sidecar/waiting-to-ContainerStatusUnknown container/sidecar/waiting-to-StartError
  container/sidecar/running-to-CrashLoopBackOff container/sidecar/to-unready pod/condition/from-Initialized
  node/not-ready-to-ready node/ready-to-not-ready node/unknown-to-not-ready node/deleted node/out-of-service
  statefulset/scaled-up statefulset/scaled-to-zero statefulset/rolling statefulset/rolled`

const reached = (...versions: ReadonlyArray<Version>): ReadonlyArray<string> =>
  check(goals, lifeOf(...versions)).flatMap(({ property, violations }) => violations.map(() => property.id))

const main = (more: object): Version => ({ status: { containerStatuses: [containerStatus(more as never)] } })

it("each goal has an id and a sentence of its own, and a source", () => {
  expect(new Set(goals.map(({ id }) => id)).size).toBe(goals.length)
  expect(new Set(goals.map(({ says }) => says)).size).toBe(goals.length)
  expect(goals.filter(({ kind, source }) => kind !== "goal" || source === "")).toEqual([])
})

it("all but the named ones are reached by recordings", { timeout: 120_000 }, () => {
  const left = new Set(goals)
  for (const scenario of scenarioNames) {
    for (const run of [1, 2, 3]) {
      for (const { property, violations } of check([...left], recording(`${scenario}.${run}`))) {
        if (violations.length > 0) left.delete(property)
      }
    }
  }
  expect([...left].map(({ id }) => id)).toEqual(unreached.split(/\s+/).filter((id) => id !== ""))
})

describe("an edge is reached when it is taken, and only then", () => {
  it.each<[string, ReadonlyArray<Version>]>([
    [
      "container/app/CrashLoopBackOff-to-running",
      [main({ state: { waiting: { reason: "CrashLoopBackOff" } } }), main({ state: { running: {} } })]
    ],
    [
      "container/app/running-to-OOMKilled",
      [main({ state: { running: {} } }), main({ state: { terminated: { reason: "OOMKilled" } } })]
    ],
    ["pod/phase/Running-to-Failed", [{ status: { phase: "Running" } }, { status: { phase: "Failed" } }]],
    ["pod/condition/to-Ready", [{}, { status: { conditions: [{ type: "Ready", status: "True" }] } }]],
    ["pod/deletion/unscheduled-to-gone", [{}, { change: "DELETED" }]],
    ["node/deleted", [{ kind: "Node" }, { kind: "Node", change: "DELETED" }]],
    ["statefulset/scaled-to-zero", [{ kind: "StatefulSet" }, { kind: "StatefulSet", spec: { replicas: 0 } }]],
    ["deployment/paused", [{ kind: "Deployment" }, { kind: "Deployment", spec: { paused: true } }]]
  ])("%s", (id, versions) => {
    expect(reached(...versions)).toContain(id)
    expect(reached(...versions.slice(0, 1))).not.toContain(id)
    expect(reached(...versions.slice(1).map((version) => ({ ...version, change: "MODIFIED" as const })))).not.toContain(
      id
    )
  })
})
