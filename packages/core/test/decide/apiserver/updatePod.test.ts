/** Writing to a stored Pod: what a status write may change, when the generation moves, what a binding does. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { bindPod } from "../../../src/decide/apiserver/bindPod.ts"
import { generationOnUpdate, updatePod, updatePodStatus } from "../../../src/decide/apiserver/updatePod.ts"
import type { PodObject } from "../../../src/event/KubernetesObject.ts"
import { at, manifest, stored } from "./pods.ts"

const old = stored(manifest())
const observed = {
  ...old,
  status: {
    ...old.status,
    observedGeneration: 1,
    conditions: [{ type: "Ready", status: "False", observedGeneration: 1 }]
  }
} as PodObject

describe("a status write (K-233, C-026)", () => {
  it("keeps the class of service and the observed generations that it leaves out", () => {
    const { status } = updatePodStatus(observed, { phase: "Running", conditions: [{ type: "Ready", status: "True" }] })
    expect(status).toMatchObject({
      qosClass: "BestEffort",
      observedGeneration: 1,
      conditions: [{ type: "Ready", status: "True", observedGeneration: 1 }]
    })
  })

  it("takes those that it brings", () => {
    const { status } = updatePodStatus(observed, {
      phase: "Running",
      qosClass: "Burstable",
      observedGeneration: 2,
      conditions: [{ type: "Ready", status: "True", observedGeneration: 2 }]
    })
    expect(status).toMatchObject({
      qosClass: "Burstable",
      observedGeneration: 2,
      conditions: [{ observedGeneration: 2 }]
    })
  })

  it("touches neither spec nor metadata", () => {
    const written = updatePodStatus(old, { phase: "Failed" })
    expect([written.metadata, written.spec]).toEqual([old.metadata, old.spec])
  })

  it("that changes nothing answers with the very same object: nothing is stored (C-028)", () => {
    expect(updatePodStatus(old, { phase: "Pending" })).toBe(old)
  })
})

describe("an update of a Pod", () => {
  it("raises the generation when the spec changes, and only then (C-025)", () => {
    expect(generationOnUpdate(old, { ...old, spec: { ...old.spec, activeDeadlineSeconds: 5 } })).toBe(2)
    expect(generationOnUpdate(old, { ...old, metadata: { ...old.metadata, labels: { a: "b" } } })).toBe(1)
  })

  it("keeps the status and what only the server writes (C-116)", () => {
    const updated = updatePod(old, {
      ...old,
      metadata: { name: "p", generation: 40, labels: { a: "b" } },
      status: { phase: "Failed" }
    } as PodObject)
    expect(updated.metadata).toEqual({ ...old.metadata, labels: { a: "b" } })
    expect(updated.status).toEqual(old.status)
  })

  it("that changes nothing is the same object (C-028)", () => {
    expect(updatePod(old, { ...old })).toEqual(old)
  })
})

describe("a binding (C-121, C-122)", () => {
  const message = (pod: PodObject) => {
    const bound = bindPod(pod, "n", at("00:00:01"))
    return Result.isFailure(bound) ? bound.failure.message : undefined
  }

  it("sets the node and the condition, and moves no generation", () => {
    const bound = bindPod(old, "n", at("00:00:01"), { "topology.kubernetes.io/zone": "z", other: "x" })
    const pod = Result.isSuccess(bound) ? bound.success : old
    expect([pod.spec.nodeName, pod.metadata.generation, pod.metadata.labels]).toEqual([
      "n",
      1,
      { "topology.kubernetes.io/zone": "z" }
    ])
    expect(pod.status.conditions).toEqual([
      { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: "2026-01-01T00:00:01Z" }
    ])
  })

  it("is refused for a pod that is bound, gated or being deleted", () => {
    expect(message({ ...old, spec: { ...old.spec, nodeName: "m" } })).toBe(
      'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "m"'
    )
    expect(message({ ...old, spec: { ...old.spec, schedulingGates: [{ name: "g" }] } })).toContain(
      "pod p has non-empty .spec.schedulingGates"
    )
    expect(message({ ...old, metadata: { ...old.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } })).toContain(
      "pod p is being deleted, cannot be assigned to a host"
    )
  })
})
