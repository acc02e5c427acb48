/** The Endpoints of a Service: what Kubernetes itself makes of the same addresses, and how many it keeps. */
import { describe, expect, it } from "vitest"
import { endpointsOfService } from "../../../../src/decide/controller/endpoint/endpointsOfService.ts"
import { repackSubsets } from "../../../../src/decide/controller/endpoint/repackSubsets.ts"
import { isOverCapacity, truncateSubsets } from "../../../../src/decide/controller/endpoint/truncateSubsets.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../../src/event/KubernetesObject.ts"

const target = (name: string, uid: string) => ({ kind: "Pod", namespace: "n", name, uid })
const a = { ip: "10.0.0.1", nodeName: "n-1", targetRef: target("a", "u1") }
const b = { ip: "10.0.0.2", nodeName: "n-1", targetRef: target("b", "u2") }
const http = { name: "http", port: 80, protocol: "TCP" }
const https = { name: "https", port: 443, protocol: "TCP" }
const dns = { name: "dns", port: 53, protocol: "UDP" }
const web = { name: "web", port: 8080, protocol: "TCP", appProtocol: "kubernetes.io/h2c" }

describe("addresses that are packed anew", () => {
  it("stand as Kubernetes' own code puts them: addresses by their IPs, ports and subsets by their hashes", () => {
    const given = [
      { addresses: [b, a], ports: [http, https] },
      { notReadyAddresses: [a], ports: [dns] },
      { addresses: [{ ip: "10.0.0.3", hostname: "h" }], ports: [web] },
      { addresses: [{ ip: "10.0.0.9" }] }
    ]
    // The answer of RepackSubsets of Kubernetes 1.36.3.
    expect(repackSubsets(given)).toEqual([
      { notReadyAddresses: [a], ports: [dns] },
      { addresses: [a, b], ports: [http, https] },
      { addresses: [{ ip: "10.0.0.9" }] },
      { addresses: [{ ip: "10.0.0.3", hostname: "h" }], ports: [web] }
    ])
  })

  it("are not ready where one subset says so", () => {
    const given = [
      { addresses: [a], ports: [http] },
      { notReadyAddresses: [a], ports: [http] }
    ]
    expect(repackSubsets(given)).toEqual([{ notReadyAddresses: [a], ports: [http] }])
  })

  it("share a subset when they offer the same ports", () => {
    const given = [
      { addresses: [a], ports: [http] },
      { addresses: [b], ports: [http] },
      { addresses: [a], ports: [https] },
      { addresses: [b], ports: [https] }
    ]
    expect(repackSubsets(given)).toEqual([{ addresses: [a, b], ports: [http, https] }])
  })
})

describe("more than a thousand addresses", () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => ({ ip: `10.1.${i >> 8}.${i & 255}` }))
  const sizes = (subsets: ReadonlyArray<JsonObject>) =>
    subsets.map(({ addresses = [], notReadyAddresses = [] }) =>
      [addresses, notReadyAddresses].map((list) => (list as ReadonlyArray<unknown>).length)
    )

  it.each([
    [
      "ready ones alone are kept, each subset its share",
      [
        [900, 10],
        [600, 0]
      ],
      [
        [600, 0],
        [400, 0]
      ]
    ],
    [
      "those that are ready are kept before the others",
      [
        [700, 200],
        [100, 200]
      ],
      [
        [700, 100],
        [100, 100]
      ]
    ]
  ])("%s", (_what, given, kept) => {
    const subsets = given.map(([ready = 0, others = 0]) => ({
      ...(ready === 0 ? {} : { addresses: many(ready) }),
      ...(others === 0 ? {} : { notReadyAddresses: many(others) })
    }))
    expect(isOverCapacity(subsets)).toBe(true)
    expect(sizes(truncateSubsets(subsets))).toEqual(kept)
  })
})

describe("the Endpoints of a Service", () => {
  const service = (spec: JsonObject = {}) =>
    ({
      kind: "Service",
      apiVersion: "v1",
      metadata: { name: "s", namespace: "n", labels: { team: "t" } },
      spec: { selector: {}, clusterIP: "10.96.0.7", ports: [{ name: "http", port: 80, targetPort: 8080 }], ...spec }
    }) as unknown as KubernetesObject
  const pod = (more: JsonObject = {}, ready = "True") =>
    ({
      kind: "Pod",
      apiVersion: "v1",
      metadata: { name: "a", namespace: "n", uid: "u1", ...more },
      spec: { nodeName: "n-1", containers: [] },
      status: {
        phase: "Running",
        podIP: "10.0.0.1",
        podIPs: [{ ip: "10.0.0.1" }],
        conditions: [{ type: "Ready", status: ready }]
      }
    }) as unknown as PodObject
  const made = (spec: JsonObject, pods: ReadonlyArray<PodObject>, known?: KubernetesObject) =>
    endpointsOfService({ service: service(spec), pods, trigger: undefined }, known)
  const port = { name: "http", port: 8080, protocol: "TCP" }

  it("say where its pods are, whose they are, and who keeps them", () => {
    expect(made({}, [pod()])).toEqual({
      kind: "Endpoints",
      apiVersion: "v1",
      metadata: {
        name: "s",
        namespace: "n",
        labels: { team: "t", "endpoints.kubernetes.io/managed-by": "endpoint-controller" }
      },
      subsets: [{ addresses: [a], ports: [port] }]
    })
  })

  it("are there without pods, too", () => {
    expect(made({}, [])).not.toHaveProperty("subsets")
  })

  it.each([
    ["one that is not ready is told apart", {}, pod({}, "False"), [{ notReadyAddresses: [a], ports: [port] }]],
    [
      "but for a Service that publishes it all the same",
      { publishNotReadyAddresses: true },
      pod({}, "False"),
      [{ addresses: [a], ports: [port] }]
    ],
    ["one that is about to end is not there", {}, pod({ deletionTimestamp: "2026-01-01T00:00:00Z" }), undefined],
    ["a headless Service needs no ports", { clusterIP: "None", ports: [] }, pod(), [{ addresses: [a] }]],
    ["any other does", { ports: [] }, pod(), undefined]
  ] as ReadonlyArray<[string, JsonObject, PodObject, ReadonlyArray<JsonObject> | undefined]>)(
    "%s",
    (_what, spec, one, subsets) => {
      expect(made(spec, [one])?.["subsets"]).toEqual(subsets)
    }
  )

  it("are written when something of them has changed, and not before", () => {
    const first = made({}, [pod()])
    expect(made({}, [pod()], first)).toBeUndefined()
    expect(made({}, [pod({}, "False")], first)).toBeDefined()
    const relabelled = { ...first, metadata: { ...first?.metadata, labels: {} } } as KubernetesObject
    expect(made({}, [pod()], relabelled)?.metadata.labels).toEqual(first?.metadata.labels)
  })

  it("of more than a thousand pods are cut short, and say so", () => {
    const pods = Array.from({ length: 1_001 }, (_, i) => {
      const ip = `10.1.${i >> 8}.${i & 255}`
      return { ...pod({ uid: `u${i}` }), status: { ...pod().status, podIP: ip, podIPs: [{ ip }] } } as PodObject
    })
    const endpoints = made({}, pods)
    expect(endpoints?.metadata.annotations).toEqual({ "endpoints.kubernetes.io/over-capacity": "truncated" })
    expect(endpoints?.["subsets"]).toMatchObject([{ addresses: { length: 1_000 } }])
  })
})
