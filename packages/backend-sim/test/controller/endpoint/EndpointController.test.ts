/** The Endpoints of Services, and the slices that mirror those that people wrote: the controllers alone. */
import type { JsonObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const service = (spec: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "s" },
  spec: { ports: [{ port: 80 }], ...spec }
})

const selecting = service({ selector: { app: "a" } })

const pod = (name: string): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels: { app: "a" } },
  spec: { nodeName: "n-1", containers: [{ name: "x", image: "busybox:1" }] }
})

const running = (cluster: TestControlPlane, name: string, ip: string, ready = true): void => {
  const condition = { type: "Ready", status: ready ? "True" : "False", lastTransitionTime: "2026-01-01T00:00:05Z" }
  const status = { phase: "Running", podIP: ip, podIPs: [{ ip }], conditions: [condition] }
  cluster.patch("Pod", name, { status }, "status")
}

const addresses = (cluster: TestControlPlane, list: "addresses" | "notReadyAddresses"): ReadonlyArray<string> =>
  cluster
    .list("Endpoints")
    .flatMap(({ subsets }) =>
      ((subsets ?? []) as ReadonlyArray<JsonObject>).flatMap((subset) =>
        ((subset[list] ?? []) as ReadonlyArray<JsonObject>).map(({ ip }) => String(ip))
      )
    )

const made = (manifest: JsonObject): TestControlPlane => {
  const cluster = new TestControlPlane()
  cluster.create(manifest)
  return cluster.run(1)
}

describe("the Endpoints of a Service with a selector", () => {
  it("are made with it, follow its pods, and go with it", () => {
    const cluster = made(selecting)
    expect(cluster.get("Endpoints", "s").metadata.annotations).toEqual({
      "endpoints.kubernetes.io/last-change-trigger-time": "2026-01-01T00:00:01Z"
    })
    cluster.create(pod("a"))
    running(cluster, "a", "10.0.0.1")
    cluster.run(1)
    expect(addresses(cluster, "addresses")).toEqual(["10.0.0.1"])
    running(cluster, "a", "10.0.0.1", false)
    cluster.run(1)
    expect([addresses(cluster, "addresses"), addresses(cluster, "notReadyAddresses")]).toEqual([[], ["10.0.0.1"]])
    cluster.delete("Service", "s")
    cluster.run(1)
    expect(cluster.list("Endpoints")).toEqual([])
  })

  it("are made again when somebody deletes them", () => {
    const cluster = made(selecting)
    cluster.delete("Endpoints", "s")
    cluster.run(1)
    expect(cluster.list("Endpoints")).toHaveLength(1)
  })

  it("are mirrored by nobody: they have slices of their own", () => {
    const cluster = made(selecting)
    cluster.create(pod("a"))
    running(cluster, "a", "10.0.0.1")
    cluster.run(5)
    const managers = cluster
      .list("EndpointSlice")
      .map(({ metadata }) => metadata.labels?.["endpointslice.kubernetes.io/managed-by"])
    expect(managers).toEqual(["endpointslice-controller.k8s.io"])
  })
})

describe("the Endpoints of a Service without a selector", () => {
  const written = (ip: string): JsonObject => ({
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: "s" },
    subsets: [{ addresses: [{ ip }], ports: [{ port: 80 }] }]
  })
  const mirrored = (cluster: TestControlPlane): ReadonlyArray<string> =>
    cluster
      .list("EndpointSlice")
      .flatMap(({ endpoints }) =>
        ((endpoints ?? []) as ReadonlyArray<JsonObject>).map((one) => String(one["addresses"]))
      )

  it("are written by people, and mirrored as long as they are there", () => {
    const cluster = made(service())
    expect(cluster.list("Endpoints")).toEqual([])
    cluster.create(written("10.1.0.1"))
    cluster.run(1)
    expect(mirrored(cluster)).toEqual(["10.1.0.1"])
    cluster.patch("Endpoints", "s", { subsets: written("10.1.0.2")["subsets"] ?? [] })
    cluster.run(1)
    expect(mirrored(cluster)).toEqual(["10.1.0.2"])
    cluster.delete("Endpoints", "s")
    cluster.run(1)
    expect(cluster.list("EndpointSlice")).toEqual([])
  })

  it("are mirrored no more once it has one", () => {
    const cluster = made(service())
    cluster.create(written("10.1.0.1"))
    cluster.run(1)
    cluster.patch("Service", "s", { spec: { selector: { app: "a" } } })
    cluster.run(5)
    expect(mirrored(cluster)).toEqual([])
  })

  it("of no Service are mirrored by nobody", () => {
    expect(mirrored(made(written("10.1.0.1")))).toEqual([])
  })

  it("are mirrored again when somebody else deletes their slice", () => {
    const cluster = made(service())
    cluster.create(written("10.1.0.1"))
    cluster.run(1)
    const [slice] = cluster.list("EndpointSlice")
    cluster.delete("EndpointSlice", slice?.metadata.name ?? "")
    cluster.run(3)
    expect(mirrored(cluster)).toEqual(["10.1.0.1"])
  })
})
