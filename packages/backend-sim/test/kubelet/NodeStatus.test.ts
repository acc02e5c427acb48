/** What the world sees of a node: its status, and the Events of its kubelet. */
import type { ClusterEvent, KubernetesObject, NodeObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { scenario, simulate } from "../given.ts"

const start = scenario({ steps: [], until: "1s" }).start
const node = (at: string, what: object) => ({ at, node: { name: "n-1", ...what } })

const seen = (facts: ReadonlyArray<ClusterEvent>, kind: string) =>
  facts.flatMap((fact) => {
    if (fact._tag !== "ObjectChanged") return []
    const object = fact.object as unknown as KubernetesObject
    return object.kind === kind ? [{ seconds: ((fact.observed ?? 0) - start) / 1_000_000, object }] : []
  })
const nodes = (facts: ReadonlyArray<ClusterEvent>) =>
  seen(facts, "Node").map(({ object, seconds }) => ({ seconds, node: object as NodeObject }))
const events = (facts: ReadonlyArray<ClusterEvent>) =>
  seen(facts, "Event").map(({ object }) => `${object["type"]} ${object["reason"]}`)

describe("a node's status", () => {
  it("section 8: nothing new is written after five minutes, the first time up to half of that sooner or later", () => {
    for (const seed of [0, 1, 2, 3]) {
      const moments = nodes(simulate({ steps: [], until: "3000s" }, seed)).map(({ seconds }) => seconds)
      const gaps = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0))
      expect(gaps[0]).toBeGreaterThanOrEqual(150)
      expect(gaps[0]).toBeLessThan(461)
      for (const gap of gaps.slice(1)) {
        expect(gap).toBeGreaterThanOrEqual(300)
        expect(gap).toBeLessThan(310.5)
      }
      expect(gaps.length).toBeGreaterThan(7)
    }
  })

  it("K-346: a restarted kubelet says so, registers its node anew and writes its status", () => {
    const facts = simulate({ steps: [node("12s", { kubelet: "restart" })], until: "60s" })
    expect(events(facts)).toEqual([
      "Normal Starting",
      "Warning CgroupV1",
      "Warning InvalidDiskCapacity",
      "Normal NodeAllocatableEnforced",
      "Normal NodeHasSufficientMemory",
      "Normal NodeHasNoDiskPressure",
      "Normal NodeHasSufficientPID"
    ])
    const written = nodes(facts).filter(({ seconds }) => seconds > 0)
    expect(written).toHaveLength(1)
    // Recorded: 0.74 to 0.78 seconds after the step.
    expect(written[0]?.seconds).toBeGreaterThan(12.6)
    expect(written[0]?.seconds).toBeLessThan(12.85)
  })

  it("K-346: a node is cordoned at once; its kubelet says so with its next look, and when it is schedulable again", () => {
    const facts = simulate({
      steps: [node("10s", { cordon: true }), node("40s", { cordon: false })],
      until: "70s"
    })
    const spec = nodes(facts)
      .map(({ node: { spec }, seconds }) => [seconds, spec.unschedulable])
      .filter(([, value], i, all) => i === 0 || value !== all[i - 1]?.[1])
    expect(spec).toEqual([
      [-1, undefined],
      [10, true],
      [40, undefined]
    ])
    const said = seen(facts, "Event").map(({ object, seconds }) => [object["reason"], Math.floor(seconds / 10)])
    expect(said.map(([reason]) => reason)).toEqual(["NodeNotSchedulable", "NodeSchedulable"])
    expect([1, 2]).toContain(said[0]?.[1])
  })

  it("a machine that has booted has another boot ID, and its kubelet says so once", () => {
    const facts = simulate({
      steps: [node("10s", { power: "off" }), node("20s", { power: "on" })],
      until: "900s"
    })
    expect(events(facts).filter((event) => event === "Warning Rebooted")).toHaveLength(1)
    const boots = nodes(facts).map(({ node: { status } }) => (status["nodeInfo"] as { bootID: string }).bootID)
    expect(new Set(boots).size).toBe(2)
    const message = seen(facts, "Event").find(({ object }) => object["reason"] === "Rebooted")?.object["message"]
    expect(message).toBe(`Node n-1 has been rebooted, boot id: ${boots.at(-1)}`)
  })
})
