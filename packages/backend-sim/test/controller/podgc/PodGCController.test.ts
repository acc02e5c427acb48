/** Pods of nodes that are gone, in a simulated cluster, and nodes that leave and join. */
import type { JsonObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, podMoments, replicaSetManifest, simulate, when } from "../../given.ts"
import { conditionOf, eventMoments, objectMoments, taintKeys } from "../clusterObjects.ts"

const nodes = ["n-1", "n-2"].map((name) => ({ name, cpu: 2, memory: "4Gi", pods: 110 }))
const step = (at: string, name: string, does: object) => ({ at, node: { name, ...does } })
const on = (node: string, spec: object = {}) => podManifest("p", ["main"], { nodeName: node, ...spec })
const readyReplicas = (facts: ReturnType<typeof simulate>, after: number) =>
  objectMoments(facts, "ReplicaSet")
    .filter(({ seconds }) => seconds > after)
    .map(({ object }) => ((object["status"] as JsonObject)["readyReplicas"] ?? 0) as number)

describe("a node that is removed", () => {
  const facts = simulate({
    nodes,
    steps: [{ at: "0s", apply: on("n-2") }, step("10s", "n-2", { remove: true })],
    until: "120s"
  })

  it("C-323: is gone, and the control plane says so", () => {
    expect(objectMoments(facts, "Node", "n-2").at(-1)?.change).toBe("DELETED")
    expect(eventMoments(facts, "RemovingNode").map(({ message }) => message)).toEqual([
      "Node n-2 event: Removing Node n-2 from Controller"
    ])
  })

  it("C-336: its pods are taken when it has been missing for a while", () => {
    const failed = when(podMoments(facts), ({ status }) => status.phase === "Failed")
    expect(failed.seconds).toBeGreaterThan(50)
    expect(failed.seconds).toBeLessThan(91)
    expect(conditionOf({ ...failed, object: failed.pod }, "DisruptionTarget")).toMatchObject({
      reason: "DeletionByPodGC",
      message: "PodGC: node no longer exists"
    })
  })

  it("C-337: it is said that they failed, then they are deleted without any grace", () => {
    const tail = podMoments(facts).slice(-3)
    expect(tail.map(({ change, pod }) => [change, pod.status.phase, pod.metadata.deletionGracePeriodSeconds])).toEqual([
      ["MODIFIED", "Failed", undefined],
      ["MODIFIED", "Failed", 0],
      ["DELETED", "Failed", 0]
    ])
  })
})

describe("W-64: a node that is lost", () => {
  it("S-354: its workload is made anew on those that are left; a pod that nobody controls is not", () => {
    const bare = { ...on("n-2"), metadata: { name: "bare" } }
    const facts = simulate({
      nodes,
      steps: [{ at: "0s", apply: [replicaSetManifest(4), bare] }, step("30s", "n-2", { power: "off" })],
      until: "500s"
    })
    expect(Math.min(...readyReplicas(facts, 60))).toBeLessThan(4)
    expect(readyReplicas(facts, 60).at(-1)).toBe(4)
    const last = new Map(objectMoments(facts, "Pod").map((moment) => [moment.object.metadata.name, moment]))
    const running = [...last.values()].filter((moment) => conditionOf(moment, "Ready")?.["status"] === "True")
    expect(running.map(({ object }) => (object["spec"] as JsonObject)["nodeName"])).toEqual([
      "n-1",
      "n-1",
      "n-1",
      "n-1"
    ])
    // The kubelet that would let them go is off: those that were deleted stay.
    expect(last.get("bare")?.object.metadata.deletionTimestamp).toBeDefined()
  })
})

describe("a pod that is being deleted on a machine that is off", () => {
  const steps = [
    { at: "0s", apply: on("n-2", { terminationGracePeriodSeconds: 5 }) },
    step("10s", "n-2", { power: "off" }),
    { at: "20s", delete: { kind: "Pod", name: "p" } }
  ]
  const outOfService = {
    at: "100s",
    patch: {
      kind: "Node",
      name: "n-2",
      type: "strategic",
      patch: {
        spec: { taints: [{ key: "node.kubernetes.io/out-of-service", value: "nodeshutdown", effect: "NoExecute" }] }
      }
    }
  }

  it("stays, for its kubelet may come back", () => {
    expect(podMoments(simulate({ nodes, steps, until: "300s" })).at(-1)?.change).toBe("MODIFIED")
  })

  it("C-335: goes when somebody says that it will not", () => {
    const gone = podMoments(simulate({ nodes, steps: [...steps, outOfService], until: "300s" })).at(-1)
    expect(gone?.change).toBe("DELETED")
    expect(gone?.seconds).toBeGreaterThan(100)
    expect(gone?.seconds).toBeLessThan(121)
  })
})

describe("a node that joins", () => {
  const facts = simulate({
    nodes: [{ name: "n-1", cpu: 1, memory: "4Gi", pods: 1 }],
    steps: [{ at: "0s", apply: replicaSetManifest(3) }, step("30s", "n-2", { add: { cpu: 2, memory: "4Gi" } })],
    until: "120s"
  })

  it("C-323: boots, registers and is welcomed; no pod comes before it is seen to be ready", () => {
    const [added] = objectMoments(facts, "Node", "n-2")
    expect(added?.change).toBe("ADDED")
    expect(added?.seconds).toBeGreaterThan(30)
    expect(added === undefined ? [] : taintKeys(added)).toEqual(["not-ready:NoSchedule"])
    expect(eventMoments(facts, "RegisteredNode").map(({ message }) => message)).toEqual([
      "Node n-2 event: Registered Node n-2 in Controller"
    ])
    const last = objectMoments(facts, "Node", "n-2").at(-1)
    expect(last === undefined ? ["none"] : taintKeys(last)).toEqual([])
  })

  it("takes the pods that found no place", () => {
    expect(readyReplicas(facts, 0).at(-1)).toBe(3)
  })

  it("stays known: it is not found silent", () => {
    expect(eventMoments(facts, "NodeNotReady")).toEqual([])
  })
})

describe("W-66, S-357: a cluster that is scaled to no node at all and back", () => {
  const facts = simulate({
    nodes,
    steps: [
      { at: "0s", apply: replicaSetManifest(2) },
      step("20s", "n-1", { remove: true }),
      step("20s", "n-2", { remove: true }),
      step("200s", "n-3", { add: {} })
    ],
    until: "300s"
  })

  it("keeps what was asked for, and runs nothing", () => {
    const before = readyReplicas(facts, 0)
    expect(before).toContain(2)
    const pending = objectMoments(facts, "Pod").filter(({ seconds }) => seconds > 110 && seconds < 200)
    expect(pending.every(({ object }) => (object["status"] as JsonObject)["phase"] !== "Running")).toBe(true)
    expect(objectMoments(facts, "ReplicaSet").at(-1)?.change).toBe("MODIFIED")
  })

  it("runs it again when there is a node", () => {
    expect(readyReplicas(facts, 200).at(-1)).toBe(2)
  })
})
