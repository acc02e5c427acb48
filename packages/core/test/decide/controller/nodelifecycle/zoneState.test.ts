/** Zones with nodes that are lost. */
import { describe, expect, it } from "vitest"
import {
  disruption,
  type ZoneState,
  zoneOf,
  zoneState
} from "../../../../src/decide/controller/nodelifecycle/zoneState.ts"
import type { NodeObject } from "../../../../src/decide/scheduler/NodeInfo.ts"

const tallies = (zones: { readonly [zone: string]: readonly [ready: number, notReady: number] }) =>
  new Map(Object.entries(zones).map(([zone, [ready, notReady]]) => [zone, { ready, notReady }]))
const states = (zones: { readonly [zone: string]: ZoneState }) => new Map(Object.entries(zones))

describe("the state of a zone", () => {
  it.each<[number, number, ZoneState]>([
    [0, 1, "FullDisruption"],
    [1, 2, "Normal"],
    [2, 3, "PartialDisruption"],
    [9, 11, "PartialDisruption"],
    [10, 10, "Normal"],
    [0, 0, "Normal"]
  ])("C-327: %i ready and %i not is %s", (ready, notReady, state) => {
    expect(zoneState({ ready, notReady })).toBe(state)
  })

  it("is told from the labels of its nodes", () => {
    const node = (labels: object) => ({ metadata: { name: "n", labels } }) as unknown as NodeObject
    expect(zoneOf(node({ "topology.kubernetes.io/zone": "a" }))).toBe(":\x00:a")
    expect(zoneOf(node({ "topology.kubernetes.io/zone": "a", "topology.kubernetes.io/region": "r" }))).toBe("r:\x00:a")
    expect(zoneOf(node({}))).toBe("")
  })
})

describe("what follows for evictions", () => {
  it("C-327: a small zone with many lost nodes has none, a large one few, one that is gone the usual", () => {
    const before = states({ small: "Normal", large: "Normal", gone: "Normal", well: "Normal" })
    const { limits, master } = disruption(
      before,
      tallies({ small: [1, 9], large: [20, 40], gone: [0, 5], well: [5, 0] })
    )
    expect(master).toBeUndefined()
    expect([...limits]).toEqual([
      ["small", 0],
      ["large", 0.01],
      ["gone", 0.1]
    ])
  })

  it("C-328: when nobody is ready anywhere nothing is evicted; with the first one that is, all begins anew", () => {
    const all = disruption(states({ a: "Normal", b: "FullDisruption" }), tallies({ a: [0, 3], b: [0, 2] }))
    expect(all.master).toBe("entered")
    expect([...all.limits.values()]).toEqual([0, 0])
    expect(disruption(all.states, tallies({ a: [0, 3], b: [0, 2] }))).toMatchObject({ master: undefined })
    const again = disruption(all.states, tallies({ a: [1, 2], b: [0, 2] }))
    expect(again.master).toBe("left")
    expect([...again.limits]).toEqual([
      ["a", 0.1],
      ["b", 0.1]
    ])
  })

  it("a cluster without nodes is neither", () => {
    expect(disruption(states({ a: "FullDisruption" }), new Map())).toEqual({
      states: new Map(),
      limits: new Map(),
      master: undefined
    })
  })
})
