/** Nodes whose clock is wrong, and networks that pass one way only. */
import { parseInstant, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Cluster } from "../../src/Cluster.ts"
import { conditionOf, eventMoments, objectMoments } from "../controller/clusterObjects.ts"
import { containerState, podManifest, podMoments, scenario, simulate, when } from "../given.ts"

const node = (more: object = {}) => ({ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, ...more })
const apply = { at: "0s", apply: podManifest("p", ["main"], { nodeName: "n-1", terminationGracePeriodSeconds: 5 }) }

describe.each(["1h", "-1h"])("a node whose clock is %s ahead", (clockSkew) => {
  const skew = (clockSkew.startsWith("-") ? -3_600 : 3_600) * SECOND
  const facts = simulate({
    nodes: [node({ clockSkew }), { name: "n-2" }],
    steps: [apply, { at: "200s", delete: { kind: "Pod", name: "p" } }],
    until: "260s"
  })

  it("stamps what it says with its own clock, the API server with another", () => {
    const { pod } = when(podMoments(facts), (one) => containerState(one) === "running")
    const started = pod.status.containerStatuses?.[0]?.state?.running?.["startedAt"]
    const [created, running] = [pod.metadata.creationTimestamp, String(started)].map(
      (text) => parseInstant(text ?? "") ?? 0
    )
    const apart = (running ?? 0) - (created ?? 0) - skew
    expect(Math.abs(apart)).toBeLessThan(3 * SECOND)
  })

  it("C-321: is not lost for that: its heartbeats are heard by the controller's own clock", () => {
    expect(eventMoments(facts, "NodeNotReady")).toEqual([])
    for (const moment of objectMoments(facts, "Node")) expect(conditionOf(moment, "Ready")?.["status"]).toBe("True")
  })

  it("ends its pods as any other", () => {
    const gone = podMoments(facts).at(-1)
    expect(gone?.change).toBe("DELETED")
    expect(gone?.seconds).toBeLessThan(210)
  })

  it("is found out as soon as any other when it falls silent", () => {
    const silent = simulate({
      nodes: [node({ clockSkew }), { name: "n-2" }],
      steps: [{ at: "60s", node: { name: "n-1", network: "cut-out" } }],
      until: "200s"
    })
    const [lost] = eventMoments(silent, "NodeNotReady")
    expect(lost?.seconds).toBeGreaterThan(99)
    expect(lost?.seconds).toBeLessThan(116)
  })
})

describe("a network", () => {
  const run = (network: string) => {
    const made = scenario({
      nodes: [node(), { name: "n-2" }],
      steps: [
        { at: "0s", apply: podManifest("p", ["main"], { nodeName: "n-1" }) },
        { at: "10s", node: { name: "n-1", network } },
        { at: "20s", exec: { pod: "p", command: ["true"] } }
      ],
      until: "100s"
    })
    const cluster = new Cluster(made, { seed: 1 })
    const answers = made.steps.map(({ at, intention }) => {
      cluster.run((made.start + at) as typeof made.start, Number.POSITIVE_INFINITY)
      return cluster.submit(intention) ?? []
    })
    cluster.run((made.start + 100 * SECOND) as typeof made.start, Number.POSITIVE_INFINITY)
    const lost = eventMoments(cluster.takeFacts(), "NodeNotReady").length > 0
    return { lost, exec: answers.at(-1)?.[0]?.status === 200 }
  }

  it("that is cut lets nothing pass", () => {
    expect(run("cut")).toEqual({ lost: true, exec: false })
  })

  it("that passes only what is asked of the node loses it, though its containers can still be entered", () => {
    expect(run("cut-out")).toEqual({ lost: true, exec: true })
  })

  it("that passes only what the node asks for keeps it, but nobody can enter", () => {
    expect(run("cut-in")).toEqual({ lost: false, exec: false })
  })
})
