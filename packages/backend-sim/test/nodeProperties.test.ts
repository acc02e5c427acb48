/** Any pods on nodes that fall silent, are tainted, drained, removed and joined: what holds of every simulation holds there, too. */
import type { Json, JsonObject } from "@kubereel/core"
import { anyScenarioDocument } from "@kubereel/core/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { replicaSetManifest } from "./given.ts"
import { properties, repeats, traceOf } from "./properties.ts"

const node = fc.constantFrom("n-1", "n-1", "n-2", "n-3")
const labels = { app: "web" }
const replicaSet = replicaSetManifest(3, { terminationGracePeriodSeconds: 5 })
const budget = (spec: object) => ({
  apply: {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { generateName: "b-" },
    spec: { selector: { matchLabels: labels }, ...spec }
  }
})
const taint = (effect: string) => ({ key: "k", effect })

const does: fc.Arbitrary<object> = fc.oneof(
  fc
    .record({
      name: node,
      what: fc.constantFrom<object>(
        ...[{ kubelet: "stop" }, { kubelet: "start" }, { power: "off" }, { power: "on" }, { remove: true }],
        ...[{ network: "cut" }, { network: "cut-out" }, { network: "cut-in" }, { network: "heal" }],
        ...[{ cordon: true }, { cordon: false }, { add: {} }, { add: { cpu: 1, clockSkew: "-2m" } }]
      )
    })
    .map(({ name, what }) => ({ node: { name, ...what } })),
  fc
    .record({
      name: node,
      taints: fc.constantFrom(
        null,
        [taint("NoExecute")],
        [taint("NoSchedule")],
        [{ key: "node.kubernetes.io/out-of-service", effect: "NoExecute" }]
      )
    })
    .map(({ name, taints }) => ({ patch: { kind: "Node", name, type: "merge", patch: { spec: { taints } } } })),
  fc
    .record({ node, force: fc.boolean(), disableEviction: fc.boolean(), timeout: fc.constantFrom("20s", "2m") })
    .map((drain) => ({ drain: { ...drain, deleteEmptyDirData: true } })),
  fc.constantFrom<object>(
    ...[{ apply: replicaSet }, budget({ minAvailable: 1 }), budget({ maxUnavailable: "50%" }), budget({})],
    ...[{ delete: { kind: "Node", name: "n-2" } }, { delete: { kind: "ReplicaSet", name: "web" } }],
    ...[{ evict: { pod: "p" } }, { delete: { kind: "Pod", selector: labels, pick: "oldest" } }]
  )
)

const seconds = (text: unknown): number => Number.parseFloat(String(text)) * (String(text).endsWith("m") ? 60 : 1)

/** Three nodes instead of one, and as many such steps as one likes among the others. */
const anyNodes: fc.Arbitrary<JsonObject> = fc
  .record({
    document: anyScenarioDocument,
    more: fc.array(fc.record({ at: fc.integer({ min: 0, max: 200 }), step: does }), { minLength: 1, maxLength: 10 })
  })
  .map(({ document, more }) => {
    const spec = document["spec"] as JsonObject
    const [first = { name: "n-1" }] = spec["nodes"] as ReadonlyArray<JsonObject>
    const added = more.map(({ at, step }) => ({ at: `${at}s`, ...step }))
    const own = (spec["steps"] as ReadonlyArray<JsonObject>).filter(({ at }) => /^[\d.]+s$/.test(String(at)))
    const steps = [...own, ...added].sort((a, b) => seconds(a.at) - seconds(b.at)) as unknown as Json
    const nodes = [{ ...first, name: "n-1" }, { name: "n-2" }, { name: "n-3", profile: "zero" }]
    return { ...document, spec: { ...spec, nodes, steps, until: "5m" } }
  })

const sample = { numRuns: 120, seed: 20_260_102 }

describe("whatever happens to the nodes of a cluster", () => {
  it.each(properties)("$sentence", (property) => {
    fc.assert(
      fc.property(anyNodes, (document) => {
        expect(property.broken(traceOf(document))).toBe(undefined)
      }),
      { ...sample, numRuns: 40 }
    )
  })

  it("the same scenario and seed give the same bytes", () => {
    fc.assert(fc.property(anyNodes, fc.nat(1_000), repeats), { ...sample, numRuns: 30 })
  })
})
