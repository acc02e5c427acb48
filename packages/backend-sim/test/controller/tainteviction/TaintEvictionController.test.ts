/** Pods on nodes that somebody taints. */
import { describe, expect, it } from "vitest"
import { podManifest, podMoments, simulate, when } from "../../given.ts"
import { eventMoments } from "../clusterObjects.ts"

const tolerating = (name: string, tolerationSeconds?: number) =>
  podManifest(name, ["main"], {
    terminationGracePeriodSeconds: 3,
    tolerations: [
      {
        key: "k",
        operator: "Exists",
        effect: "NoExecute",
        ...(tolerationSeconds === undefined ? {} : { tolerationSeconds })
      }
    ]
  })
const taint = (at: string, taints: ReadonlyArray<object> | null) => ({
  at,
  patch: { kind: "Node", name: "n-1", type: "merge", patch: { spec: { taints } } }
})
const noExecute = [{ key: "k", effect: "NoExecute" }]

describe("a node that gets a taint that evicts", () => {
  const facts = simulate({
    steps: [
      {
        at: "0s",
        apply: [podManifest("goes", ["main"]), tolerating("later", 10), tolerating("spared", 30), tolerating("stays")]
      },
      taint("8s", noExecute),
      taint("25s", null)
    ],
    until: "60s"
  })
  const deletion = (name: string) =>
    when(podMoments(facts, name), ({ metadata }) => metadata.deletionTimestamp !== undefined)

  it("C-330, C-331: loses the pods that do not tolerate it, each at its time", () => {
    expect(deletion("goes").seconds).toBeLessThan(8.3)
    expect(deletion("later").seconds).toBeGreaterThan(18)
    expect(deletion("later").seconds).toBeLessThan(18.3)
    for (const name of ["spared", "stays"])
      expect(podMoments(facts, name).every(({ pod }) => pod.metadata.deletionTimestamp === undefined)).toBe(true)
  })

  it("C-332: says so, then in the pod's status, then deletes", () => {
    const said = eventMoments(facts, "TaintManagerEviction").find(({ about }) => about["name"] === "goes")
    const marked = when(podMoments(facts, "goes"), ({ status }) =>
      (status.conditions ?? []).some(({ type }) => type === "DisruptionTarget")
    )
    expect(said?.message).toBe("Marking for deletion Pod test/goes")
    expect(said?.object["source"]).toEqual({ component: "taint-eviction-controller" })
    expect(marked.pod.status.conditions?.find(({ type }) => type === "DisruptionTarget")).toMatchObject({
      status: "True",
      reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint"
    })
    expect(marked.pod.metadata.deletionTimestamp).toBeUndefined()
    expect(marked.seconds).toBeLessThan(deletion("goes").seconds)
  })

  it("C-333: spares those that still had time when the taint is gone", () => {
    const spared = eventMoments(facts, "TaintManagerEviction").filter(({ about }) => about["name"] === "spared")
    expect(spared.map(({ message }) => message)).toEqual(["Cancelling deletion of Pod test/spared"])
    expect(spared[0]?.seconds).toBeGreaterThan(25)
  })

  it("C-334, C-414: names no UID in its Events", () => {
    const abouts = eventMoments(facts, "TaintManagerEviction").map(({ about }) => about)
    expect(abouts.length).toBe(3)
    expect(abouts.every((about) => about["uid"] === undefined)).toBe(true)
  })
})

describe("a pod that waits for its end on such a node", () => {
  it("C-333: and is deleted by somebody else is said to be spared", () => {
    const facts = simulate({
      steps: [
        { at: "0s", apply: tolerating("p", 60) },
        taint("5s", noExecute),
        { at: "10s", delete: { kind: "Pod", name: "p" } }
      ],
      until: "30s"
    })
    expect(eventMoments(facts, "TaintManagerEviction").map(({ message }) => message)).toEqual([
      "Cancelling deletion of Pod test/p"
    ])
  })

  it("C-330: that comes to the node after the taint is evicted, too", () => {
    const facts = simulate({
      steps: [taint("1s", noExecute), { at: "5s", apply: podManifest("p", ["main"], { nodeName: "n-1" }) }],
      until: "20s"
    })
    expect(eventMoments(facts, "TaintManagerEviction")[0]?.seconds).toBeLessThan(5.2)
  })
})
