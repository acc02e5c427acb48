import type { JsonObject, KubernetesObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const service = (spec: JsonObject = {}, labels: JsonObject = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "s", labels },
  spec: { selector: { app: "a" }, ports: [{ port: 80, targetPort: "web" }], ...spec }
})

const pod = (name: string, labels: JsonObject = { app: "a" }, spec: JsonObject = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels },
  spec: {
    nodeName: "n-1",
    containers: [{ name: "x", image: "busybox:1", ports: [{ name: "web", containerPort: 8080 }] }],
    ...spec
  }
})

const withNode = (): TestControlPlane => {
  const cluster = new TestControlPlane()
  const metadata = { name: "n-1", uid: "n", resourceVersion: "1", labels: { "topology.kubernetes.io/zone": "z" } }
  cluster.store.create({ apiVersion: "v1", kind: "Node", metadata } as unknown as KubernetesObject)
  return cluster.run(3)
}

const running = (cluster: TestControlPlane, name: string, ip: string, ready = true): void => {
  const condition = { type: "Ready", status: ready ? "True" : "False", lastTransitionTime: "2026-01-01T00:00:05Z" }
  const status = { phase: "Running", podIP: ip, podIPs: [{ ip }], conditions: [condition] }
  cluster.patch("Pod", name, { status }, "status")
}

const slices = (cluster: TestControlPlane) =>
  cluster
    .list("EndpointSlice")
    .map(({ endpoints, ports }) =>
      [ports, endpoints].map((list) => (list ?? []) as unknown as ReadonlyArray<JsonObject>)
    )

const endpoints = (cluster: TestControlPlane): ReadonlyArray<string> =>
  slices(cluster).flatMap(([, list = []]) =>
    list.map(({ addresses, conditions }) => {
      const on = Object.entries(conditions as JsonObject).filter(([, value]) => value === true)
      return `${String(addresses)} ${on.map(([name]) => name).join(" ")}`.trim()
    })
  )

describe("EndpointSlices", () => {
  it("C-341: a service without pods has one that is empty, with its owner, its labels and a name of its own", () => {
    const cluster = withNode()
    cluster.create(service({}, { team: "t" }))
    cluster.run(3)
    const [slice] = cluster.list("EndpointSlice")
    expect(slice?.metadata).toMatchObject({
      generateName: "s-",
      generation: 1,
      labels: {
        team: "t",
        "kubernetes.io/service-name": "s",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"
      },
      annotations: { "endpoints.kubernetes.io/last-change-trigger-time": "2026-01-01T00:00:04Z" },
      ownerReferences: [{ kind: "Service", name: "s", controller: true, blockOwnerDeletion: true }]
    })
    expect(slices(cluster)).toEqual([[[], []]])
  })

  it("C-338, C-340, X-26: a pod stands in it with address, zone and port as soon as it has an address", () => {
    const cluster = withNode()
    cluster.create(service())
    cluster.create(pod("p"))
    cluster.run(3)
    expect(slices(cluster)).toEqual([[[], []]])
    running(cluster, "p", "10.0.0.1", false)
    cluster.run(3)
    const uid = cluster.get("Pod", "p").metadata.uid
    expect(slices(cluster)).toEqual([
      [
        [{ name: "", protocol: "TCP", port: 8080 }],
        [
          {
            addresses: ["10.0.0.1"],
            conditions: { ready: false, serving: false, terminating: false },
            targetRef: { kind: "Pod", namespace: "n", name: "p", uid },
            nodeName: "n-1",
            zone: "z"
          }
        ]
      ]
    ])
  })

  it("C-339, C-368: ready, serving and terminating follow the pod; one that has ended is gone from it", () => {
    const cluster = withNode()
    cluster.create(service())
    cluster.create(pod("p"))
    running(cluster, "p", "10.0.0.1")
    cluster.run(3)
    expect(endpoints(cluster)).toEqual(["10.0.0.1 ready serving"])
    cluster.delete("Pod", "p")
    cluster.run(3)
    expect(endpoints(cluster)).toEqual(["10.0.0.1 serving terminating"])
    const conditions = [{ type: "Ready", status: "False", lastTransitionTime: "2026-01-01T00:00:15Z" }]
    cluster.patch("Pod", "p", { status: { phase: "Succeeded", conditions } }, "status")
    cluster.run(3)
    expect(endpoints(cluster)).toEqual([])
  })

  it("C-339: publishNotReadyAddresses calls everybody ready", () => {
    const cluster = withNode()
    cluster.create(service({ publishNotReadyAddresses: true }))
    cluster.create(pod("p", { app: "a" }, { nodeName: "unknown" }))
    running(cluster, "p", "10.0.0.1", false)
    cluster.run(3)
    expect(endpoints(cluster)).toEqual(["10.0.0.1 ready"])
  })

  it("C-340: a headless service says so, and names pods of its subdomain", () => {
    const cluster = withNode()
    cluster.create(service({ clusterIP: "None" }))
    cluster.create(pod("p", { app: "a" }, { hostname: "h", subdomain: "s" }))
    running(cluster, "p", "10.0.0.1")
    cluster.run(3)
    expect(cluster.list("EndpointSlice")[0]?.metadata.labels).toHaveProperty("service.kubernetes.io/headless", "")
    expect(slices(cluster)[0]?.[1]?.[0]).toMatchObject({ hostname: "h" })
  })

  it("C-341: a hundred endpoints a slice; one that goes changes one slice alone", () => {
    const cluster = withNode()
    cluster.create(service())
    for (let i = 0; i < 120; i++) {
      cluster.create(pod(`p-${i}`))
      running(cluster, `p-${i}`, `10.0.1.${i}`)
    }
    cluster.run(30)
    const sizes = () => slices(cluster).map(([, list]) => list?.length)
    expect(sizes().reduce((sum = 0, size = 0) => sum + size, 0)).toBe(120)
    expect(Math.max(...sizes().map((size) => size ?? 0))).toBeLessThanOrEqual(100)
    cluster.clear()
    cluster.patch("Pod", "p-7", { metadata: { labels: { app: "other" } } })
    cluster.run(3)
    expect(cluster.log.filter((line) => line.includes("EndpointSlice"))).toHaveLength(1)
    expect(endpoints(cluster)).toHaveLength(119)
  })

  it("say for whom an endpoint is meant while the service prefers near ones, and no longer", () => {
    const cluster = withNode()
    cluster.create(service({ trafficDistribution: "PreferSameNode" }))
    cluster.create(pod("a"))
    cluster.create(pod("b"))
    cluster.run(1)
    running(cluster, "a", "10.0.0.1")
    running(cluster, "b", "10.0.0.2", false)
    cluster.run(3)
    const hints = () => slices(cluster).flatMap(([, list = []]) => list.map((one) => one["hints"] ?? "none"))
    expect(hints()).toEqual([{ forZones: [{ name: "z" }], forNodes: [{ name: "n-1" }] }, "none"])
    cluster.patch("Service", "s", { spec: { trafficDistribution: "PreferSameZone" } })
    cluster.run(3)
    expect(hints()).toEqual([{ forZones: [{ name: "z" }] }, "none"])
    cluster.patch("Service", "s", { spec: { trafficDistribution: null } })
    cluster.run(3)
    expect(hints()).toEqual(["none", "none"])
  })

  it("a pod whose node is not known waits, and the service says why", () => {
    const cluster = withNode()
    cluster.create(service())
    cluster.create(pod("p", { app: "a" }, { nodeName: "gone" }))
    running(cluster, "p", "10.0.0.1")
    cluster.run(3)
    expect(endpoints(cluster)).toEqual([])
    expect(cluster.events).toContain(
      "FailedToUpdateEndpointSlices: Error updating Endpoint Slices for Service n/s: skipping Pod p for Service n/s: Node gone Not Found"
    )
  })

  it("go with their service", () => {
    const cluster = withNode()
    cluster.create(service())
    cluster.run(3)
    cluster.delete("Service", "s")
    cluster.run(3)
    expect(cluster.list("EndpointSlice")).toEqual([])
  })
})
