/** The parts of a cluster as users of Kubernetes are told of them: what each does, and how they know of each other. */
import type { ClusterEvent, PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, podMessages, podMoments, simulate } from "../given.ts"

const apply = (manifest: object, at = "0s") => ({ at, apply: manifest })
const withSpec = (name: string, spec: object) => ({ ...podManifest(name, []), spec })
const container = (name: string, more: object = {}) => ({ name, image: "busybox:1", ...more })
const last = (facts: ReadonlyArray<ClusterEvent>, name = "p"): PodObject => {
  const pod = podMoments(facts, name).at(-1)?.pod
  if (pod === undefined) throw new Error(`there was no pod ${name}`)
  return pod
}

describe("the parts of a cluster", () => {
  it("S-418: know of each other by objects only: who cannot hear of its pod does not run it", () => {
    const facts = simulate({
      steps: [
        { at: "5s", node: { name: "n-1", network: "cut" } },
        apply(withSpec("p", { nodeName: "n-1", containers: [container("main")] }), "10s"),
        { at: "60s", node: { name: "n-1", network: "heal" } }
      ],
      until: "120s"
    })
    const moments = podMoments(facts)
    expect(moments.filter(({ seconds }) => seconds > 11 && seconds < 60)).toEqual([])
    const started = last(facts).status.containerStatuses?.[0]?.state?.running?.["startedAt"]
    expect(Date.parse(String(started))).toBeGreaterThanOrEqual(Date.parse("2026-01-01T00:01:00Z"))
  })

  it("S-355, S-412: without a node that works objects are kept and nothing runs; when one is back it does", () => {
    const facts = simulate({
      steps: [
        { at: "1s", node: { name: "n-1", power: "off" } },
        { at: "2s", patch: { kind: "Node", name: "n-1", patch: { spec: { unschedulable: true } } } },
        apply(podManifest("p", ["main"]), "10s"),
        { at: "60s", node: { name: "n-1", power: "on" } },
        { at: "61s", patch: { kind: "Node", name: "n-1", patch: { spec: { unschedulable: null } } } }
      ],
      until: "160s"
    })
    const before = podMoments(facts).filter(({ seconds }) => seconds < 60)
    expect(before.at(-1)?.pod.status).toMatchObject({
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }]
    })
    expect(last(facts).status.phase).toBe("Running")
  })

  it("S-363: a container without a limit takes from others: for what it uses the node evicts, and it dies of no limit", () => {
    const runs = { greedy: [{ memory: [{ at: "5s", usage: "4050Mi" }] }], modest: [{}] }
    const pod = (name: string, limits: object) => apply(withSpec(name, { containers: [container(name, limits)] }))
    const facts = simulate({
      runs,
      steps: [pod("greedy", { resources: { requests: { memory: "3Gi" } } }), pod("modest", {})],
      until: "120s"
    })
    expect(podMessages(facts)).toContainEqual(
      expect.stringMatching(/^EvictionThresholdMet x\d+: Attempting to reclaim memory$/)
    )
    const reasons = podMoments(facts, "greedy").flatMap(
      ({ pod: one }) => one.status.containerStatuses?.[0]?.lastState?.terminated?.["reason"] ?? []
    )
    expect(reasons).not.toContain("OOMKilled")
    const limited = simulate({
      runs,
      steps: [pod("greedy", { resources: { limits: { memory: "1Gi" } } }), pod("modest", {})],
      until: "120s"
    })
    expect(last(limited, "modest").status.phase).toBe("Running")
    expect(last(limited, "greedy").status.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
      reason: "OOMKilled"
    })
  })
})
