/** What a client sends that has changed an object: as little as says it, and a server makes the same of it. */
import { describe, expect, it } from "@effect/vitest"
import { Result } from "effect"
import fc from "fast-check"
import { strategicMergePatch } from "../../../src/decide/apiserver/strategicMergePatch.ts"
import { createTwoWayMergePatch, type JsonObject } from "../../../src/index.ts"

const condition = (type: string, status: string, more: object = {}) => ({ type, status, ...more })

const merged = (old: JsonObject, next: JsonObject): JsonObject => {
  const patch = { status: createTwoWayMergePatch(old, next, "PodStatus") }
  const result = strategicMergePatch({ kind: "Pod", apiVersion: "v1", status: old }, patch, "Pod")
  if (Result.isFailure(result)) throw new Error(result.failure.message)
  return (result.success["status"] ?? {}) as JsonObject
}

describe("createTwoWayMergePatch", () => {
  it("says nothing of what stays", () => {
    const status = { phase: "Running", conditions: [condition("Ready", "True")] }
    expect(createTwoWayMergePatch(status, status, "PodStatus")).toEqual({})
  })

  it("names a changed condition by its type, with what is new of it, and the order of all", () => {
    const old = { conditions: [condition("PodScheduled", "True"), condition("Ready", "False", { reason: "NotYet" })] }
    const next = { conditions: [condition("PodScheduled", "True"), condition("Ready", "True")] }
    expect(createTwoWayMergePatch(old, next, "PodStatus")).toEqual({
      conditions: [{ type: "Ready", status: "True", reason: null }],
      "$setElementOrder/conditions": [{ type: "PodScheduled" }, { type: "Ready" }]
    })
  })

  it("leaves a condition alone that somebody else has added meanwhile", () => {
    const old = { conditions: [condition("Ready", "False")] }
    const patch = createTwoWayMergePatch(old, { conditions: [condition("Ready", "True")] }, "PodStatus")
    const there = { conditions: [condition("Ready", "False"), condition("example.com/gate", "True")] }
    const result = strategicMergePatch({ kind: "Pod", status: there }, { status: patch }, "Pod")
    expect(Result.getOrThrow(result)["status"]).toEqual({
      conditions: expect.arrayContaining([condition("Ready", "True"), condition("example.com/gate", "True")])
    })
  })

  it("replaces what has no keys, and takes away what is gone", () => {
    const old = { phase: "Pending", reason: "r", containerStatuses: [{ name: "a", ready: false }] }
    const next = { phase: "Running", containerStatuses: [{ name: "a", ready: true }] }
    expect(createTwoWayMergePatch(old, next, "PodStatus")).toEqual({ ...next, reason: null })
  })

  const status = fc.record(
    {
      phase: fc.constantFrom("Pending", "Running", "Failed"),
      reason: fc.constantFrom("a", "b"),
      podIPs: fc
        .uniqueArray(fc.constantFrom("10.0.0.1", "10.0.0.2", "fd00::1"), { maxLength: 2 })
        .map((ips) => ips.map((ip) => ({ ip }))),
      conditions: fc.uniqueArray(
        fc.record(
          {
            type: fc.constantFrom("Ready", "Initialized", "PodScheduled", "example.com/gate"),
            status: fc.constantFrom("True", "False"),
            reason: fc.constantFrom("x", "y")
          },
          { requiredKeys: ["type", "status"] }
        ),
        { selector: ({ type }) => type }
      ),
      containerStatuses: fc.array(fc.record({ name: fc.constantFrom("a", "b"), restartCount: fc.nat(3) }))
    },
    { requiredKeys: ["phase"] }
  )

  it("a server that takes the patch has the next status, whatever the two are", () => {
    fc.assert(
      fc.property(status, status, (old, next) => {
        const empty = ({ conditions = [], podIPs = [], ...rest }: JsonObject) => ({ ...rest, conditions, podIPs })
        expect(empty(merged(old as JsonObject, next as JsonObject))).toEqual(empty(next as JsonObject))
      })
    )
  })
})
