import { describe, expect, it } from "vitest"
import { type NodeInfo, nodeInfoOf, type PodInfo } from "../../../src/decide/scheduler/NodeInfo.ts"
import { nodeAffinity } from "../../../src/decide/scheduler/nodeAffinity.ts"
import type { ClusterChange, PluginName } from "../../../src/decide/scheduler/Plugin.ts"
import { rejectionOf, isWorthRequeuing as worthRequeuing } from "../../../src/decide/scheduler/plugins.ts"
import { totalScores as totals } from "../../../src/decide/scheduler/prioritizeNodes.ts"
import { SchedulerCache } from "../../../src/decide/scheduler/SchedulerCache.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { node, nodeInfo, podInfo, requestOf, scoresOf } from "./objects.ts"

const isWorthRequeuing = (info: PodInfo, rejectors: ReadonlySet<PluginName>, change: ClusterChange): boolean =>
  worthRequeuing(info, rejectors, change, new SchedulerCache())

const totalScores = (info: PodInfo, nodes: ReadonlyArray<NodeInfo>): ReadonlyArray<number> => [
  ...totals(requestOf(info, nodes))
]

const assigned = (spec: JsonObject = {}): PodInfo => podInfo({ ...spec, nodeName: "n" })

const reasons = (info: PodInfo, ...args: Parameters<typeof nodeInfo>) => rejectionOf(info, nodeInfo(...args))

const required = (...terms: ReadonlyArray<JsonObject>) =>
  podInfo({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } }
  })

const expression = (key: string, operator: string, ...values: ReadonlyArray<string>) => ({
  matchExpressions: [{ key, operator, values }]
})

describe("a node is turned down", () => {
  it("S-358: for room, each missing resource named, in Kubernetes' order", () => {
    const full = podInfo({}, { cpu: "1500m", memory: "3Gi" })
    expect(reasons(podInfo({}, { cpu: "501m", memory: "2Gi" }), "a", [full])).toEqual({
      plugin: "NodeResourcesFit",
      reasons: ["Insufficient cpu", "Insufficient memory"],
      resolvable: true
    })
    expect(reasons(podInfo({}, { cpu: "500m", memory: "1Gi" }), "a", [full])).toBeUndefined()
    expect(reasons(podInfo({}, { "ephemeral-storage": "11Gi" }), "a")).toMatchObject({
      reasons: ["Insufficient ephemeral-storage"],
      resolvable: false
    })
    expect(reasons(podInfo({}, { "nvidia.com/gpu": "1", cpu: "3" }), "a")?.reasons).toEqual([
      "Insufficient cpu",
      "Insufficient nvidia.com/gpu"
    ])
  })

  it("for the number of its pods, also by a pod that asks for nothing", () => {
    expect(reasons(podInfo(), "a", [podInfo()], { allocatable: { pods: "1" } })).toEqual({
      plugin: "NodeResourcesFit",
      reasons: ["Too many pods"],
      resolvable: true
    })
  })

  it("for what init containers need, when that is more", () => {
    const container = (name: string, cpu: string, more: JsonObject = {}) => ({
      name,
      image: "i",
      resources: { requests: { cpu } },
      ...more
    })
    const fits = (initContainers: ReadonlyArray<JsonObject>) =>
      reasons(podInfo({ containers: [container("main", "1")], initContainers }), "a") === undefined
    expect(fits([container("one", "2"), container("two", "2")])).toBe(true)
    expect(fits([container("one", "2100m")])).toBe(false)
    expect(fits([container("side", "1", { restartPolicy: "Always" }), container("one", "1")])).toBe(true)
    expect(fits([container("side", "1", { restartPolicy: "Always" }), container("one", "1001m")])).toBe(false)
    expect(fits([container("side", "1001m", { restartPolicy: "Always" })])).toBe(false)
  })

  it("for what the pod as a whole asks for, and for its overhead", () => {
    expect(reasons(podInfo({ resources: { requests: { cpu: "3" } } }, { cpu: "1" }), "a")?.reasons).toEqual([
      "Insufficient cpu"
    ])
    expect(reasons(podInfo({ overhead: { cpu: "1500m" } }, { cpu: "1" }), "a")?.reasons).toEqual(["Insufficient cpu"])
  })

  it("C-409: for its taints, unless they are tolerated", () => {
    const tainted = { spec: { taints: [{ key: "k", value: "v", effect: "NoSchedule" }] } }
    const verdict = { plugin: "TaintToleration", reasons: ["node(s) had untolerated taint(s)"], resolvable: false }
    const asks = (...tolerations: ReadonlyArray<JsonObject>) => reasons(podInfo({ tolerations }), "a", [], tainted)
    expect(asks()).toEqual(verdict)
    expect(asks({ key: "k", value: "w" })).toEqual(verdict)
    expect(asks({ key: "k", operator: "Exists", effect: "NoExecute" })).toEqual(verdict)
    expect(asks({ key: "k", value: "v" })).toBeUndefined()
    expect(asks({ key: "k", operator: "Exists", effect: "NoSchedule" })).toBeUndefined()
    expect(asks({ operator: "Exists" })).toBeUndefined()
    const soft = { spec: { taints: [{ key: "k", effect: "PreferNoSchedule" }] } }
    expect(reasons(podInfo(), "a", [], soft)).toBeUndefined()
  })

  it("when it is cordoned, before its taint is looked at", () => {
    const taints = [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }]
    const cordoned = { spec: { unschedulable: true, taints } }
    expect(reasons(podInfo(), "a", [], cordoned)?.reasons).toEqual(["node(s) were unschedulable"])
    const tolerations = [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" }]
    expect(reasons(podInfo({ tolerations }), "a", [], cordoned)).toBeUndefined()
  })

  it("by name", () => {
    expect(reasons(podInfo({ nodeName: "b" }), "a")?.reasons).toEqual(["node(s) didn't match the requested node name"])
  })

  it("by selector and affinity", () => {
    const labels = { disk: "ssd", size: "5" }
    const matches = (info: PodInfo) => reasons(info, "a", [], { labels }) === undefined
    expect(matches(podInfo({ nodeSelector: { disk: "ssd" } }))).toBe(true)
    expect(matches(podInfo({ nodeSelector: { disk: "ssd", zone: "z" } }))).toBe(false)
    expect(matches(required(expression("disk", "In", "hdd", "ssd")))).toBe(true)
    expect(matches(required(expression("disk", "NotIn", "ssd")))).toBe(false)
    expect(matches(required(expression("zone", "NotIn", "z")))).toBe(true)
    expect(matches(required(expression("zone", "Exists")))).toBe(false)
    expect(matches(required(expression("zone", "DoesNotExist")))).toBe(true)
    expect(matches(required(expression("size", "Gt", "4")))).toBe(true)
    expect(matches(required(expression("size", "Lt", "5")))).toBe(false)
    expect(matches(required(expression("disk", "Gt", "4")))).toBe(false)
    expect(matches(required(expression("zone", "Exists"), expression("disk", "Exists")))).toBe(true)
    expect(matches(required({}))).toBe(false)
    expect(matches(required({ matchFields: [{ key: "metadata.name", operator: "In", values: ["a"] }] }))).toBe(true)
    expect(matches(required({ matchFields: [{ key: "metadata.name", operator: "NotIn", values: ["a"] }] }))).toBe(false)
    expect(nodeAffinity.filter(required({}), nodeInfo("a"))).toEqual({
      plugin: "NodeAffinity",
      reasons: ["node(s) didn't match Pod's node affinity/selector"],
      resolvable: false
    })
  })

  it("for host ports, by address and protocol", () => {
    const wanting = (port: JsonObject) => podInfo({ containers: [{ name: "main", image: "i", ports: [port] }] })
    const clash = (a: JsonObject, b: JsonObject) => reasons(wanting(a), "a", [wanting(b)]) !== undefined
    expect(clash({ hostPort: 80 }, { hostPort: 80 })).toBe(true)
    expect(clash({ hostPort: 80 }, { hostPort: 81 })).toBe(false)
    expect(clash({ hostPort: 80 }, { hostPort: 80, protocol: "UDP" })).toBe(false)
    expect(clash({ hostPort: 80, hostIP: "10.0.0.1" }, { hostPort: 80, hostIP: "10.0.0.2" })).toBe(false)
    expect(clash({ hostPort: 80, hostIP: "10.0.0.1" }, { hostPort: 80 })).toBe(true)
    expect(clash({ containerPort: 80 }, { containerPort: 80 })).toBe(false)
  })
})

describe("another try is worth it", () => {
  const added = (...args: Parameters<typeof node>): ClusterChange => ({ _tag: "NodeAdded", node: node(...args) })
  const updated = (before: Parameters<typeof node>[1], after: Parameters<typeof node>[1]): ClusterChange => ({
    _tag: "NodeUpdated",
    before: node("a", before),
    node: node("a", after)
  })

  it("for missing room when a pod goes, or a node comes or grows that is large enough", () => {
    const info = podInfo({}, { cpu: "3" })
    const worth = (change: ClusterChange) => isWorthRequeuing(info, new Set(["NodeResourcesFit"]), change)
    expect(worth({ _tag: "AssignedPodDeleted", pod: assigned() })).toBe(true)
    expect(worth(added("b"))).toBe(false)
    expect(worth(added("b", { allocatable: { cpu: "3" } }))).toBe(true)
    expect(worth(updated({}, { allocatable: { cpu: "4" } }))).toBe(true)
    expect(worth(updated({}, { allocatable: { cpu: "2500m" } }))).toBe(false)
    expect(worth(updated({ allocatable: { cpu: "4" } }, { allocatable: { cpu: "3" } }))).toBe(false)
    expect(worth(updated({ allocatable: { cpu: "4" } }, { allocatable: { cpu: "4" }, labels: { a: "b" } }))).toBe(false)
  })

  it("for a missing label when it appears", () => {
    const info = podInfo({ nodeSelector: { disk: "ssd" } })
    const worth = (change: ClusterChange) => isWorthRequeuing(info, new Set(["NodeAffinity"]), change)
    expect(worth({ _tag: "AssignedPodDeleted", pod: assigned() })).toBe(false)
    expect(worth(updated({}, { labels: { disk: "ssd" } }))).toBe(true)
    expect(worth(updated({ labels: { disk: "ssd" } }, { labels: { disk: "ssd" } }))).toBe(false)
    expect(worth(added("b"))).toBe(false)
  })

  it("for a taint when it goes, for a cordon when it is lifted", () => {
    const taints = [{ key: "k", effect: "NoExecute" }]
    const worth = (rejector: "TaintToleration" | "NodeUnschedulable", change: ClusterChange) =>
      isWorthRequeuing(podInfo(), new Set([rejector]), change)
    expect(worth("TaintToleration", updated({ spec: { taints } }, {}))).toBe(true)
    expect(worth("TaintToleration", updated({}, {}))).toBe(false)
    expect(worth("NodeUnschedulable", updated({ spec: { unschedulable: true } }, {}))).toBe(true)
    expect(worth("NodeUnschedulable", updated({}, { spec: { unschedulable: true } }))).toBe(false)
    expect(worth("TaintToleration", { _tag: "AssignedPodDeleted", pod: assigned() })).toBe(false)
  })

  it("for a host port when the pod that has it goes", () => {
    const spec = (hostPort: number) => ({ containers: [{ name: "main", image: "i", ports: [{ hostPort }] }] })
    const worth = (port: number) =>
      isWorthRequeuing(podInfo(spec(80)), new Set(["NodePorts"]), {
        _tag: "AssignedPodDeleted",
        pod: assigned(spec(port))
      })
    expect([worth(80), worth(81)]).toEqual([true, false])
  })
})

describe("a node's score", () => {
  it("is the mean of what is left of CPU and memory; who asks for nothing counts a little", () => {
    const info = podInfo({}, { cpu: "500m", memory: "1Gi" })
    expect(scoresOf("NodeResourcesFit", info, [nodeInfo("a"), nodeInfo("b", [info])])).toEqual([75, 50])
    // 100m of 2 CPUs leave 95, 200Mi of 4Gi leave 95 (rounded down).
    expect(scoresOf("NodeResourcesFit", podInfo(), [nodeInfo("a")])).toEqual([95])
    expect(scoresOf("NodeResourcesFit", podInfo({}, { cpu: "2" }), [nodeInfo("a")])).toEqual([47])
  })

  it("is lower for each soft taint that is not tolerated", () => {
    const soft = (...keys: ReadonlyArray<string>) =>
      nodeInfoOf(
        node(`n${keys.join("")}`, { spec: { taints: keys.map((key) => ({ key, effect: "PreferNoSchedule" })) } })
      )
    const tolerations = [{ key: "a", operator: "Exists" }]
    expect(scoresOf("TaintToleration", podInfo(), [soft(), soft("a"), soft("a", "b")])).toEqual([100, 50, 0])
    expect(scoresOf("TaintToleration", podInfo({ tolerations }), [soft(), soft("a"), soft("a", "b")])).toEqual([
      100, 100, 0
    ])
    expect(scoresOf("TaintToleration", podInfo(), [soft(), nodeInfo("b")])).toEqual([100, 100])
  })

  it("is higher for what the pod prefers", () => {
    const preferred = [
      { weight: 10, preference: expression("disk", "In", "ssd") },
      { weight: 5, preference: expression("zone", "Exists") }
    ]
    const info = podInfo({ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } } })
    const nodes = [
      nodeInfo("a"),
      nodeInfo("b", [], { labels: { zone: "z" } }),
      nodeInfo("c", [], { labels: { disk: "ssd" } })
    ]
    expect(scoresOf("NodeAffinity", info, nodes)).toEqual([0, 50, 100])
  })

  it("weighs taints three times, preferences twice, room and balance once", () => {
    // 3 · 100 for no taints, 75 for room, 75 for a balance that stays as it is (25 % of both).
    expect(totalScores(podInfo({}, { cpu: "500m", memory: "1Gi" }), [nodeInfo("a")])).toEqual([300 + 75 + 75])
    // All CPU, no memory: 50 before and after apart; a best-effort pod is not judged for balance at all.
    expect(totalScores(podInfo({}, { cpu: "2" }), [nodeInfo("a")])).toEqual([300 + 47 + 50])
    expect(totalScores(podInfo(), [nodeInfo("a")])).toEqual([300 + 95])
  })

  it("does not depend on the order in which the pods came", () => {
    const infos = [podInfo({}, { cpu: "100m" }), podInfo({}, { memory: "1Gi" }), podInfo()]
    const scores = (pods: ReadonlyArray<PodInfo>) => totalScores(podInfo(), [nodeInfo("a", pods)])
    expect(scores(infos)).toEqual(scores(infos.toReversed()))
  })
})
