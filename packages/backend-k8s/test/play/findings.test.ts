/** What a real cluster does not do is said before anything is played, with the step or the field. */
import { decodeScenario, type JsonObject, type Scenario } from "@kubereel/core"
import { Effect, Result } from "effect"
import { assert, describe, it } from "vitest"
import { ApiClient } from "../../src/client/ApiClient.ts"
import { driverFindings } from "../../src/play/driverFindings.ts"
import { type Finding, findingText } from "../../src/play/Finding.ts"
import { clusterScopeFindings, nodeFindings, scenarioFindings, versionFindings } from "../../src/play/findings.ts"
import { Kinds } from "../../src/play/Kinds.ts"
import { type NodeDriver, NodeDriverFailure, type NodeQuestion } from "../../src/play/NodeDriver.ts"
import { apiStub } from "./apiStub.ts"

const scenario = (spec: JsonObject): Scenario =>
  Result.getOrThrow(
    decodeScenario({
      apiVersion: "kubereel.dev/v1alpha1",
      kind: "Scenario",
      metadata: { name: "shop" },
      spec: { until: "1s", steps: [], ...spec }
    })
  )

const driver: NodeDriver = { check: () => Effect.void, act: () => Effect.void }

const refused = (findings: ReadonlyArray<Finding>) => findings.filter((one) => one.refused).map(findingText)
const steps = (step: JsonObject, with_?: NodeDriver) =>
  refused(scenarioFindings(scenario({ steps: [{ at: "5s", ...step }] }), with_))

describe("steps", () => {
  it("that concern machines need a driver", () => {
    const kill = { kill: { pod: "p", container: "main" } }
    assert.deepStrictEqual(steps(kill), [
      "step at 5s (kill p/main with signal 9): only a driver for the cluster's nodes can do that: name one with --node-driver, or run it without --on"
    ])
    assert.deepStrictEqual(steps(kill, driver), [])
    assert.lengthOf(steps({ node: { name: "a", cordon: true } }), 1)
    assert.lengthOf(steps({ patch: { kind: "Node", name: "a", patch: {} } }), 1)
    assert.lengthOf(steps({ fault: { node: "a", call: "Status" } }), 1)
    assert.lengthOf(steps({ fault: { node: "a", call: "Status" } }, driver), 0)
  })

  it("that only a simulated cluster can do are refused, driver or not", () => {
    assert.match(
      steps({ drain: { node: "a" } }, driver)[0] ?? "",
      /^step at 5s \(drain a\): nothing here drains a node/
    )
    assert.match(
      steps({ watch: { of: "kubelet", node: "a", lag: "2s" } }, driver)[0] ?? "",
      /^step at 5s \(watch of kubelet on a lags by 2s\): nobody's watch of a real cluster can be held up/
    )
    assert.match(
      steps({ node: { name: "a", add: {} } }, driver)[0] ?? "",
      /: no machine joins or leaves a real cluster/
    )
    assert.match(
      steps({ node: { name: "a", remove: true } }, driver)[0] ?? "",
      /: no machine joins or leaves a real cluster/
    )
  })

  it("that place static pods place them in the run's namespace, or are refused", () => {
    const pod = (namespace?: string) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "s", ...(namespace === undefined ? {} : { namespace }) },
      spec: {}
    })
    const place = (one: JsonObject) => steps({ node: { name: "a", staticPods: [one] } }, driver)
    assert.deepStrictEqual(place(pod("shop")), [])
    assert.match(place(pod())[0] ?? "", /: only namespace shop is played in, and this is for default$/)
    const begins = scenario({ nodes: [{ name: "a", staticPods: [pod("shop")] }] })
    assert.match(refused(scenarioFindings(begins, undefined))[0] ?? "", /^spec\.nodes\[0\]\.staticPods: only a driver/)
    assert.deepStrictEqual(refused(scenarioFindings(begins, driver)), [])
  })

  it("are refused with the words of the driver that cannot do them, which is asked once for each thing", async () => {
    const asked: Array<NodeQuestion> = []
    const choosy: NodeDriver = {
      ...driver,
      check: (question) => {
        asked.push(question)
        return "power" in question ? new NodeDriverFailure({ problem: "no plug to pull" }) : Effect.void
      }
    }
    const node = { name: "a", kubelet: "stop", power: "off" }
    const found = await Effect.runPromise(
      driverFindings(
        scenario({
          nodes: [{ name: "a", staticPods: [{ apiVersion: "v1", kind: "Pod", metadata: { name: "s" }, spec: {} }] }],
          steps: [
            { at: "1s", node },
            { at: "2s", node },
            { at: "3s", kill: { pod: "p", container: "main" } },
            { at: "4s", node: { name: "a", cordon: true } },
            { at: "5s", fault: { node: "a", call: "Status", for: "2s" } },
            { at: "6s", delete: { kind: "Pod", name: "p" } }
          ]
        }),
        choosy,
        []
      )
    )
    assert.deepStrictEqual(found.map(findingText), [
      'step at 1s (node a {"kubelet":"stop","power":"off"}): no plug to pull',
      'step at 2s (node a {"kubelet":"stop","power":"off"}): no plug to pull'
    ])
    assert.deepStrictEqual(
      asked.map((one) => Object.keys(one).filter((key) => key !== "node")[0]),
      ["staticPods", "kubelet", "power", "kill", undefined, "fault"]
    )
  })

  it("for another namespace are refused", () => {
    const other = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "kube-system" } }
    assert.match(steps({ apply: other })[0] ?? "", /only namespace shop is played in, and this is for kube-system$/)
    assert.lengthOf(steps({ delete: { kind: "Pod", name: "p", namespace: "default" } }), 1)
    assert.lengthOf(steps({ delete: { kind: "Pod", name: "p", namespace: "shop" } }), 0)
  })
})

describe("nodes and images", () => {
  const real = (name: string): JsonObject => ({
    metadata: { name, labels: { zone: "z" } },
    spec: { taints: [{ key: "t", effect: "NoSchedule" }] },
    status: { capacity: { cpu: "2", pods: "110" } }
  })

  it("that are other than the scenario says are named", () => {
    const nodes = [
      { name: "a", cpu: 2, pods: 110, labels: { zone: "z" }, taints: [{ key: "t", effect: "NoSchedule" }] }
    ]
    assert.deepStrictEqual(nodeFindings(scenario({ nodes }), [real("a")], undefined), [])
    const other = [
      {
        name: "a",
        cpu: 4,
        labels: { zone: "y" },
        taints: [{ key: "u", effect: "NoExecute" }],
        profile: "slow-disk",
        kubelet: { registryPullQPS: 1 }
      },
      { name: "b" }
    ]
    assert.deepStrictEqual(
      nodeFindings(scenario({ nodes: other }), [real("a"), real("c")], undefined).map(findingText),
      [
        "spec.nodes[0].profile: node a takes as long as it takes",
        "spec.nodes[0].kubelet: node a has a kubelet with a configuration of its own",
        "spec.nodes[0].cpu: node a has 2, not 4",
        "spec.nodes[0].labels: node a has no label zone=y",
        "spec.nodes[0].taints: node a has no taint u:NoExecute",
        "spec.nodes[1].name: the cluster has no node b; its nodes are a, c",
        "spec.nodes: the cluster has other nodes, too, where pods may go: c"
      ]
    )
  })

  it("get the labels and taints that they have not from a run that has a driver", async () => {
    const spec = { labels: { zone: "y" }, taints: [{ key: "u", effect: "NoExecute" }] }
    const given = scenario({
      nodes: [
        { name: "a", cpu: 2, ...spec },
        { name: "b", ...spec }
      ]
    })
    assert.deepStrictEqual(nodeFindings(given, [real("a")], driver).map(findingText), [
      "spec.nodes[1].name: the cluster has no node b; its nodes are a"
    ])
    const asked: Array<NodeQuestion> = []
    const foreign: NodeDriver = {
      ...driver,
      check: (question) => {
        asked.push(question)
        return new NodeDriverFailure({ problem: "not one of mine" })
      }
    }
    const found = await Effect.runPromise(driverFindings(given, foreign, ["a"]))
    assert.deepStrictEqual(found.map(findingText), ["spec.nodes[0]: not one of mine"])
    assert.deepStrictEqual(asked, [{ node: "a" }])
  })

  it("of another version are named", () => {
    assert.deepStrictEqual(versionFindings(scenario({ kubernetes: "1.36" }), "v1.36.3"), [])
    assert.deepStrictEqual(versionFindings(scenario({}), "v1.36.3"), [])
    assert.deepStrictEqual(versionFindings(scenario({ kubernetes: "1.30" }), "v1.36.3").map(findingText), [
      "spec.kubernetes: the cluster has v1.36.3, not 1.30"
    ])
  })

  it("whose pulls the scenario makes up are for a real registry", () => {
    const images = [
      { image: "a", present: true },
      { image: "b", error: "NotFound" }
    ]
    assert.deepStrictEqual(scenarioFindings(scenario({ images }), undefined).map(findingText), [
      "spec.images[1]: what a pull of b ends with, and when, is for its real registry to say"
    ])
  })

  it("whether there is a driver of storage is the cluster's to say", () => {
    const storage = [{ driver: "d.example.com" }]
    assert.deepStrictEqual(scenarioFindings(scenario({ storage }), undefined).map(findingText), [
      "spec.storage[0]: whether the cluster has the driver d.example.com, and how long that takes, is for it to say"
    ])
  })
})

describe("objects that belong to no namespace", () => {
  /** What is refused of these steps, one a second; the server has ClusterRoles. */
  const of = (...steps: ReadonlyArray<JsonObject>): Promise<ReadonlyArray<string>> =>
    Effect.gen(function* () {
      const { kubeconfig, stub } = yield* apiStub
      const preferredVersion = { groupVersion: "rbac.authorization.k8s.io/v1" }
      const role = { name: "clusterroles", kind: "ClusterRole", namespaced: false, verbs: ["list", "watch"] }
      stub.objects
        .set("/apis", { groups: [{ preferredVersion }] })
        .set("/api/v1", { resources: [] })
        .set("/apis/rbac.authorization.k8s.io/v1", { resources: [role] })
      const kinds = new Kinds(yield* ApiClient.make({ kubeconfig }))
      const given = scenario({ steps: steps.map((step, i) => ({ at: `${i}s`, ...step })) })
      return refused(yield* clusterScopeFindings(given, kinds))
    }).pipe(Effect.scoped, Effect.runPromise)

  const role = (name: string): JsonObject => ({
    apply: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name } }
  })

  it("may be touched when the scenario has made them before, and only then", async () => {
    const remove = { delete: { kind: "ClusterRole", name: "reader" } }
    assert.deepStrictEqual(await of(role("reader"), remove), [])
    assert.deepStrictEqual(await of(remove, role("reader")), [
      "step at 0s (delete ClusterRole/reader): ClusterRole reader belongs to the whole cluster, not to this run"
    ])
    assert.lengthOf(await of(role("writer"), remove), 1)
    assert.lengthOf(await of(role("reader"), { patch: { kind: "clusterroles", name: "reader", patch: {} } }), 0)
  })

  it("by a selector are not touched, nor namespaces and nodes of others", async () => {
    assert.lengthOf(await of(role("reader"), { delete: { kind: "ClusterRole", selector: { app: "shop" } } }), 1)
    const namespace = (name: string): JsonObject => ({
      apply: { apiVersion: "v1", kind: "Namespace", metadata: { name } }
    })
    assert.lengthOf(await of(namespace("other")), 1)
    assert.lengthOf(await of(namespace("shop")), 0)
    assert.lengthOf(await of({ delete: { kind: "Namespace", name: "kube-system" } }), 1)
    assert.lengthOf(await of({ apply: { apiVersion: "v1", kind: "Node", metadata: { name: "n" } } }), 1)
  })

  it("are no matter where objects are in the run's namespace, or of no kind that the server has", async () => {
    assert.deepStrictEqual(
      await of(
        { delete: { kind: "Pod", name: "p" } },
        { delete: { kind: "Unheard", name: "u" } },
        { scale: { kind: "Deployment", name: "web", replicas: 2 } }
      ),
      []
    )
  })
})

describe("what a node is said to have", () => {
  it("is said to stay as it is: its clock, and what its runtime can run containers with", () => {
    const nodes = [{ name: "a", clockSkew: "1m" }, { name: "b", runtimeHandlers: ["gvisor"] }, { name: "c" }]
    assert.deepStrictEqual(scenarioFindings(scenario({ nodes }), driver).map(findingText), [
      "spec.nodes[0].clockSkew: the clock of node a stays as it is",
      "spec.nodes[1].runtimeHandlers: the container runtime of node b stays as it is"
    ])
  })
})
