import { describe, expect, it } from "vitest"
import { type NodeInfo, type PodInfo, podInfoOf } from "../../../src/decide/scheduler/NodeInfo.ts"
import { SchedulerCache } from "../../../src/decide/scheduler/SchedulerCache.ts"
import { schedulePod } from "../../../src/decide/scheduler/schedulePod.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"
import { lookup, nodeInfo, pod, podInfo } from "./objects.ts"

const low = (priority: number, startTime = "2026-01-01T00:00:00Z", labels = {}): PodInfo => {
  const made = pod({ priority }, { cpu: "1" })
  return podInfoOf({ ...made, metadata: { ...made.metadata, labels }, status: { startTime } })
}

const chosen = (wanted: string, nodes: ReadonlyArray<NodeInfo>, ...objects: ReadonlyArray<KubernetesObject>) => {
  const cluster = SchedulerCache.of(nodes, lookup(...objects))
  const result = schedulePod(podInfo({ priority: 50 }, { cpu: wanted }), cluster, { start: 0, tieBreak: 0 })
  if (result._tag !== "Unschedulable" || result.nomination._tag !== "Nominated") throw new Error("nobody has to go")
  return result.nomination.candidate
}

const budget = (disruptionsAllowed: number, app: string): KubernetesObject => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: app, namespace: "ns" },
  spec: { selector: { matchLabels: { app } } },
  status: { disruptionsAllowed }
})

describe("who has to go", () => {
  it("C-254: the least important, and of equals those that came last", () => {
    const [old, young, important] = [low(1), low(1, "2026-01-01T01:00:00Z"), low(2)]
    expect(chosen("1", [nodeInfo("a", [old, young], { allocatable: { cpu: "2" } })]).victims).toEqual([young])
    expect(chosen("1", [nodeInfo("a", [important, old], { allocatable: { cpu: "2" } })]).victims).toEqual([old])
    expect(chosen("2", [nodeInfo("a", [old, young, important], { allocatable: { cpu: "3" } })]).victims).toEqual([
      old,
      young
    ])
  })

  it("C-254: whom a budget keeps goes last", () => {
    const [kept, free] = [low(1, undefined, { app: "kept" }), low(2)]
    const found = chosen("1", [nodeInfo("a", [kept, free])], budget(0, "kept"))
    expect(found).toMatchObject({ victims: [free], violations: 0 })
    expect(chosen("2", [nodeInfo("a", [kept, free])], budget(0, "kept"))).toMatchObject({ violations: 1 })
    expect(chosen("1", [nodeInfo("a", [kept, free])], budget(1, "kept")).victims).toEqual([kept])
  })

  it("C-255: fewest broken budgets, lowest priority, smallest sum, fewest pods, latest start, then the name", () => {
    const one = (name: string, ...pods: ReadonlyArray<PodInfo>) => nodeInfo(name, pods)
    const guarded = low(1, undefined, { app: "g" })
    expect(chosen("2", [one("a", guarded, low(1)), one("b", low(9), low(9))], budget(0, "g")).node).toBe("b")
    expect(chosen("2", [one("a", low(9), low(1)), one("b", low(8), low(8))]).node).toBe("b")
    expect(chosen("2", [one("a", low(8), low(7)), one("b", low(8), low(6))]).node).toBe("b")
    expect(chosen("1", [one("a", low(8), low(8)), one("b", low(8, "2026-01-01T01:00:00Z"), low(9))]).node).toBe("b")
    expect(chosen("2", [one("b", low(8), low(8)), one("a", low(8), low(8))]).node).toBe("a")
  })

  it("C-253: nobody where the node is wrong whoever is on it, or nobody is less important", () => {
    const wrong = nodeInfo("a", [low(1)], { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } })
    const important = nodeInfo("b", [low(60), low(60)])
    const cluster = SchedulerCache.of([wrong, important])
    expect(schedulePod(podInfo({ priority: 50 }, { cpu: "2" }), cluster, { start: 0, tieBreak: 0 })).toMatchObject({
      nomination: { _tag: "Cleared" },
      message:
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). no new claims to deallocate, " +
        "preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling."
    })
  })
})

describe("C-256: in a large cluster not every node is tried", () => {
  const many = 150
  /** On the nodes after the hundredth the pods are of the least importance. */
  const victims = (i: number) => (i < 100 ? 9 : 1)
  const cluster = () =>
    SchedulerCache.of(
      Array.from({ length: many }, (_, i) =>
        nodeInfo(`n${String(i).padStart(3, "0")}`, [low(victims(i))], { allocatable: { cpu: "1" } })
      ),
      lookup()
    )
  const candidate = (offset: number, nodes = cluster()) => {
    const result = schedulePod(podInfo({ priority: 50 }, { cpu: "1" }), nodes, { start: 0, tieBreak: offset })
    if (result._tag !== "Unschedulable" || result.nomination._tag !== "Nominated") throw new Error("nobody has to go")
    return result.nomination.candidate
  }

  it("from where the draw says on there are a hundred candidates, and the best of them is taken", () => {
    // The first hundred: nobody of the least importance is among them.
    expect(candidate(0)).toMatchObject({ node: "n000", violations: 0 })
    // From the hundredth on, and around: there they are.
    expect(candidate(100 / many).node).toBe("n100")
    expect(candidate(149 / many).node).toBe("n149")
    // From the second on the hundredth is the last.
    expect(candidate(1 / many).node).toBe("n100")
  })

  it("whom a budget keeps is not the last word as long as there may be others", () => {
    const guarded = Array.from({ length: many }, (_, i) =>
      nodeInfo(`n${String(i).padStart(3, "0")}`, [low(1, undefined, i < 120 ? { app: "g" } : {})], {
        allocatable: { cpu: "1" }
      })
    )
    const nodes = SchedulerCache.of(guarded, lookup(budget(0, "g")))
    expect(candidate(0, nodes)).toMatchObject({ node: "n120", violations: 0 })
  })

  it("of those whom budgets keep no more than a hundred are remembered", () => {
    const kept = Array.from({ length: many }, (_, i) =>
      nodeInfo(`n${String(i).padStart(3, "0")}`, [low(victims(i), undefined, { app: "g" })], {
        allocatable: { cpu: "1" }
      })
    )
    const nodes = SchedulerCache.of(kept, lookup(budget(0, "g")))
    expect(candidate(0, nodes)).toMatchObject({ node: "n000", violations: 1 })
  })
})
