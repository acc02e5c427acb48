/** Services that become services of another type. */
import { type Instant, type JsonObject, type KubernetesObject, SECOND } from "@kubereel/core"
import { beforeEach, expect, it } from "vitest"
import { ApiServer } from "../../src/apiserver/ApiServer.ts"
import { Store } from "../../src/apiserver/Store.ts"
import { Engine } from "../../src/engine/Engine.ts"

let api: ApiServer

beforeEach(() => {
  api = new ApiServer(new Engine((1_767_225_600 * SECOND) as Instant), new Store(100), 0)
  api.create({ kind: "Namespace", apiVersion: "v1", metadata: { name: "n" } }, "")
})

const make = (spec: JsonObject): JsonObject => {
  const service = { kind: "Service", apiVersion: "v1", metadata: { name: "s" }, spec } as KubernetesObject
  const { body, status } = api.create(service, "n")
  expect(status).toBe(201)
  return body["spec"] as JsonObject
}

const become = (spec: JsonObject): JsonObject => {
  const patch = { type: "merge", body: { spec } } as const
  const { body, status } = api.patch({ kind: "Service", namespace: "n", name: "s" }, "", patch)
  expect([status, body["message"]]).toEqual([200, undefined])
  return body["spec"] as JsonObject
}

const ports = [{ port: 80 }]

it("one that names another host loses the address that it was given, and gets one when it has pods again", () => {
  const before = make({ ports })
  expect(before["clusterIP"]).toMatch(/^10\.96\./)
  const external = become({ type: "ExternalName", externalName: "example.com" })
  for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"])
    expect(external).not.toHaveProperty(field)
  const again = become({ type: "ClusterIP", externalName: null })
  expect(again["clusterIP"]).toMatch(/^10\.96\./)
  expect(again).toMatchObject({ clusterIPs: [again["clusterIP"]], ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" })
})

it("one with ports of the nodes loses them, and gets some when it wants them", () => {
  make({ type: "NodePort", ports })
  const inside = become({ type: "ClusterIP" })
  expect((inside["ports"] as ReadonlyArray<JsonObject>)[0]).not.toHaveProperty("nodePort")
  expect(inside).not.toHaveProperty("externalTrafficPolicy")
  const [port] = become({ type: "NodePort" })["ports"] as ReadonlyArray<JsonObject>
  expect(Number(port?.["nodePort"])).toBeGreaterThanOrEqual(30_000)
})

it("one that is changed otherwise keeps its address", () => {
  const before = make({ ports })
  expect(become({ ports: [{ port: 81 }] })["clusterIP"]).toBe(before["clusterIP"])
})

it("who changes the address in the same breath is refused", () => {
  make({ ports })
  const body = { spec: { type: "ExternalName", externalName: "example.com", clusterIP: "10.96.9.9" } }
  expect(api.patch({ kind: "Service", namespace: "n", name: "s" }, "", { type: "merge", body }).status).toBe(422)
})
