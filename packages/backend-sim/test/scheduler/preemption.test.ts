import { describe, expect, it } from "vitest"
import { TestCluster } from "./TestCluster.ts"

/** A node that holds two pods of a CPU each, both of low priority. */
const full = () =>
  new TestCluster()
    .node("a")
    .node("b")
    .run(1)
    .pod("low", "1", { priority: 1, nodeSelector: {} })
    .pod("lower", "1", { priority: 0 })
    .pod("other", "2", { priority: 9 })
    .run(1)

const notes = (cluster: TestCluster, reason: string) =>
  [...cluster.events.values()].filter((event) => event["reason"] === reason).map((event) => event["message"])

describe("a pod for which there is no room", () => {
  it("C-253, C-254: has the least important pods deleted, and no more of them than it takes", () => {
    const cluster = full().pod("high", "1", { priority: 5 }).run(1)
    expect(cluster.what.filter((what) => what.startsWith("delete"))).toEqual(["delete lower"])
  })

  it("C-257, C-258: is told and given the node; the victim is marked, deleted, and told who took its place", () => {
    const cluster = full()
    const before = cluster.log.length
    cluster.pod("high", "1", { priority: 5 }).run(1)
    expect(cluster.what.slice(before).filter((what) => !what.startsWith("event"))).toEqual([
      "condition high PodScheduled Unschedulable",
      expect.stringMatching(/^nominate high [ab]$/),
      "condition lower DisruptionTarget PreemptionByScheduler",
      "delete lower"
    ])
    expect(cluster.get("lower").status.conditions).toMatchObject([
      {
        type: "DisruptionTarget",
        status: "True",
        message: "default-scheduler: preempting to accommodate a higher priority pod"
      }
    ])
    expect(notes(cluster, "Preempted")).toEqual([
      `Preempted by pod uid-high on node ${cluster.get("lower").spec.nodeName}`
    ])
    expect(notes(cluster, "FailedScheduling")).toEqual(["0/2 nodes are available: 2 Insufficient cpu."])
  })

  it("C-242, C-258: goes to the node that was kept for it as soon as the victim has ended", () => {
    const cluster = full().pod("high", "1", { priority: 5 }).run(1)
    const node = cluster.get("lower").spec.nodeName
    expect(cluster.get("high").status.nominatedNodeName).toBe(node)
    cluster.remove("lower").run(1)
    expect(cluster.what).toContain(`bind high ${node}`)
  })

  it("C-244: takes nobody else's place while its victim is ending", () => {
    const cluster = full().pod("high", "1", { priority: 5 }).pod("small", "0").run(2)
    cluster.remove("small").run(1)
    expect(notes(cluster, "FailedScheduling").at(-1)).toBe(
      "0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node."
    )
    expect(cluster.what.filter((what) => what.startsWith("delete"))).toEqual(["delete lower"])
  })

  it("C-244: preempts nobody if its policy forbids it", () => {
    const cluster = full().pod("high", "1", { priority: 5, preemptionPolicy: "Never" }).run(1)
    expect(cluster.what.some((what) => what.startsWith("delete") || what.startsWith("nominate"))).toBe(false)
    expect(notes(cluster, "FailedScheduling")).toEqual([
      "0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never."
    ])
  })

  it("S-408: keeps its node from pods that are no more important, until it goes itself", () => {
    const cluster = full().pod("high", "1", { priority: 5 }).run(1).remove("lower")
    // Both are there when the room is free: the important one has it, though the other is looked at too.
    cluster.pod("late", "1", { priority: 2 }).run(1)
    expect(cluster.what.filter((what) => what.startsWith("bind high") || what.startsWith("bind late"))).toHaveLength(1)
    expect(cluster.get("late").spec.nodeName).toBeUndefined()
  })

  it("C-228: more important pods are tried first, whenever they came", () => {
    const cluster = new TestCluster().node("a").run(1).pod("o").pod("p", "1", { priority: 1 })
    cluster.pod("q", "1", { priority: 3 }).run(1)
    const bound = cluster.what.filter((what) => what.startsWith("bind"))
    expect(bound.map((what) => what.split(" ")[1])).toEqual(["o", "q", "p"])
  })
})

describe("a pod that wants no neighbour", () => {
  const labelled = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: "host", labelSelector: { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] } }
      ]
    }
  }

  it("S-406: waits, and goes where another left", () => {
    const cluster = new TestCluster().node("a", { labels: { host: "a" } }).run(1)
    cluster.pod("one", "0", { affinity: labelled }).run(1).pod("two", "0", { affinity: labelled }).run(1)
    expect(notes(cluster, "FailedScheduling")).toEqual([
      "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
    ])
    cluster.remove("one").run(2)
    expect(cluster.what).toContain("bind two a")
  })
})
