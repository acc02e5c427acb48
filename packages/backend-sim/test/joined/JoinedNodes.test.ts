/** Our kubelets under an API server that takes its time to answer: the same lives as in a simulation, and what goes wrong is tried again. */
import { type JsonObject, MILLISECOND, type PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest } from "../given.ts"
import { TestServer } from "./TestServer.ts"

const onNode = (name: string, spec: object = {}) => podManifest(name, ["main"], { nodeName: "n-1", ...spec })

const conditionOf = (object: JsonObject | undefined, type: string): string | undefined =>
  (
    (object?.["status"] as JsonObject | undefined)?.["conditions"] as ReadonlyArray<{ type: string; status: string }>
  )?.find((one) => one.type === type)?.status

const eventsOf = (server: TestServer, name: string): ReadonlyArray<string> =>
  server.store
    .list("Event")
    .filter((event) => (event["involvedObject"] as JsonObject)["name"] === name)
    .map((event) => `${event["reason"]} x${event["count"]}`)

const phaseOf = (server: TestServer, name: string): string | undefined =>
  (server.pod(name) as PodObject | undefined)?.status.phase

describe("a node that joins", () => {
  it("is registered, is ready, and renews its lease", () => {
    const server = new TestServer()
    server.runTo(60)
    const node = server.store.get("Node", undefined, "n-1")
    expect(conditionOf(node, "Ready")).toBe("True")
    expect(node?.metadata.annotations).toHaveProperty(["kubereel.dev/joined"])
    expect(node).toHaveProperty(["status", "daemonEndpoints", "kubeletEndpoint", "Port"], 0)
    const renewals = server.requests.filter((request) => request === "PUT Lease n-1").length
    expect(renewals).toBeGreaterThanOrEqual(4)
    expect(renewals).toBeLessThanOrEqual(6)
    expect(server.store.get("Lease", "kube-node-lease", "n-1")?.metadata.ownerReferences?.[0]?.name).toBe("n-1")
  })

  it("K-013, K-227: runs a pod through its life, and takes it away when it is deleted", () => {
    const server = new TestServer({ runs: { main: [{ onTerm: { exitAfter: "1s", exitCode: 0 } }] } })
    server.runTo(5)
    server.api.create(onNode("p"), "default")
    server.runTo(10)
    expect(phaseOf(server, "p")).toBe("Running")
    expect(conditionOf(server.pod("p"), "Ready")).toBe("True")
    expect(eventsOf(server, "p")).toEqual(["Pulled x1", "Created x1", "Started x1"])
    server.api.delete("Pod", "default", "p", {})
    server.runTo(14)
    expect(server.pod("p")).toBeUndefined()
    expect(eventsOf(server, "p").at(-1)).toBe("Killing x1")
    expect(server.requests.filter((request) => request === "DELETE Pod p")).toHaveLength(1)
  })

  it("counts an Event that comes again in the one that is there", () => {
    const server = new TestServer({ runs: { main: [{ exitAfter: "1s", exitCode: 1 }] } })
    server.runTo(3)
    server.api.create(onNode("p"), "default")
    server.runTo(120)
    expect(eventsOf(server, "p")).toContainEqual(expect.stringMatching(/^BackOff x([3-9]|\d\d)$/))
    expect(server.requests).toContainEqual(expect.stringMatching(/^PATCH Event p\./))
  })

  it("finds the pods that were bound to it while it was away", () => {
    const server = new TestServer()
    server.api.create(onNode("p"), "default")
    server.runTo(8)
    expect(phaseOf(server, "p")).toBe("Running")
  })
})

describe("a server that does not answer", () => {
  it("K-223: is told later what was not heard, and in the end it has the last status", () => {
    const server = new TestServer()
    server.runTo(5)
    server.api.create(onNode("p"), "default")
    server.runTo(5.05)
    server.down = true
    server.runTo(35)
    expect(phaseOf(server, "p")).toBe("Pending")
    server.down = false
    server.runTo(50)
    expect(phaseOf(server, "p")).toBe("Running")
    expect(eventsOf(server, "p")).toContain("Started x1")
  })

  it("is asked for the node and its lease until both are there", () => {
    const server = new TestServer()
    server.down = true
    server.runTo(30)
    expect(server.store.get("Node", undefined, "n-1")).toBeUndefined()
    server.down = false
    server.runTo(60)
    expect(conditionOf(server.store.get("Node", undefined, "n-1"), "Ready")).toBe("True")
    expect(server.store.get("Lease", "kube-node-lease", "n-1")).toBeDefined()
  })

  it("takes a finished pod away as soon as it answers again", () => {
    const server = new TestServer({ runs: { main: [{ onTerm: { exitAfter: "1s", exitCode: 0 } }] } })
    server.runTo(5)
    server.api.create(onNode("p"), "default")
    server.runTo(10)
    server.api.delete("Pod", "default", "p", {})
    server.runTo(10.5)
    server.down = true
    server.runTo(30)
    expect(server.pod("p")).toBeDefined()
    server.down = false
    server.runTo(45)
    expect(server.pod("p")).toBeUndefined()
  })
})

it("however long an answer takes, a status is written from what the server has then", () => {
  for (const millis of [0, 1, 50, 400]) {
    const server = new TestServer({}, millis * MILLISECOND)
    server.runTo(8)
    server.api.create(onNode("p"), "default")
    server.runTo(20)
    expect([millis, phaseOf(server, "p"), conditionOf(server.pod("p"), "Ready")]).toEqual([millis, "Running", "True"])
  }
})

it("addresses of pods are unique among all joined nodes", () => {
  const names = Array.from({ length: 300 }, (_, i) => ({ name: `n-${i}` }))
  const server = new TestServer({ nodes: names })
  server.runTo(8)
  for (const { name } of names) server.api.create(onNode(`p-${name}`, { nodeName: name }), "default")
  server.runTo(14)
  const ips = server.store.list("Pod").map((pod) => (pod as PodObject).status.podIP)
  expect(new Set(ips.filter((ip) => ip !== undefined)).size).toBe(300)
})
