import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { allocateService } from "../../../src/decide/apiserver/core/service.ts"
import { createObject } from "../../../src/decide/apiserver/createObject.ts"
import type { Instant } from "../../../src/event/Instant.ts"
import type { JsonObject } from "../../../src/event/Json.ts"

const create = (spec: JsonObject) =>
  Result.getOrThrow(
    createObject({ apiVersion: "v1", kind: "Service", metadata: { name: "s" }, spec } as never, {
      namespace: "n",
      uid: "u",
      resourceVersion: "1",
      now: 1_767_225_600_000_000 as Instant,
      nameSuffix: ""
    })
  )

const first = { addresses: new Set<string>(), nodePorts: new Set<number>(), draw: () => 0 }

describe("Services", () => {
  it("are completed as Kubernetes completes them", () => {
    expect(create({ selector: { a: "b" }, ports: [{ port: 80 }] })["spec"]).toEqual({
      internalTrafficPolicy: "Cluster",
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      selector: { a: "b" },
      sessionAffinity: "None",
      type: "ClusterIP"
    })
  })

  it("get an address that no other has", () => {
    const made = create({ ports: [{ port: 80 }] })
    expect(allocateService(made, first)["spec"]).toMatchObject({
      clusterIP: "10.96.0.1",
      clusterIPs: ["10.96.0.1"],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack"
    })
    const others = { ...first, addresses: new Set(["10.96.0.1", "10.96.0.2"]) }
    expect(allocateService(made, others)["spec"]).toMatchObject({ clusterIP: "10.96.0.3" })
  })

  it("have no address when they are headless or a name elsewhere", () => {
    expect(allocateService(create({ clusterIP: "None" }), first)["spec"]).toMatchObject({ clusterIP: "None" })
    const named = create({ type: "ExternalName", externalName: "example.com" })
    expect(allocateService(named, first)["spec"]).not.toHaveProperty("clusterIP")
  })

  it("of the type NodePort get a port for each of theirs, unless they ask for one", () => {
    const made = create({
      type: "NodePort",
      ports: [
        { name: "a", port: 80, nodePort: 30_001 },
        { name: "b", port: 81 }
      ]
    })
    const taken = { ...first, nodePorts: new Set([30_000, 30_001]) }
    expect(allocateService(made, taken)["spec"]).toMatchObject({
      externalTrafficPolicy: "Cluster",
      ports: [{ nodePort: 30_001 }, { nodePort: 30_002 }]
    })
  })

  it("remember a client for three hours", () => {
    expect(create({ sessionAffinity: "ClientIP", ports: [{ port: 80 }] })["spec"]).toMatchObject({
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } }
    })
  })
})
