/** What a real cluster does not do is said before anything is played, with the step or the field. */
import { decodeScenario, type JsonObject, type Scenario } from "@kubereel/core"
import { Effect, Result } from "effect"
import { assert, describe, it } from "vitest"
import { type Finding, findingText } from "../../src/play/Finding.ts"
import { nodeFindings, scenarioFindings } from "../../src/play/findings.ts"
import type { NodeDriver } from "../../src/play/NodeDriver.ts"

const scenario = (spec: JsonObject): Scenario =>
  Result.getOrThrow(
    decodeScenario({
      apiVersion: "kubereel.dev/v1alpha1",
      kind: "Scenario",
      metadata: { name: "shop" },
      spec: { until: "1s", steps: [], ...spec }
    })
  )

const driver: NodeDriver = { nodes: ["a"], act: () => Effect.void, kill: () => Effect.void }

const refused = (findings: ReadonlyArray<Finding>) => findings.filter((one) => one.refused).map(findingText)
const steps = (step: JsonObject, with_?: NodeDriver) =>
  refused(scenarioFindings(scenario({ steps: [{ at: "5s", ...step }] }), with_))

describe("steps", () => {
  it("that concern machines need a driver", () => {
    const kill = { kill: { pod: "p", container: "main" } }
    assert.deepStrictEqual(steps(kill), [
      "step at 5s (kill p/main with signal 9): only who has a driver for the cluster's nodes can do that; run the scenario without --on"
    ])
    assert.deepStrictEqual(steps(kill, driver), [])
    assert.lengthOf(steps({ node: { name: "a", cordon: true } }), 1)
    assert.lengthOf(steps({ patch: { kind: "Node", name: "a", patch: {} } }), 1)
  })

  it("that no driver can do are refused part by part", () => {
    const problems = steps({ node: { name: "b", pressure: true, power: "shutdown" } }, driver)
    assert.lengthOf(problems, 3)
    assert.match(problems[0] ?? "", /the cluster's driver reaches no node b, only a$/)
    assert.match(
      steps({ fault: { node: "a", call: "Status" } }, driver)[0] ?? "",
      /faults of a runtime are simulated only/
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
    assert.deepStrictEqual(nodeFindings(scenario({ nodes }), [real("a")]), [])
    const other = [
      { name: "a", cpu: 4, labels: { zone: "y" }, taints: [{ key: "u", effect: "NoExecute" }] },
      { name: "b" }
    ]
    assert.deepStrictEqual(nodeFindings(scenario({ nodes: other }), [real("a"), real("c")]).map(findingText), [
      "spec.nodes[0].cpu: node a has 2, not 4",
      "spec.nodes[0].labels: node a has no label zone=y",
      "spec.nodes[0].taints: node a has no taint u:NoExecute",
      "spec.nodes[1].name: the cluster has no node b; its nodes are a, c",
      "spec.nodes: the cluster has other nodes, too, where pods may go: c"
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
})
