/**
 * Every shipped scenario and the generated ones on a real cluster, as far as can be told without one: what of them is refused and
 * why, and that every step becomes a request of the API or an order for a driver of nodes.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { decodeScenario, type JsonObject, type Scenario } from "@kubereel/core"
import { anyScenario } from "@kubereel/core/testing"
import { Effect, Result } from "effect"
import fc from "fast-check"
import { parse } from "yaml"
import type { ApiRequest } from "../../src/client/ApiWriter.ts"
import { findingText } from "../../src/play/Finding.ts"
import { clusterScopeFindings, scenarioFindings } from "../../src/play/findings.ts"
import { Kinds } from "../../src/play/Kinds.ts"
import type { NodeDriver, NodeOrder } from "../../src/play/NodeDriver.ts"
import { Orders } from "../../src/play/Orders.ts"
import { playableScenario } from "../../src/play/program/manifest.ts"

const directory = join(import.meta.dirname, "..", "..", "..", "..", "scenarios")
const names = readdirSync(directory).map((file) => file.replace(/\.yaml$/, ""))

const load = (name: string): Scenario =>
  Result.getOrThrow(decodeScenario(parse(readFileSync(join(directory, `${name}.yaml`), "utf8"))))

const verbs = ["list", "watch"]

/** Groups whose kinds the shipped scenarios speak of and no recorder watches. */
const offered: Readonly<Record<string, JsonObject>> = {
  "/apis": {
    groups: ["policy/v1", "scheduling.k8s.io/v1"].map((groupVersion) => ({ preferredVersion: { groupVersion } }))
  },
  "/api/v1": { resources: [{ name: "resourcequotas", kind: "ResourceQuota", namespaced: true, verbs }] },
  "/apis/policy/v1": {
    resources: [{ name: "poddisruptionbudgets", kind: "PodDisruptionBudget", namespaced: true, verbs }]
  },
  "/apis/scheduling.k8s.io/v1": {
    resources: [{ name: "priorityclasses", kind: "PriorityClass", namespaced: false, verbs }]
  }
}
const kinds = () => new Kinds({ get: (path: string) => Effect.succeed(offered[path] ?? {}) } as never)

/** A cluster to which everything can be said. */
const listener = (scenario: Scenario) => {
  const requests: Array<ApiRequest> = []
  const orders: Array<NodeOrder> = []
  const driver: NodeDriver = {
    check: () => Effect.void,
    act: (order) => Effect.sync(() => void orders.push(order))
  }
  const writer = {
    ask: (request: ApiRequest) =>
      Effect.sync(() => {
        requests.push(request)
        return { status: 200, body: { spec: { nodeName: "n-1" }, items: [{ metadata: { name: "one" } }] } }
      }),
    exec: () => Effect.sync(() => requests.push({ method: "POST", path: "exec" }))
  }
  const of = new Orders({ writer: writer as never, kinds: kinds(), namespace: scenario.namespace, driver })
  return { requests, orders, of, driver }
}

const refusals = Effect.fnUntraced(function* (given: Scenario) {
  const { driver } = listener(given)
  const findings = [
    ...scenarioFindings(given, driver),
    ...playableScenario(given, undefined).findings,
    ...(yield* clusterScopeFindings(given, kinds()))
  ]
  return findings.filter(({ refused }) => refused).map(findingText)
})

/** For each step, how much is said to the cluster because of it. */
const said = Effect.fnUntraced(function* (given: Scenario) {
  const { of, orders, requests } = listener(given)
  const counts: Array<number> = []
  for (const { intention } of playableScenario(given, undefined).scenario.steps) {
    const before = requests.length + orders.length
    yield* of.submit(intention)
    counts.push(requests.length + orders.length - before)
  }
  return { counts, requests }
})

describe("a shipped scenario on a real cluster with a driver", () => {
  it.effect.each(names)("%s: nothing of it is refused, and every step is a request or an order", (name) =>
    Effect.gen(function* () {
      const given = load(name)
      assert.deepStrictEqual(yield* refusals(given), [])
      const { counts, requests } = yield* said(given)
      assert.isTrue(
        counts.every((count) => count > 0),
        counts.join()
      )
      for (const { path } of requests)
        assert.match(path, new RegExp(`/namespaces/${given.namespace}/|/nodes/|/priorityclasses|^exec$`))
    })
  )

  it.effect("without a driver, those that do something to nodes are refused, and only those", () =>
    Effect.gen(function* () {
      const found = names.filter((name) => scenarioFindings(load(name), undefined).some(({ refused }) => refused))
      assert.deepStrictEqual(found, [
        "daemonset-on-delete",
        "drain",
        "killed-from-outside",
        "kubelet-restart",
        "node-lost",
        "node-selector",
        "taint-comes-and-goes",
        "taint-no-execute",
        "zone-brown-out",
        "zone-outage",
        "zones-all-lost"
      ])
    })
  )
})

/** All that is refused of what is generated, where there is a driver. */
const honest: ReadonlyArray<RegExp> = [
  /\.startError: a real container starts always or never; declare it for every run$/,
  /\.oom: container \w+ has no memory limit that it could exceed$/,
  /\.writes\[\d\]\.volume: container \w+ does not mount the pod's volume \w+, and could write nothing there$/
]

describe("a generated scenario on a real cluster with a driver", () => {
  it("can be played, but for what no process can do", () => {
    fc.assert(
      fc.property(anyScenario, (given) => {
        for (const refusal of Effect.runSync(refusals(given)))
          assert.isTrue(
            honest.some((known) => known.test(refusal)),
            refusal
          )
        const { counts } = Effect.runSync(said(given))
        assert.lengthOf(counts, given.steps.length)
        // A step may be for many and find none: deleting by labels asks for them all the same.
        assert.isTrue(
          counts.every((count) => count > 0),
          counts.join()
        )
      }),
      { numRuns: 300 }
    )
  })
})
