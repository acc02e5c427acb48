import { describe, expect, it } from "vitest"
import { explainSchedule } from "../../../src/decide/scheduler/explainSchedule.ts"
import { SchedulerCache } from "../../../src/decide/scheduler/SchedulerCache.ts"
import { lookup, node, nodeInfo, podInfo } from "./objects.ts"

const options = { start: 0, tieBreak: 0 }

describe("a decision that is told", () => {
  it("C-225, C-410: names for each node the rule that turned it down, or what every rule gave it", () => {
    const nodes = [
      nodeInfo("a", [], { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } }),
      nodeInfo("b", [podInfo({}, { cpu: "1" })]),
      nodeInfo("c")
    ]
    const told = explainSchedule(podInfo({}, { cpu: "1", memory: "2Gi" }), SchedulerCache.of(nodes), options)
    expect(told.decision).toMatchObject({ _tag: "Suggested", node: "c" })
    expect(told.nodes).toMatchObject([
      { _tag: "Rejected", node: "a", rejection: { plugin: "TaintToleration" } },
      { _tag: "Feasible", node: "b", total: 300 + 22 + 75 },
      { _tag: "Feasible", node: "c", total: 300 + 50 + 75 }
    ])
    expect(told.nodes[2]).toMatchObject({
      scores: [
        { plugin: "TaintToleration", weight: 3, score: 100 },
        { plugin: "NodeResourcesFit", weight: 1, score: 50 },
        { plugin: "NodeResourcesBalancedAllocation", weight: 1, score: 75 }
      ]
    })
  })

  it("C-235: says of nodes that they were not asked when enough others would do", () => {
    const nodes = Array.from({ length: 120 }, (_, index) => nodeInfo(`n${index}`))
    const told = explainSchedule(podInfo(), SchedulerCache.of(nodes), options)
    expect(told.nodes.filter(({ _tag }) => _tag === "NotAsked")).toHaveLength(20)
  })

  it("says why no node was asked at all", () => {
    const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "c" } }]
    const told = explainSchedule(podInfo({ volumes }), SchedulerCache.of([nodeInfo("a")]), options)
    expect(told).toMatchObject({ refused: { plugin: "VolumeRestrictions" }, nodes: [] })
  })
})

describe("scores beyond room and balance", () => {
  const scores = (pod: ReturnType<typeof podInfo>, cluster: SchedulerCache, plugin: string) =>
    explainSchedule(pod, cluster, options).nodes.map((one) =>
      one._tag === "Feasible" ? one.scores.find((score) => score.plugin === plugin)?.score : undefined
    )

  it("pods of one ReplicaSet are spread over nodes and zones though none of them asks for it", () => {
    const owned = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "r", controller: true }
    const set = {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name: "r", namespace: "ns" },
      spec: { selector: { matchLabels: { app: "w" } } }
    }
    const cluster = new SchedulerCache(lookup(set))
    for (const name of ["a", "b"]) cluster.putNode(node(name))
    const member = () => {
      const { pod } = podInfo()
      return cluster.infoOf({ ...pod, metadata: { ...pod.metadata, labels: { app: "w" }, ownerReferences: [owned] } })
    }
    expect(scores(member(), cluster, "PodTopologySpread")).toEqual([100, 100])
    cluster.putPod(member(), "a")
    cluster.putPod(member(), "a")
    // 2 · log 4 + 2 and 2, rounded: 5 and 2; 100 · (5 + 2 - s) / 5.
    expect(scores(member(), cluster, "PodTopologySpread")).toEqual([40, 100])
    expect(scores(podInfo(), cluster, "PodTopologySpread")).toEqual([undefined, undefined])
  })

  it("a node that has a large image already is better, but less so the fewer have it", () => {
    const cluster = new SchedulerCache()
    const has = { images: [{ names: ["big:1"], sizeBytes: 1_000 * 1024 * 1024 }] }
    const plain = node("b")
    cluster.putNode({ ...node("a"), status: { ...plain.status, ...has } })
    cluster.putNode(plain)
    const wants = podInfo({ containers: [{ name: "main", image: "big:1" }] })
    // Half the nodes have it: 500 MiB of it count, between 23 and 1,000.
    expect(scores(wants, cluster, "ImageLocality")).toEqual([48, 0])
    expect(scores(podInfo(), cluster, "ImageLocality")).toEqual([undefined, undefined])
  })
})
