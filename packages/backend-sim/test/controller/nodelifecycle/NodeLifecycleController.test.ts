/** Nodes that fall silent, and what a simulated control plane does about them. */
import { describe, expect, it } from "vitest"
import { Cluster } from "../../../src/Cluster.ts"
import { podManifest, podMoments, scenario, simulate, when } from "../../given.ts"
import { conditionOf, eventMoments, objectMoments, taintKeys } from "../clusterObjects.ts"

const nodes = (count: number, labels: (index: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, i) => ({ name: `n-${i + 1}`, cpu: 2, memory: "4Gi", pods: 110, labels: labels(i) }))
const on = (name: string, node: string, spec: object = {}) => podManifest(name, ["main"], { nodeName: node, ...spec })
const step = (at: string, name: string, does: object) => ({ at, node: { name, ...does } })
const tolerates = (tolerationSeconds: number) => ({
  tolerations: ["not-ready", "unreachable"].map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds
  }))
})
const lossOf = (facts: ReturnType<typeof simulate>, name: string) =>
  objectMoments(facts, "Node", name).find((moment) => conditionOf(moment, "Ready")?.["status"] === "Unknown")
const tainted = (facts: ReturnType<typeof simulate>, name: string, taint: string) =>
  objectMoments(facts, "Node", name).find((moment) => taintKeys(moment).includes(taint))

describe("a node whose kubelet stops", () => {
  const facts = simulate({
    nodes: nodes(2),
    steps: [
      { at: "0s", apply: [on("p", "n-2", tolerates(20)), on("q", "n-1")] },
      step("10s", "n-2", { kubelet: "stop" }),
      step("120s", "n-2", { kubelet: "start" })
    ],
    until: "150s"
  })
  const loss = lossOf(facts, "n-2")

  it("C-319, C-321, K-347: is taken for lost 50 to 55 seconds after its lease was last renewed", () => {
    expect(loss?.seconds).toBeGreaterThan(49)
    expect(loss?.seconds).toBeLessThan(65)
    expect(conditionOf(loss as NonNullable<typeof loss>, "Ready")).toMatchObject({
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status."
    })
    expect(lossOf(facts, "n-1")).toBeUndefined()
  })

  it("C-323: is told in an Event, C-324, C-413: and its pods are not ready in the same look, though their containers are", () => {
    const [node, pod] = eventMoments(facts, "NodeNotReady")
    expect(node).toMatchObject({
      message: "Node n-2 status is now: NodeNotReady",
      about: { kind: "Node", name: "n-2" }
    })
    expect(pod).toMatchObject({ message: "Node is not ready", about: { kind: "Pod", name: "p" } })
    const unready = when(
      podMoments(facts, "p"),
      ({ status }) =>
        (status.conditions ?? []).some(({ status: value, type }) => type === "Ready" && value === "False") &&
        (status.conditions ?? []).some(({ status: value, type }) => type === "ContainersReady" && value === "True")
    )
    expect(unready.seconds - (loss?.seconds ?? 0)).toBeLessThan(0.2)
    expect(unready.pod.status.conditions?.find(({ type }) => type === "Ready")?.reason).toBeUndefined()
  })

  it("C-325: gets both taints with their times, the one that evicts within its tenth of a second", () => {
    const [first, second] = ["NoSchedule", "NoExecute"].map((effect) => tainted(facts, "n-2", `unreachable:${effect}`))
    for (const moment of [first, second]) expect((moment?.seconds ?? 0) - (loss?.seconds ?? 0)).toBeLessThan(0.5)
    const { taints } = (second?.object["spec"] ?? { taints: [{}] }) as { taints: ReadonlyArray<{ timeAdded?: string }> }
    expect(taints.every(({ timeAdded }) => timeAdded !== undefined)).toBe(true)
  })

  it("C-331, C-332: its pod goes when its toleration is over", () => {
    const gone = when(podMoments(facts, "p"), ({ metadata }) => metadata.deletionTimestamp !== undefined)
    const evicting = tainted(facts, "n-2", "unreachable:NoExecute")?.seconds ?? 0
    expect(gone.seconds - evicting).toBeGreaterThan(20)
    expect(gone.seconds - evicting).toBeLessThan(20.3)
  })

  it("C-329: is ready again when its kubelet is, and loses both taints within five seconds", () => {
    const ready = objectMoments(facts, "Node", "n-2").find(
      (moment) => moment.seconds > 120 && conditionOf(moment, "Ready")?.["status"] === "True"
    )
    const clean = objectMoments(facts, "Node", "n-2").find(
      (moment) => moment.seconds > 120 && taintKeys(moment).length === 0
    )
    expect(ready?.seconds).toBeLessThan(122)
    expect((clean?.seconds ?? 0) - (ready?.seconds ?? 0)).toBeLessThan(5.3)
  })
})

describe("a node", () => {
  it("C-319: whose kubelet is away for less than its grace is not found out", () => {
    const facts = simulate({
      nodes: nodes(2),
      steps: [step("10s", "n-2", { kubelet: "stop" }), step("45s", "n-2", { kubelet: "start" })],
      until: "120s"
    })
    expect(lossOf(facts, "n-2")).toBeUndefined()
    expect(eventMoments(facts, "NodeNotReady")).toEqual([])
  })

  it("C-325, K-347: that says itself that it is not ready is tainted so, and back", () => {
    const facts = simulate({
      nodes: nodes(2),
      steps: [{ at: "5s", fault: { node: "n-2", call: "NetworkReady", for: "60s" } }],
      until: "150s"
    })
    expect(tainted(facts, "n-2", "not-ready:NoSchedule")).toBeDefined()
    expect(tainted(facts, "n-2", "not-ready:NoExecute")).toBeDefined()
    const last = objectMoments(facts, "Node", "n-2").at(-1)
    expect(last === undefined ? [] : taintKeys(last)).toEqual([])
  })

  it("C-326: that is cordoned has the taint for it", () => {
    const facts = simulate({
      nodes: nodes(1),
      steps: [step("1s", "n-1", { cordon: true }), step("5s", "n-1", { cordon: false })],
      until: "10s"
    })
    expect(tainted(facts, "n-1", "unschedulable:NoSchedule")).toBeDefined()
    const last = objectMoments(facts, "Node", "n-1").at(-1)
    expect(last === undefined ? [] : taintKeys(last)).toEqual([])
  })
})

describe("the labels of a node", () => {
  it("that have an old name say the same under it", () => {
    const facts = simulate({
      nodes: nodes(1),
      steps: [
        {
          at: "5s",
          patch: { kind: "Node", name: "n-1", patch: { metadata: { labels: { "kubernetes.io/os": "plan9" } } } }
        }
      ],
      until: "10s"
    })
    const labels = objectMoments(facts, "Node", "n-1").at(-1)?.object.metadata.labels ?? {}
    expect(labels["beta.kubernetes.io/os"]).toBe("plan9")
  })
})

describe("a cluster in which many nodes are lost", () => {
  it("C-328, C-412: evicts nobody when all are, and takes up again with the first that is back", () => {
    const facts = simulate({
      nodes: nodes(2),
      steps: [
        { at: "0s", apply: on("p", "n-2", tolerates(0)) },
        step("10s", "n-1", { network: "cut" }),
        step("10s", "n-2", { power: "off" }),
        step("300s", "n-1", { network: "heal" })
      ],
      until: "400s"
    })
    const gone = when(podMoments(facts, "p"), ({ metadata }) => metadata.deletionTimestamp !== undefined)
    expect(lossOf(facts, "n-1")?.seconds).toBeLessThan(70)
    expect(gone.seconds).toBeGreaterThan(300)
    expect(gone.seconds).toBeLessThan(330)
    expect(tainted(facts, "n-2", "unreachable:NoExecute")?.seconds).toBeGreaterThan(300)
  })

  it("C-325: taints the first at once and then one in ten seconds for each zone", () => {
    const facts = simulate({
      nodes: nodes(8, (i) => ({ "topology.kubernetes.io/zone": i < 6 ? "a" : "b" })),
      steps: ["n-1", "n-2", "n-7"].map((name) => step("10s", name, { network: "cut" })),
      until: "120s"
    })
    const times = ["n-1", "n-2", "n-7"].map((name) => tainted(facts, name, "unreachable:NoExecute")?.seconds ?? 0)
    const [a, b] = [Math.min(times[0] ?? 0, times[1] ?? 0), Math.max(times[0] ?? 0, times[1] ?? 0)]
    expect(b - a).toBeGreaterThan(9.8)
    expect(b - a).toBeLessThan(10.5)
    expect((times[2] ?? 0) - (lossOf(facts, "n-7")?.seconds ?? 0)).toBeLessThan(0.5)
  })

  it("C-327: taints nobody in a small zone of which more than half is lost", () => {
    const facts = simulate({
      nodes: nodes(6),
      steps: ["n-1", "n-2", "n-3", "n-4"].map((name) => step("10s", name, { network: "cut" })),
      until: "200s"
    })
    const lost = ["n-1", "n-2", "n-3", "n-4"].filter(
      (name) => tainted(facts, name, "unreachable:NoExecute") !== undefined
    )
    // The first ones were lost before there were more than two.
    expect(lost.length).toBeLessThan(4)
    expect(objectMoments(facts, "Node").some((moment) => taintKeys(moment).includes("unreachable:NoSchedule"))).toBe(
      true
    )
  })
})

describe("a cluster of many nodes", () => {
  it("costs nothing while they are well", () => {
    const made = scenario({ nodes: nodes(200), steps: [], until: "1h" })
    const cluster = new Cluster(made, { seed: 1 })
    let slices = 0
    while (!cluster.run((made.start + 3_600_000_000) as typeof made.start, 1_000)) slices++
    // 200 nodes write their status every five minutes or so; a look every five seconds at each would be 144,000.
    expect(slices).toBeLessThan(20)
  })
})
