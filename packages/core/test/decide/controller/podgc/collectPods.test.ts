/** Pods that the pod garbage collector takes. */
import { describe, expect, it } from "vitest"
import {
  inOrderOfCollection,
  isUnscheduledTerminating,
  markFailed
} from "../../../../src/decide/controller/podgc/collectPods.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { PodObject } from "../../../../src/event/KubernetesObject.ts"
import { at, manifest, stored } from "../../apiserver/pods.ts"

const pod = (name: string, status: JsonObject, metadata: JsonObject = {}): PodObject => {
  const made = stored(manifest({}, { name }))
  return { ...made, metadata: { ...made.metadata, ...metadata }, status: { ...made.status, ...status } } as PodObject
}

describe("the pod garbage collector", () => {
  it("C-335: takes evicted pods first, then the oldest, by name when they are of one age", () => {
    const [old, young] = [{ creationTimestamp: "2026-01-01T00:00:00Z" }, { creationTimestamp: "2026-01-01T01:00:00Z" }]
    const pods = [
      pod("d", { phase: "Failed" }, young),
      pod("c", { phase: "Succeeded" }, old),
      pod("b", { phase: "Failed" }, old),
      pod("a", { phase: "Failed", reason: "Evicted" }, young)
    ]
    expect(inOrderOfCollection(pods).map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c", "d"])
  })

  it("C-337: says of a pod that has not ended that it failed, C-336: and of an orphan why", () => {
    const running = pod("p", { phase: "Running" })
    expect(markFailed(running, at("00:00:09"), false)).toEqual({
      metadata: { uid: "u-1" },
      status: { phase: "Failed", observedGeneration: 1 }
    })
    expect(markFailed(running, at("00:00:09"), true)).toMatchObject({
      status: {
        conditions: [
          {
            type: "DisruptionTarget",
            status: "True",
            reason: "DeletionByPodGC",
            message: "PodGC: node no longer exists",
            lastTransitionTime: "2026-01-01T00:00:09Z"
          }
        ]
      }
    })
    expect(markFailed(pod("p", { phase: "Succeeded" }), at("00:00:09"), true)).toBeUndefined()
  })

  it("C-335: takes pods that were deleted before any node had them", () => {
    const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z" }
    expect(isUnscheduledTerminating(pod("p", {}, deleted))).toBe(true)
    expect(isUnscheduledTerminating(pod("p", {}))).toBe(false)
  })
})
