/** Whole clusters: workloads on a few nodes, what stands beside them, and everything that may be done to all of them. */
import fc from "fast-check"
import { formatDuration, parseDuration } from "../../event/duration.ts"
import type { JsonObject } from "../../event/Json.ts"
import { anyWorkloadOrder } from "./anyClusterOrder.ts"
import { anyNeighbour, anyStorage, equipment } from "./anyNeighbour.ts"
import { anyRuns } from "./anyRun.ts"
import { anyImages, anyNode } from "./anyScenario.ts"
import { anyWorkload } from "./anyWorkload.ts"
import { duration, list, mapping, oneOf, rarely, sometimes } from "./parts.ts"

const another = (name: string) =>
  mapping({
    name: fc.constant(name),
    cpu: sometimes(oneOf<number>(2, 1)),
    memory: sometimes(oneOf("4Gi", "600Mi")),
    labels: sometimes(
      oneOf<JsonObject>({ disk: "ssd", "topology.kubernetes.io/zone": "b" }, { "topology.kubernetes.io/zone": "a" })
    ),
    taints: rarely(fc.constant([{ key: "k", effect: "PreferNoSchedule" }]), 6),
    clockSkew: rarely(oneOf("90s", "-1m"), 8)
  })

/** Who asks others through the workload's Service. */
const client = mapping({
  needs: sometimes(
    oneOf("http://w/", "http://w.any.svc.cluster.local/", "http://nobody/").map((url) => ({
      calls: [{ url }],
      every: "2s"
    }))
  ),
  http: fc.constant([{ port: 80, calls: [{ url: "http://w/", timeout: "1s" }] }])
}).map((run): JsonObject => ({ match: { pod: "p" }, runs: [run] }))

const clusterOf = (parts: {
  readonly workloads: ReadonlyArray<JsonObject>
  readonly neighbours: ReadonlyArray<JsonObject>
  readonly orders: ReadonlyArray<{ readonly at: string; readonly what: JsonObject }>
  readonly runs: ReadonlyArray<JsonObject> | undefined
  readonly asks: JsonObject | undefined
  readonly images: ReadonlyArray<JsonObject>
  readonly nodes: ReadonlyArray<JsonObject>
  readonly storage: JsonObject | undefined
  readonly until: string
}): JsonObject => {
  const { asks, images: declared, neighbours, nodes, orders, runs, storage, until: end, workloads } = parts
  const later = orders.map(({ at, what }) => ({ at, ...what }))
  const inTime = later.toSorted((a, b) => (parseDuration(a.at) ?? 0) - (parseDuration(b.at) ?? 0))
  return {
    apiVersion: "kubereel.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name: "any" },
    spec: {
      description: "An arbitrary workload.",
      nodes,
      images: declared,
      programs: [
        ...(asks === undefined ? [] : [asks]),
        ...(runs === undefined ? [] : [{ match: { pod: "*", container: "*" }, runs }])
      ],
      steps: [{ at: "0s", apply: [...neighbours, ...workloads] }, ...inTime],
      ...(storage === undefined ? {} : { storage: [storage] }),
      until: end
    }
  }
}

/** A second one competes with the first for nodes, and for its pods where their labels are the same. */
const beside = (workload: JsonObject): JsonObject => ({
  ...workload,
  metadata: { ...(workload["metadata"] as JsonObject), name: "v" }
})

/** A scenario's document of up to three nodes. It is valid as a scenario; what the API server refuses in it is part of the history. */
export const anyClusterDocument: fc.Arbitrary<JsonObject> = anyWorkload.chain((workload) =>
  fc
    .record({
      second: rarely(anyWorkload, 4),
      neighbours: list(anyNeighbour, 3),
      equipped: oneOf(true, true, false),
      orders: list(fc.record({ at: duration(100), what: anyWorkloadOrder(String(workload["kind"])) }), 8),
      runs: sometimes(anyRuns),
      asks: rarely(client, 3),
      images: anyImages,
      nodes: fc
        .tuple(anyNode, another("n-2"), sometimes(another("n-3")))
        .map((all) => all.filter((one) => one !== undefined)),
      storage: fc.oneof({ weight: 3, arbitrary: anyStorage }, { weight: 1, arbitrary: fc.constant(undefined) }),
      until: fc.integer({ min: 30, max: 200 }).map((span) => formatDuration(span * 1_000_000))
    })
    .map(({ equipped, neighbours, second, ...parts }) =>
      clusterOf({
        ...parts,
        neighbours: equipped ? [...equipment, ...neighbours] : neighbours,
        workloads: second === undefined ? [workload] : [workload, beside(second)]
      })
    )
)
