import { describe, expect, it } from "vitest"
import {
  awaitsNode,
  expansionBegins,
  expansionEnds,
  nodeExpansionPending
} from "../../../src/decide/storage/expandClaim.ts"
import type { Instant } from "../../../src/event/Instant.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"

const now = 1_767_225_600_000_000 as Instant
const claim = (status: JsonObject): KubernetesObject => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "c" },
  spec: { resources: { requests: { storage: "2Gi" } } },
  status
})
const other = { type: "ModifyingVolume", status: "True" }
const resizing = { type: "Resizing", status: "True", lastTransitionTime: "2020-01-01T00:00:00Z" }
const conditionsOf = (status: JsonObject) => status["conditions"]

describe("what is said of a claim that grows", () => {
  it("begins with what is asked for; what was said before stays while it is so", () => {
    expect(expansionBegins(claim({ conditions: [other] }), now)).toEqual({
      allocatedResourceStatuses: { storage: "ControllerResizeInProgress" },
      allocatedResources: { storage: "2Gi" },
      conditions: [other, { type: "Resizing", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" }]
    })
    expect(conditionsOf(expansionBegins(claim({ conditions: [resizing] }), now))).toEqual([resizing])
  })

  it("goes on with what the node has to do, and nothing else", () => {
    const status = nodeExpansionPending(claim({ conditions: [resizing, other] }), now)
    expect(conditionsOf(status)).toMatchObject([other, { type: "FileSystemResizePending", status: "True" }])
    expect(awaitsNode(claim(status))).toBe(true)
    expect(awaitsNode(claim(expansionBegins(claim({}), now)))).toBe(false)
  })

  it("ends with the new size, and nothing is said any more", () => {
    const ended = { capacity: { storage: "2Gi" }, allocatedResourceStatuses: null }
    expect(expansionEnds(claim({ conditions: [resizing] }), "2Gi")).toEqual({ ...ended, conditions: null })
    expect(expansionEnds(claim({ conditions: [resizing, other] }), "2Gi")).toEqual({ ...ended, conditions: [other] })
  })
})
