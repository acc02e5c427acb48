/** Steps that make somebody's watch late: what a component does that works with what it knew. */
import { later, type PodObject, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Cluster } from "../../src/Cluster.ts"
import { objectMoments } from "../controller/clusterObjects.ts"
import { type Given, podManifest, podMoments, scenario, simulate, when } from "../given.ts"

const replicaSet = (replicas: number) => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name: "r" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "r" } },
    template: { metadata: { labels: { app: "r" } }, spec: podManifest("", ["main"]).spec }
  }
})

const watch = (at: string, of: object) => ({ at, watch: of })

/** When the pods came to be, in seconds. */
const births = (given: Partial<Given>): ReadonlyArray<number> =>
  objectMoments(simulate({ steps: [], until: "60s", ...given }), "Pod")
    .filter(({ change }) => change === "ADDED")
    .map(({ seconds }) => seconds)

const deleteOne = { at: "10s", delete: { kind: "Pod", selector: { app: "r" }, pick: "oldest", gracePeriodSeconds: 0 } }

describe("a controller whose watch is late", () => {
  const steps = (of: object | undefined) => [
    { at: "0s", apply: replicaSet(2) },
    ...(of === undefined ? [] : [watch("8s", of)]),
    deleteOne
  ]

  it("misses nothing when it is not", () => {
    const [, , replaced] = births({ steps: steps(undefined) })
    expect(replaced).toBeLessThan(10.5)
  })

  it.each([
    ["stands still", { for: "20s" }, 28],
    ["lags", { lag: "5s" }, 15],
    ["lags for a while that is over", { lag: "5s", for: "1s" }, 10]
  ])("that %s: replaces a pod when it hears that it is gone", (_, late, at) => {
    for (const of of ["replicaset-controller", "kube-controller-manager"]) {
      const [, , replaced] = births({ steps: steps({ of, kinds: ["Pod"], ...late }) })
      expect(replaced).toBeGreaterThan(at)
      expect(replaced).toBeLessThan(at + 0.6)
    }
  })

  it("for ever: never", () => {
    expect(births({ steps: steps({ of: "replicaset-controller" }) })).toHaveLength(2)
  })

  it("does its work as ever if that of another controller or of another kind is late", () => {
    for (const of of [{ of: "deployment-controller" }, { of: "replicaset-controller", kinds: ["Node"] }])
      expect(births({ steps: steps(of) })[2]).toBeLessThan(10.5)
  })
})

describe("the scheduler whose watch stands still", () => {
  const nodeOf = (pod: PodObject) => pod.spec.nodeName
  const bound = (of: object, name = "p") =>
    when(
      podMoments(
        simulate({
          nodes: [{ name: "n-1" }],
          steps: [
            watch("0s", { of: "kube-scheduler", for: "20s", ...of }),
            { at: "5s", node: { name: "n-1", cordon: true } },
            { at: "6s", apply: podManifest(name, ["main"]) },
            { at: "30s", node: { name: "n-1", cordon: false } }
          ],
          until: "60s"
        }),
        name
      ),
      (pod) => nodeOf(pod) !== undefined
    ).seconds

  it("binds a pod to a node that was cordoned meanwhile", () => {
    expect(bound({ kinds: ["Node"] })).toBeLessThan(7)
  })

  it("does not know of a pod that waits", () => {
    expect(bound({ kinds: ["Pod"] })).toBeGreaterThan(30)
    const hasRoom = simulate({
      steps: [watch("0s", { of: "kube-scheduler", for: "20s" }), { at: "6s", apply: podManifest("p", ["main"]) }],
      until: "40s"
    })
    const { seconds } = when(podMoments(hasRoom), (pod) => nodeOf(pod) !== undefined)
    expect(seconds).toBeGreaterThan(20)
    expect(seconds).toBeLessThan(20.2)
  })
})

describe("a kubelet whose watch stands still", () => {
  it("runs a pod on that was deleted, and ends it when it hears of that", () => {
    const facts = simulate({
      runs: { main: [{ onTerm: { exitAfter: "0s", exitCode: 0 } }] },
      steps: [
        { at: "0s", apply: podManifest("p", ["main"]) },
        watch("10s", { of: "kubelet", node: "n-1", for: "15s" }),
        { at: "12s", delete: { kind: "Pod", name: "p" } }
      ],
      until: "60s"
    })
    const gone = podMoments(facts).find(({ change }) => change === "DELETED")
    expect(gone?.seconds).toBeGreaterThan(25)
    expect(gone?.seconds).toBeLessThan(27.5)
  })

  it("hears everything at once when its process starts anew", () => {
    const facts = simulate({
      steps: [
        watch("1s", { of: "kubelet", node: "n-1" }),
        { at: "2s", apply: podManifest("p", ["main"]) },
        { at: "20s", node: { name: "n-1", kubelet: "restart" } }
      ],
      until: "60s"
    })
    const running = when(podMoments(facts), ({ status }) => status.phase === "Running")
    expect(running.seconds).toBeGreaterThan(20)
  })
})

describe("a step for a watch that nobody has", () => {
  it("is refused: no such node, no kubelet, a controller without caches of its own", () => {
    const made = scenario({ steps: [], until: "10s" })
    const cluster = new Cluster(made)
    cluster.run(later(made.start, SECOND), Number.POSITIVE_INFINITY)
    const late = { _tag: "Watch", node: undefined, kinds: undefined, lag: undefined, for: SECOND } as const
    const ask = (of: string, node?: string) => cluster.submit({ ...late, of, node })?.map(({ body }) => body["message"])
    expect(ask("kubelet", "n-9")).toEqual(['nodes "n-9" not found'])
    expect(ask("replicaset-controller")).toEqual(["replicaset-controller has no watch of its own now"])
    expect(ask("kubelet", "n-1")).toEqual([])
    cluster.submit(
      scenario({ steps: [{ at: "0s", node: { name: "n-1", kubelet: "stop" } }], until: "1s" }).steps[0]!.intention
    )
    expect(ask("kubelet", "n-1")).toEqual(["the kubelet of n-1 has no watch of its own now"])
    expect([ask("kube-scheduler"), ask("kube-controller-manager")]).toEqual([[], []])
  })
})
