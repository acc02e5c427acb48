/** When a node is taken for lost, and what is then said of it. */
import { describe, expect, it } from "vitest"
import { examineNode, silenceEnds } from "../../../../src/decide/controller/nodelifecycle/nodeHealth.ts"
import type { NodeObject } from "../../../../src/decide/scheduler/NodeInfo.ts"
import { type Instant, later, SECOND } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import { at } from "../../apiserver/pods.ts"

const condition = (type: string, status: string, more: JsonObject = {}) => ({
  type,
  status,
  reason: "r",
  message: "m",
  lastHeartbeatTime: "2026-01-01T00:00:00Z",
  lastTransitionTime: "2026-01-01T00:00:00Z",
  ...more
})
const node = (...conditions: ReadonlyArray<JsonObject>): NodeObject =>
  ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n", creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: {},
    status: { conditions }
  }) as unknown as NodeObject
const healthy = node(
  condition("NetworkUnavailable", "False"),
  condition("MemoryPressure", "False"),
  condition("Ready", "True")
)
const since = at("00:00:10")
const known = { probe: since, heartbeat: "2026-01-01T00:00:00Z" }
const secondsLater = (seconds: number): Instant => later(since, seconds * SECOND)
const conditionsOf = (status: JsonObject | undefined) =>
  ((status?.["conditions"] ?? []) as ReadonlyArray<JsonObject>).map(({ type, status: value, reason }) => [
    type,
    value,
    reason
  ])

describe("a node that was heard of", () => {
  it("C-319: is lost after more than 50 seconds, not 40", () => {
    expect(examineNode(healthy, known, undefined, secondsLater(50)).status).toBeUndefined()
    expect(examineNode(healthy, known, undefined, later(secondsLater(50), 1))).toMatchObject({
      observed: "True",
      current: "Unknown"
    })
    expect(silenceEnds(healthy, since)).toBe(secondsLater(50))
  })

  it("C-321: is alive since its lease was last seen to be renewed, or its heartbeat to have changed", () => {
    expect(examineNode(healthy, known, secondsLater(20), secondsLater(60))).toMatchObject({
      current: "True",
      health: { probe: secondsLater(20) }
    })
    const other = { probe: since, heartbeat: "2025-12-31T23:59:59Z" }
    expect(examineNode(healthy, other, undefined, secondsLater(60))).toMatchObject({
      current: "True",
      health: { probe: secondsLater(60) }
    })
    expect(examineNode(healthy, undefined, undefined, secondsLater(60)).current).toBe("True")
  })

  it("C-322: is said to have stopped in all that its kubelet tells; what it never told is named so", () => {
    const { status } = examineNode(healthy, known, undefined, secondsLater(60))
    expect(conditionsOf(status)).toEqual([
      ["NetworkUnavailable", "False", "r"],
      ["MemoryPressure", "Unknown", "NodeStatusUnknown"],
      ["Ready", "Unknown", "NodeStatusUnknown"],
      ["DiskPressure", "Unknown", "NodeStatusNeverUpdated"],
      ["PIDPressure", "Unknown", "NodeStatusNeverUpdated"]
    ])
    expect(((status?.["conditions"] ?? []) as ReadonlyArray<JsonObject>)[2]).toEqual({
      ...condition("Ready", "Unknown"),
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
      lastTransitionTime: "2026-01-01T00:01:10Z"
    })
    const lost = { ...healthy, status: status ?? {} } as NodeObject
    expect(examineNode(lost, known, undefined, secondsLater(99))).toMatchObject({
      current: "Unknown",
      status: undefined
    })
  })

  it("C-322: has a minute from its creation when its kubelet never said anything", () => {
    const silent = node()
    expect(examineNode(silent, undefined, undefined, at("00:01:00")).current).toBeUndefined()
    expect(examineNode(silent, undefined, undefined, at("00:01:01"))).toMatchObject({
      observed: "Unknown",
      current: "Unknown"
    })
  })
})
