import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { allocateService } from "../../../src/decide/apiserver/core/service.ts"
import { allocationRefusal } from "../../../src/decide/apiserver/core/serviceAddresses.ts"
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
      clusterIP: "10.96.1.1",
      clusterIPs: ["10.96.1.1"],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack"
    })
    const others = { ...first, addresses: new Set(["10.96.1.1", "10.96.1.2"]) }
    expect(allocateService(made, others)["spec"]).toMatchObject({ clusterIP: "10.96.1.3" })
    const last = { ...first, draw: (n: number) => n - 1 }
    expect(allocateService(made, last)["spec"]).toMatchObject({ clusterIP: "10.96.255.254" })
  })

  it("get one of the addresses and ports that are kept for those who ask when no other is left, each one in the end", () => {
    const addressOf = (n: number) => `10.96.${n >> 8}.${n & 255}`
    const upper = new Set(Array.from({ length: 65_534 - 256 }, (_, i) => addressOf(i + 257)))
    const spec = { type: "NodePort", ports: [{ port: 80 }] }
    const ports = new Set(Array.from({ length: 2_768 - 86 }, (_, i) => 30_086 + i))
    expect(allocateService(create(spec), { ...first, addresses: upper, nodePorts: ports })["spec"]).toMatchObject({
      clusterIP: "10.96.0.1",
      ports: [{ nodePort: 30_000 }]
    })
    const all = new Set(Array.from({ length: 2_768 }, (_, i) => 30_000 + i))
    expect(allocationRefusal(create(spec), { ...first, nodePorts: ports })).toBeUndefined()
    expect(allocationRefusal(create(spec), { ...first, nodePorts: all })).toMatchObject({
      code: 500,
      message: "Internal error occurred: failed to allocate a nodePort: range is full"
    })
    const every = new Set(Array.from({ length: 65_534 }, (_, i) => addressOf(i + 1)))
    expect(allocationRefusal(create({ clusterIP: "None" }), { ...first, addresses: every })).toBeUndefined()
    expect(allocationRefusal(create({ ports: [{ port: 80 }] }), { ...first, addresses: every })?.message).toMatch(
      /failed to allocate a serviceIP for Service "s": range is full$/
    )
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
      ports: [{ nodePort: 30_001 }, { nodePort: 30_086 }]
    })
  })

  it("remember a client for three hours", () => {
    expect(create({ sessionAffinity: "ClientIP", ports: [{ port: 80 }] })["spec"]).toMatchObject({
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } }
    })
  })
})
