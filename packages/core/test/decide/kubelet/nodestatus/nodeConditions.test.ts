import { describe, expect, it } from "vitest"
import { type Instant, nodeConditions, nodeStatusHasChanged, SECOND } from "../../../../src/index.ts"

const at = (seconds: number) => (seconds * SECOND) as Instant

describe("what a kubelet says of its node", () => {
  const first = nodeConditions([], [], at(10))

  it("K-345, K-346, S-050, S-353: four conditions, Ready last; those of pressure have Events, a new Ready has none", () => {
    expect(first.conditions.map(({ reason, status, type }) => `${type} ${status} ${reason}`)).toEqual([
      "MemoryPressure False KubeletHasSufficientMemory",
      "DiskPressure False KubeletHasNoDiskPressure",
      "PIDPressure False KubeletHasSufficientPID",
      "Ready True KubeletReady"
    ])
    expect(first.events).toEqual(["NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID"])
  })

  it("K-341: a heartbeat is no news, a condition that turned is", () => {
    const later = nodeConditions(first.conditions, [], at(20))
    expect(later.events).toEqual([])
    expect(later.conditions[3]).toMatchObject({
      lastHeartbeatTime: "1970-01-01T00:00:20Z",
      lastTransitionTime: "1970-01-01T00:00:10Z"
    })
    expect(nodeStatusHasChanged({ conditions: first.conditions }, { conditions: later.conditions })).toBe(false)
    const pressed = nodeConditions(first.conditions, ["DiskPressure"], at(30))
    expect(pressed.events).toEqual(["NodeHasDiskPressure"])
    expect(nodeStatusHasChanged({ conditions: first.conditions }, { conditions: pressed.conditions })).toBe(true)
  })

  it("a node that was given up is taken back with an Event for each condition", () => {
    const unknown = first.conditions.map((condition) => ({
      ...condition,
      status: "Unknown",
      reason: "NodeStatusUnknown"
    }))
    expect(nodeConditions(unknown, [], at(40)).events).toEqual([...first.events, "NodeReady"])
  })
})
