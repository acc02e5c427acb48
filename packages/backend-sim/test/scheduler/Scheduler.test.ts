import { SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { TestCluster } from "./TestCluster.ts"

const NO_ROOM =
  "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
const NO_NODES = "no nodes available to schedule pods"

describe("a pod that fits", () => {
  it("C-247, C-248, C-251, S-402, S-404: is bound, and the Event follows the binding", () => {
    const cluster = new TestCluster().node("a").run(1).pod("p", "1").run(1)
    expect(cluster.log).toEqual([
      { at: 1_006, what: "bind p a" },
      { at: 1_009, what: "event Scheduled Successfully assigned ns/p to a" }
    ])
    expect([...cluster.events.values()]).toMatchObject([
      {
        apiVersion: "v1",
        involvedObject: {
          kind: "Pod",
          namespace: "ns",
          name: "p",
          uid: "uid-p",
          apiVersion: "v1",
          resourceVersion: "101"
        },
        reason: "Scheduled",
        source: {},
        firstTimestamp: null,
        lastTimestamp: null,
        type: "Normal",
        eventTime: "2026-01-01T00:00:01.006000Z",
        action: "Binding",
        reportingComponent: "default-scheduler",
        reportingInstance: "default-scheduler-vm"
      }
    ])
    expect([...cluster.events.values()].some((event) => "series" in event || "count" in event)).toBe(false)
  })

  it("S-403: counts on its node before the API server knows", () => {
    const cluster = new TestCluster().node("a").node("b").run(1).pod("p", "1500m").pod("q", "1500m").run(1)
    expect(new Set([cluster.get("p").spec.nodeName, cluster.get("q").spec.nodeName])).toEqual(new Set(["a", "b"]))
  })

  it("C-228: goes before pods of lower priority that came earlier", () => {
    const cluster = new TestCluster().node("a", { cpu: "20" }).run(1)
    cluster.pod("first").pod("low").pod("high", "0", { priority: 10 }).run(1)
    expect(cluster.what.filter((what) => what.startsWith("bind"))).toEqual([
      "bind first a",
      "bind high a",
      "bind low a"
    ])
  })

  it("is not looked at when it names another scheduler, or has a node", () => {
    const cluster = new TestCluster().node("a").run(1)
    cluster.pod("other", "0", { schedulerName: "mine" }).pod("static", "0", { nodeName: "a" }).run(1_000)
    expect(cluster.log).toEqual([])
  })

  it("C-234: waits behind its gates", () => {
    const cluster = new TestCluster()
      .node("a")
      .run(1)
      .pod("p", "0", { schedulingGates: [{ name: "g" }] })
      .run(1_000)
    expect(cluster.log).toEqual([])
    cluster.change("p", (pod) => ({ ...pod, spec: { ...pod.spec, schedulingGates: [] } })).run(1)
    expect(cluster.what[0]).toBe("bind p a")
  })

  it("is bound at the client's pace: a hundred at once, then fifty a second", () => {
    const cluster = new TestCluster({ latency: () => 0 }).node("a", { cpu: "200" }).run(1)
    for (let i = 0; i < 100; i++) cluster.pod(`p${i}`)
    cluster.run(0.5)
    for (let i = 100; i < 110; i++) cluster.pod(`p${i}`)
    cluster.run(10)
    const times = cluster.log.filter(({ what }) => what.startsWith("bind")).map(({ at }) => at)
    expect(times.length).toBe(110)
    expect(times[99]).toBe(1_000)
    expect(times.at(-1)).toBe(1_500)
    const burst = new TestCluster({ latency: () => 0 }).node("a", { cpu: "200" }).run(1)
    for (let i = 0; i < 110; i++) burst.pod(`p${i}`)
    burst.run(10)
    const late = burst.log.filter(({ what }) => what.startsWith("bind")).map(({ at }) => at - 1_000)
    expect(late.slice(98)).toEqual([0, 0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200])
  })
})

describe("a pod that fits nowhere", () => {
  it("C-249: is told so once: an Event, a condition", () => {
    const cluster = new TestCluster().node("a").run(1).pod("p", "3").run(1)
    expect(cluster.log).toEqual([
      { at: 1_005, what: `event FailedScheduling ${NO_ROOM}` },
      { at: 1_007, what: "condition p PodScheduled Unschedulable" }
    ])
    expect(cluster.get("p").status.conditions).toEqual([
      {
        type: "PodScheduled",
        observedGeneration: 1,
        status: "False",
        lastProbeTime: null,
        lastTransitionTime: "2026-01-01T00:00:01Z",
        reason: "Unschedulable",
        message: NO_ROOM
      }
    ])
  })

  it("C-229: is tried again at the first sweep after five minutes when nothing else happens", () => {
    const cluster = new TestCluster().node("a").run(10).pod("p", "3").run(319)
    expect(cluster.log.length).toBe(2)
    cluster.run(2)
    // The pod's version is another one since the condition: another Event, no condition.
    expect(cluster.log.slice(2)).toEqual([{ at: 330_004, what: `event FailedScheduling ${NO_ROOM}` }])
  })

  it("C-388, C-411, X-25: is tried again when any pod goes, and repetitions become a series whose later counts are told at its end", () => {
    const cluster = new TestCluster().node("a").run(1).pod("p", "3")
    for (let i = 0; i < 5; i++) cluster.pod(`other${i}`).run(0.2).remove(`other${i}`).run(2)
    const ofP = () => cluster.what.filter((what) => !what.includes("other"))
    expect(ofP()).toEqual([
      `event FailedScheduling ${NO_ROOM}`,
      "condition p PodScheduled Unschedulable",
      `event FailedScheduling ${NO_ROOM}`,
      "series FailedScheduling 2"
    ])
    cluster.remove("p").run(13 * 60)
    expect(ofP().slice(4)).toEqual(["series FailedScheduling 5"])
  })

  it("is tried again when a pod that had a node ends, though its object stays", () => {
    const cluster = new TestCluster().node("a").run(1).pod("full", "2").run(1).pod("p", "1").run(1)
    cluster.change("full", (pod) => ({ ...pod, status: { ...pod.status, phase: "Succeeded" } })).run(1)
    expect(cluster.get("p").spec.nodeName).toBe("a")
  })

  it("is not tried again for a deletion that cannot help", () => {
    const cluster = new TestCluster()
      .node("a")
      .run(1)
      .pod("p", "0", { nodeSelector: { disk: "ssd" } })
      .pod("q")
      .run(1)
    const before = cluster.log.length
    cluster.remove("q").run(100)
    expect(cluster.log.length).toBe(before)
    cluster.node("a", { labels: { disk: "ssd" } }).run(1)
    expect(cluster.get("p").spec.nodeName).toBe("a")
  })

  it("is tried again when it tolerates more", () => {
    const taints = [{ key: "k", effect: "NoSchedule" }]
    const cluster = new TestCluster().node("a", { spec: { taints } }).run(1).pod("p").run(1)
    expect(cluster.get("p").spec.nodeName).toBeUndefined()
    cluster
      .change("p", (pod) => ({ ...pod, spec: { ...pod.spec, tolerations: [{ key: "k", operator: "Exists" }] } }))
      .run(1)
    expect(cluster.get("p").spec.nodeName).toBe("a")
  })

  it("is forgotten when it is deleted", () => {
    const cluster = new TestCluster()
      .node("a")
      .run(1)
      .pod("p", "3")
      .run(1)
      .remove("p")
      .pod("q")
      .run(0.1)
      .remove("q")
      .run(1_000)
    expect(cluster.what.filter((what) => what.includes("FailedScheduling")).length).toBe(1)
  })

  it("is tried again and again where neighbours come and go", () => {
    const cluster = new TestCluster({ elsewhere: (random) => random.micros(SECOND / 2, 3 * SECOND) })
      .node("a")
      .run(1)
      .pod("p", "3")
      .run(19)
    expect(cluster.what).toEqual([
      `event FailedScheduling ${NO_ROOM}`,
      "condition p PodScheduled Unschedulable",
      `event FailedScheduling ${NO_ROOM}`,
      "series FailedScheduling 2"
    ])
  })
})

describe("errors", () => {
  it("C-230, C-233, C-408: of a cluster without nodes are tried again after 1, 2, 4, 8, 10 seconds and not before, up to the next whole second", () => {
    const cluster = new TestCluster().pod("p").run(60)
    const tries = cluster.log.filter(({ what }) => what.startsWith("event"))
    expect(tries.map(({ what }) => what)).toEqual([
      `event FailedScheduling ${NO_NODES}`,
      `event FailedScheduling ${NO_NODES}`
    ])
    // Attempts, in seconds: 0, 2, 5, 10, 19, 30, 41, 52. All but the first two are counted in memory.
    expect(tries.map(({ at }) => at)).toEqual([5, 2_004])
    expect(cluster.log.filter(({ what }) => what.startsWith("series"))).toEqual([
      { at: 5_004, what: "series FailedScheduling 2" }
    ])
    cluster.remove("p").run(13 * 60)
    expect(cluster.what.at(-1)).toBe("series FailedScheduling 7")
  })

  it("of a binding are told, and the pod is bound later", () => {
    const cluster = new TestCluster().node("a").run(1)
    cluster.refusals.push("etcdserver: request timed out")
    cluster.pod("p", "2").run(10)
    expect(cluster.what).toEqual([
      'event FailedScheduling running Bind plugin "DefaultBinder": etcdserver: request timed out',
      "condition p PodScheduled SchedulerError",
      "bind p a",
      "event Scheduled Successfully assigned ns/p to a"
    ])
  })

  it("of a binding of a pod that has gone leave its room to others", () => {
    const cluster = new TestCluster().node("a").run(1).pod("p", "2").run(0.003).remove("p").run(1).pod("q", "2").run(1)
    expect(cluster.what).toEqual([
      'event FailedScheduling running Bind plugin "DefaultBinder": pods "p" not found',
      "bind q a",
      "event Scheduled Successfully assigned ns/q to a"
    ])
  })

  it("C-250: is what a pod that is being deleted already gets told", () => {
    const cluster = new TestCluster().node("a").run(1)
    cluster
      .pod("p")
      .change("p", (pod) => ({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:01Z" } }))
      .run(1)
    expect(cluster.what).toEqual(["event FailedScheduling skip schedule deleting pod: ns/p"])
  })
})

describe("chance", () => {
  const run = (seed: number, others: number) => {
    const cluster = new TestCluster({ seed, latency: (_, random) => random.micros(1, 1_000) })
    cluster.node("a", { cpu: "99" }).node("b", { cpu: "99" }).run(1)
    cluster.pod("p").run(0.5)
    for (let i = 0; i < others; i++) cluster.pod(`other${i}`)
    return cluster.run(5)
  }

  it("is the seed's, to the microsecond", () => {
    expect(run(7, 5).log).toEqual(run(7, 5).log)
    expect(run(7, 5).log).not.toEqual(run(8, 5).log)
  })

  it("decides between nodes that are equally good", () => {
    const chosen = new Set(Array.from({ length: 20 }, (_, seed) => run(seed, 0).get("p").spec.nodeName))
    expect(chosen).toEqual(new Set(["a", "b"]))
  })
})
