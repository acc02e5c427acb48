/** Nodes that are drained in a simulated cluster. */
import type { ClusterEvent } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { objectMoments, taintKeys } from "../controller/clusterObjects.ts"
import { podManifest, podMoments, replicaSetManifest, simulate, when } from "../given.ts"

const node = (name: string) => ({ name, cpu: 2, memory: "4Gi", pods: 110 })
const labels = { app: "web" }
const replicaSet = (replicas: number, spec: object = {}) =>
  replicaSetManifest(replicas, { terminationGracePeriodSeconds: 3, ...spec })
const budget = (spec: object) => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "b" },
  spec: { selector: { matchLabels: labels }, ...spec }
})
const warnings = (facts: ReadonlyArray<ClusterEvent>) =>
  facts.flatMap((fact) => (fact._tag === "Warned" && !fact.message.startsWith("not simulated") ? [fact.message] : []))
/** The seconds of the first deletion mark of every pod, in order. */
const deletions = (facts: ReadonlyArray<ClusterEvent>) => {
  const seen = new Map<string, number>()
  for (const { object, seconds } of objectMoments(facts, "Pod"))
    if (object.metadata.deletionTimestamp !== undefined && !seen.has(object.metadata.name))
      seen.set(object.metadata.name, seconds)
  return [...seen.values()]
}

describe("a drain", () => {
  it("cordons the node and evicts its pods at once; they come back elsewhere", () => {
    const facts = simulate({
      nodes: [node("n-1")],
      steps: [
        { at: "0s", apply: replicaSet(3) },
        { at: "10s", node: { name: "n-2", add: {} } },
        { at: "60s", drain: { node: "n-1" } }
      ],
      until: "100s"
    })
    const cordoned = objectMoments(facts, "Node", "n-1").at(-1)
    expect(cordoned === undefined ? [] : taintKeys(cordoned)).toEqual(["unschedulable:NoSchedule"])
    expect(deletions(facts)).toHaveLength(3)
    for (const seconds of deletions(facts)) expect(seconds).toBeLessThan(60.5)
    const running = objectMoments(facts, "Pod").filter(({ seconds }) => seconds > 95)
    expect(running.every(({ object }) => (object["spec"] as { nodeName?: string }).nodeName !== "n-1")).toBe(true)
    expect(warnings(facts)).toEqual([])
  })

  it("asks again every five seconds where a budget says no, until the new pods are ready", () => {
    const facts = simulate({
      nodes: [node("n-1"), node("n-2")],
      steps: [
        { at: "0s", apply: [replicaSet(4), budget({ maxUnavailable: 1 })] },
        { at: "20s", drain: { node: "n-1" } }
      ],
      until: "100s"
    })
    const times = deletions(facts)
    expect(times.length).toBeGreaterThan(1)
    for (const [i, time] of times.slice(1).entries()) {
      const waited = time - (times[i] ?? 0)
      expect(waited).toBeGreaterThan(4.5)
    }
    expect(warnings(facts)).toEqual([])
  })

  it("gives up after its timeout, and says which pods are left", () => {
    const facts = simulate({
      nodes: [node("n-1")],
      steps: [
        { at: "0s", apply: [replicaSet(1), budget({ minAvailable: 1 })] },
        { at: "20s", drain: { node: "n-1", timeout: "90s" } }
      ],
      until: "200s"
    })
    expect(deletions(facts)).toEqual([])
    expect(warnings(facts)).toEqual([
      expect.stringMatching(
        /^unable to drain node "n-1" due to error: error when evicting pods\/"web-\w+" -n "test": global timeout reached: 1m30s$/
      )
    ])
  })

  it("stops before it takes anybody when there is a pod that nobody makes anew; forced it goes on", () => {
    const apply = { at: "0s", apply: [replicaSet(1), podManifest("p", ["main"])] }
    const stopped = simulate({
      nodes: [node("n-1")],
      steps: [apply, { at: "20s", drain: { node: "n-1" } }],
      until: "60s"
    })
    expect(warnings(stopped)).toEqual([
      'unable to drain node "n-1" due to error: cannot delete Pods that declare no controller (use --force to override): test/p'
    ])
    expect(deletions(stopped)).toEqual([])
    const drain = { at: "20s", drain: { node: "n-1", force: true, gracePeriodSeconds: 7 } }
    const forced = simulate({ nodes: [node("n-1")], steps: [apply, drain], until: "60s" })
    const gone = when(podMoments(forced), ({ metadata }) => metadata.deletionTimestamp !== undefined)
    expect(gone.pod.metadata.deletionGracePeriodSeconds).toBe(7)
  })

  it("that deletes asks no budget; one that selects takes only what it selects", () => {
    const apply = { at: "0s", apply: [replicaSet(2), budget({ maxUnavailable: 0 }), podManifest("p", ["main"])] }
    const drain = { at: "20s", drain: { node: "n-1", disableEviction: true, podSelector: labels } }
    const facts = simulate({ nodes: [node("n-1")], steps: [apply, drain], until: "60s" })
    expect(deletions(facts)).toHaveLength(2)
    expect(podMoments(facts).every(({ pod }) => pod.metadata.deletionTimestamp === undefined)).toBe(true)
  })

  it("of a node that is not there is refused", () => {
    const facts = simulate({ nodes: [node("n-1")], steps: [{ at: "1s", drain: { node: "n-9" } }], until: "5s" })
    expect(warnings(facts)).toEqual([])
    expect(objectMoments(facts, "Node", "n-1").every((moment) => taintKeys(moment).length === 0)).toBe(true)
  })
})
