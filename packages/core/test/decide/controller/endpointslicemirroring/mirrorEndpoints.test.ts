/** Endpoints that somebody wrote by hand, as EndpointSlices. */
import { describe, expect, it } from "vitest"
import {
  isMirrored,
  mirrorEndpoints
} from "../../../../src/decide/controller/endpointslicemirroring/mirrorEndpoints.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"

const endpoints = (subsets: ReadonlyArray<JsonObject>, metadata: JsonObject = {}) =>
  ({
    kind: "Endpoints",
    apiVersion: "v1",
    metadata: { name: "s", namespace: "n", uid: "e", ...metadata },
    subsets
  }) as unknown as KubernetesObject

const http = { name: "http", port: 80, protocol: "TCP" }
const one = (ip: string) => [{ addresses: [{ ip }], ports: [http] }]

/** As the API server would have it. */
const stored = (slice: KubernetesObject | undefined, name = "s-1") =>
  ({ ...slice, metadata: { ...slice?.metadata, name } }) as unknown as KubernetesObject

describe("Endpoints that are mirrored", () => {
  it("become a slice of each family of addresses, which is their own", () => {
    const given = endpoints(
      [{ addresses: [{ ip: "10.0.0.1" }], notReadyAddresses: [{ ip: "fd00::1" }], ports: [http] }],
      { labels: { app: "a" }, annotations: { note: "n", "endpoints.kubernetes.io/last-change-trigger-time": "t" } }
    )
    const { create, remove, update } = mirrorEndpoints(given, [])
    expect([remove, update]).toEqual([[], []])
    expect(create.map(({ addressType, endpoints: list }) => [addressType, list])).toEqual([
      ["IPv4", [{ addresses: ["10.0.0.1"], conditions: { ready: true } }]],
      ["IPv6", [{ addresses: ["fd00::1"], conditions: { ready: false } }]]
    ])
    expect(create[0]?.metadata).toEqual({
      generateName: "s-",
      namespace: "n",
      labels: {
        app: "a",
        "kubernetes.io/service-name": "s",
        "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io"
      },
      annotations: { note: "n" },
      ownerReferences: [
        { apiVersion: "v1", kind: "Endpoints", name: "s", uid: "e", controller: true, blockOwnerDeletion: true }
      ]
    })
  })

  it("are left alone while their slice shows them, and are written over it when it does not", () => {
    const [made] = mirrorEndpoints(endpoints(one("10.0.0.1")), []).create
    const existing = [stored(made)]
    expect(mirrorEndpoints(endpoints(one("10.0.0.1")), existing)).toMatchObject({ create: [], update: [], remove: [] })
    const moved = mirrorEndpoints(endpoints(one("10.0.0.2")), existing)
    expect(moved.update.map(({ metadata }) => metadata.name)).toEqual(["s-1"])
    expect(mirrorEndpoints(endpoints(one("10.0.0.1"), { labels: { app: "a" } }), existing).update).toHaveLength(1)
    expect(mirrorEndpoints(endpoints(one("10.0.0.1"), { uid: "another" }), existing).update).toHaveLength(1)
  })

  it("take over the slice of other ports, and have none without addresses", () => {
    const [made] = mirrorEndpoints(endpoints(one("10.0.0.1")), []).create
    const other = endpoints([{ addresses: [{ ip: "10.0.0.1" }], ports: [{ ...http, port: 81 }] }])
    const changed = mirrorEndpoints(other, [stored(made)])
    expect([changed.create, changed.remove]).toEqual([[], []])
    expect(changed.update.map(({ metadata, ports }) => [metadata.name, ports])).toEqual([
      ["s-1", [{ ...http, port: 81 }]]
    ])
    expect(mirrorEndpoints(endpoints([]), [stored(made)]).remove).toHaveLength(1)
  })

  it("are mirrored as far as they are addresses, and as many of them as a slice takes", () => {
    const many = Array.from({ length: 1_002 }, (_, i) => ({ ip: `10.1.${i >> 8}.${i & 255}` }))
    const { create, invalid, skipped } = mirrorEndpoints(
      endpoints([{ addresses: [{ ip: "nowhere" }, ...many], ports: [http] }]),
      []
    )
    expect(create[0]?.["endpoints"]).toHaveLength(1_000)
    expect([invalid, skipped]).toEqual([0, 3])
    expect(mirrorEndpoints(endpoints(one("nowhere")), [])).toMatchObject({ create: [], invalid: 1, skipped: 1 })
  })

  it("may say that they do not want to be", () => {
    expect(isMirrored(endpoints([]))).toBe(true)
    expect(isMirrored(endpoints([], { labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } }))).toBe(false)
    expect(isMirrored(endpoints([], { annotations: { "control-plane.alpha.kubernetes.io/leader": "{}" } }))).toBe(false)
  })
})
