/** How much a domain counts depends on how many there are (`pkg/scheduler/framework/plugins/podtopologyspread/scoring.go`). */
import { describe, expect, it } from "vitest"
import { podInfoOf } from "../../../src/decide/scheduler/NodeInfo.ts"
import { nodeInfo, pod, podInfo, scoresOf } from "./objects.ts"

const ZONE = "topology.kubernetes.io/zone"
const HOST = "kubernetes.io/hostname"

const web = () => {
  const made = pod()
  return podInfoOf({ ...made, metadata: { ...made.metadata, labels: { app: "web" } } })
}

const node = (name: string, zone: string, pods: number) =>
  nodeInfo(
    name,
    Array.from({ length: pods }, () => web()),
    { labels: { [ZONE]: zone } }
  )

/** Three pods of it in one zone, one in the other. */
const nodes = [node("a1", "a", 3), node("a2", "a", 0), node("b1", "b", 1)]

interface Constraint {
  readonly topologyKey: string
  readonly maxSkew: number
}

const spread = (constraints: ReadonlyArray<Constraint>) =>
  podInfo({
    topologySpreadConstraints: constraints.map((one) => ({
      ...one,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: { app: "web" } }
    }))
  })

const scores = (...constraints: ReadonlyArray<Constraint>) => scoresOf("PodTopologySpread", spread(constraints), nodes)

describe("the scores of a spread", () => {
  it("weigh each constraint with the logarithm of its domains and two: ln 4 for two zones, ln 5 for three nodes", () => {
    // a1: 3 ln 4 + 3 ln 5 = 8.99, a2: 3 ln 4 = 4.16, b1: ln 4 + ln 5 = 3.00; then 100 (9 + 3 - score) / 9.
    expect(scores({ topologyKey: ZONE, maxSkew: 1 }, { topologyKey: HOST, maxSkew: 1 })).toEqual([33, 88, 100])
    // a1: 3 ln 5 = 4.83, a2: 0, b1: ln 5 = 1.61.
    expect(scores({ topologyKey: HOST, maxSkew: 1 })).toEqual([0, 100, 60])
  })

  it("differ less where more skew is allowed: it is added to each", () => {
    // 3 ln 4 + 4 = 8.16 and ln 4 + 4 = 5.39.
    expect(scores({ topologyKey: ZONE, maxSkew: 5 })).toEqual([62, 62, 100])
    // 4.16 and 1.39.
    expect(scores({ topologyKey: ZONE, maxSkew: 1 })).toEqual([25, 25, 100])
  })
})
