/** What each word makes of a pod, by example. */
import { assert, describe, it } from "vitest"
import type { PodObject } from "../../src/event/KubernetesObject.ts"
import type { PodEvent } from "../../src/event/PodEvent.ts"
import { evolve } from "../../src/state/evolve.ts"
import { initialPod } from "../../src/state/Pod.ts"
import { parsePod } from "../../src/state/parsePod.ts"
import { renderPod, renderStatus } from "../../src/view/render.ts"

const object: PodObject = {
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name: "p", namespace: "default", uid: "u", resourceVersion: "1", generation: 1, labels: { a: "b" } },
  spec: {
    containers: [{ name: "main", image: "busybox" }],
    restartPolicy: "Always",
    schedulerName: "default-scheduler"
  },
  status: {
    observedGeneration: 1,
    phase: "Running",
    conditions: [
      { type: "Ready", observedGeneration: 1, status: "True", lastProbeTime: null, lastTransitionTime: null },
      { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: null }
    ],
    containerStatuses: [
      {
        name: "main",
        state: { running: { startedAt: "2026-01-01T00:00:01Z" } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image: "busybox",
        imageID: "sha256:1",
        containerID: "containerd://1",
        started: true
      }
    ],
    qosClass: "BestEffort"
  }
}
const main = { kind: "regular", container: "main" } as const
const death = {
  exitCode: 1,
  reason: "Error",
  startedAt: "2026-01-01T00:00:01Z",
  finishedAt: "2026-01-01T00:00:02Z",
  containerID: "containerd://1"
}

const told = (...events: ReadonlyArray<PodEvent>) => events.reduce(evolve, parsePod(object))

describe("evolve", () => {
  it("makes a death the last state once the container goes on", () => {
    const died = told({ _tag: "ContainerDied", ...main, ...death })
    assert.deepStrictEqual(renderStatus(died).containerStatuses?.[0], {
      ...object.status.containerStatuses?.[0],
      state: { terminated: death },
      ready: false,
      started: false
    } as never)
    const waiting = evolve(died, { _tag: "ContainerWaiting", ...main, reason: "CrashLoopBackOff" })
    const again = evolve(waiting, {
      _tag: "ContainerStarted",
      ...main,
      startedAt: "2026-01-01T00:00:12Z",
      containerID: "containerd://2",
      restartCount: 1
    })
    for (const pod of [waiting, again])
      assert.deepStrictEqual(renderStatus(pod).containerStatuses?.[0]?.lastState, { terminated: death })
    assert.strictEqual(again.containers[0]?.restartCount, 1)
    assert.isFalse(again.containers[0]?.ready)
  })

  it("moves the generation of those conditions that carry one", () => {
    const { observedGeneration, conditions } = told({ _tag: "PodGenerationObserved", generation: 2 })
    assert.deepStrictEqual(
      [observedGeneration, ...conditions.map((condition) => condition.observedGeneration)],
      [2, 2, undefined]
    )
  })

  it("writes metadata and spec in the order of Kubernetes' own JSON", () => {
    const { metadata, spec } = renderPod(
      told(
        { _tag: "PodBound", node: "node-1" },
        { _tag: "PodDeletionRequested", deletionTimestamp: "2026-01-01T00:01:00Z", gracePeriodSeconds: 30 },
        { _tag: "PodWritten", resourceVersion: "2", generation: 2 }
      )
    )
    assert.strictEqual(
      Object.keys(metadata).join(),
      "name,namespace,uid,resourceVersion,generation,deletionTimestamp,deletionGracePeriodSeconds,labels"
    )
    assert.strictEqual(Object.keys(spec).join(), "containers,restartPolicy,nodeName,schedulerName")
  })

  it("knows nothing of a pod before it is added, nor after it is removed", () => {
    const early = evolve(initialPod, { _tag: "PodPhaseChanged", phase: "Running" })
    assert.deepStrictEqual(early, { ...initialPod, anomalies: 1 })
    const added = evolve(early, { _tag: "PodAdded", object: object as never })
    assert.deepStrictEqual(added, { ...parsePod(object), anomalies: 1 })
    const removed = evolve(added, { _tag: "PodRemoved" })
    assert.deepStrictEqual(evolve(removed, { _tag: "PodRemoved" }), { ...added, present: false, anomalies: 2 })
  })

  const inapplicable: ReadonlyArray<PodEvent> = [
    { _tag: "PodAdded", object: object as never },
    { _tag: "ContainerDied", kind: "regular", container: "other", ...death },
    { _tag: "ContainerDied", kind: "init", container: "main", ...death },
    { _tag: "ContainerListed", ...main, status: { name: "main" } },
    { _tag: "ContainerUnlisted", kind: "ephemeral", container: "main" },
    { _tag: "ContainersOrdered", kind: "regular", containers: [] },
    { _tag: "PodConditionRemoved", type: "Initialized" },
    { _tag: "PodConditionsOrdered", types: ["Ready", "Ready"] },
    { _tag: "PodPatched", changes: [{ path: ["status", "phase"], value: "Failed" }] },
    { _tag: "PodPatched", changes: [{ path: ["metadata", "labels", "a", "b"], value: 1 }] }
  ]

  it.each(inapplicable)("counts $_tag where it does not apply, and changes nothing", (event) => {
    assert.deepStrictEqual(told(event), { ...parsePod(object), anomalies: 1 })
  })

  const unobservable: ReadonlyArray<PodEvent> = [
    { _tag: "SandboxCreated", sandbox: "s", attempt: 0 },
    { _tag: "SandboxStopped", sandbox: "s" },
    { _tag: "ProcessStarted", ...main, containerID: "containerd://2" },
    { _tag: "ProcessExited", ...main, containerID: "containerd://2", exitCode: 0 },
    { _tag: "SignalSent", ...main, containerID: "containerd://2", signal: 15 },
    { _tag: "PodSynced", sync: "SyncPod" },
    { _tag: "BackOffStarted", ...main, seconds: 10 }
  ]

  it.each(unobservable)("hears $_tag and has nothing to change", (event) => {
    for (const pod of [parsePod(object), initialPod]) assert.strictEqual(evolve(pod, event), pod)
  })
})
