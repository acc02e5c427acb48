/** Kubelets of joined nodes that others ask: where they are, what they answer, and two nodes behind one address. */
import type { JsonObject, PodObject, ServedKubelet } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest } from "../given.ts"
import { TestServer } from "./TestServer.ts"

const MILLISECONDS = 7_000

const endpoints = { address: "192.0.2.7", ports: [40_001, 40_002] }

const on = (node: string, name: string, spec: object = {}) => {
  const pod = podManifest(name, ["main"], { nodeName: node })
  return { ...pod, spec: { ...pod.spec, ...spec } }
}

const two = { nodes: [{ name: "n-1" }, { name: "n-2" }] }

const kubeletOf = (server: TestServer, node: string): ServedKubelet => {
  const kubelet = server.nodes.kubelet(node)
  if (kubelet === undefined) throw new Error(`there is no node ${node}`)
  return kubelet
}

const whole = async (log: object): Promise<string> => {
  let text = ""
  for await (const piece of log as AsyncIterable<string>) text += piece
  return text
}

const options = { container: "main", follow: false, previous: false, timestamps: false }

describe("a node whose kubelet can be asked", () => {
  it("says where, and of which addresses its pods are", () => {
    const server = new TestServer(two, MILLISECONDS, { endpoints, numbers: [3, 9] })
    server.runTo(3)
    server.api.create(on("n-2", "p"), "default")
    server.runTo(8)
    const node = server.store.get("Node", undefined, "n-2")
    expect(node).toMatchObject({
      metadata: { annotations: { "kubereel.dev/pod-cidr": "10.88.9.0/24" } },
      status: {
        addresses: [
          { type: "InternalIP", address: "192.0.2.7" },
          { type: "Hostname", address: "n-2" }
        ],
        daemonEndpoints: { kubeletEndpoint: { Port: 40_002 } }
      }
    })
    expect(server.pod("p")).toMatchObject({ status: { hostIP: "192.0.2.7", podIP: "10.88.9.1" } })
  })

  it("says it too of a Node that an earlier one of its name has left behind", () => {
    const server = new TestServer(two, MILLISECONDS, { endpoints })
    const left = (status: JsonObject) =>
      server.api.create({ kind: "Node", apiVersion: "v1", metadata: { name: "n-1" }, spec: {}, status } as never, "")
    left({
      addresses: [{ type: "InternalIP", address: "192.0.2.1" }],
      daemonEndpoints: { kubeletEndpoint: { Port: 1 } }
    })
    server.runTo(30)
    expect(server.store.get("Node", undefined, "n-1")).toMatchObject({
      status: {
        addresses: [{ type: "InternalIP", address: "192.0.2.7" }, { type: "Hostname" }],
        daemonEndpoints: { kubeletEndpoint: { Port: 40_001 } }
      }
    })
  })

  it("knows its own pods, and answers as long as it runs", async () => {
    const server = new TestServer(two, MILLISECONDS, { endpoints })
    server.runTo(3)
    server.api.create(on("n-1", "p"), "default")
    server.api.create(on("n-2", "q"), "default")
    server.runTo(8)
    const names = (await kubeletOf(server, "n-2").pods()).map(({ metadata }) => metadata.name)
    expect(names).toEqual(["q"])
    expect(kubeletOf(server, "n-2").answers()).toBe(true)
    server.nodes.stop()
    expect(kubeletOf(server, "n-2").answers()).toBe(false)
    expect(server.nodes.kubelet("n-3")).toBeUndefined()
  })

  it("reads what a program prints, and reads on as it prints more", async () => {
    const log = [
      { at: "0s", line: "one" },
      { at: "20s", line: "two" }
    ]
    const server = new TestServer({ runs: { main: [{ log, exitAfter: "30s" }] } }, MILLISECONDS, { endpoints })
    server.runTo(3)
    server.api.create(on("n-1", "p"), "default")
    server.runTo(8)
    const { of } = kubeletOf(server, "n-1")
    expect(await whole(await of.log("default", "p", options))).toBe("one\n")
    const followed = whole(await of.log("default", "p", { ...options, follow: true }))
    server.runTo(60)
    expect(await followed).toBe("one\ntwo\n")
  })
})

describe("nodes behind one address", () => {
  const answers = (port: number, more: object = {}) => [{ http: [{ port, path: "/", ...more }] }]
  /** Ready as soon as whoever it calls answers. */
  const calls = (probed: number, called: number) => answers(probed, { calls: [{ url: `http://192.0.2.7:${called}/` }] })
  const host = (container: string, probed: number) => ({
    hostNetwork: true,
    containers: [
      {
        name: container,
        image: "busybox",
        readinessProbe: { httpGet: { port: probed, path: "/" }, periodSeconds: 1 }
      }
    ]
  })
  const isReady = (server: TestServer, name: string) =>
    (server.pod(name) as PodObject | undefined)?.status.containerStatuses?.[0]?.ready === true

  it("reach there whoever takes the connection: what runs on themselves first, then the others", () => {
    const runs = {
      good: answers(8080),
      bad: answers(8080, { status: 500 }),
      "by-good": calls(8081, 8080),
      "by-bad": calls(8081, 8080),
      other: answers(9090),
      "to-other": calls(8082, 9090),
      "to-nobody": calls(8083, 9091)
    }
    const server = new TestServer({ ...two, runs }, MILLISECONDS, { endpoints })
    server.runTo(3)
    const where = { good: "n-1", bad: "n-2", "by-good": "n-1", "by-bad": "n-2", other: "n-2" }
    const ports = { good: 8080, bad: 8080, "by-good": 8081, "by-bad": 8081, other: 9090, "to-other": 8082 }
    for (const name of Object.keys(runs)) {
      const node = (where as { readonly [name: string]: string })[name] ?? "n-1"
      const port = (ports as { readonly [name: string]: number })[name] ?? 8083
      server.api.create(on(node, name, host(name, port)), "default")
    }
    server.runTo(20)
    expect(Object.keys(runs).filter((name) => isReady(server, name))).toEqual(["good", "by-good", "other", "to-other"])
  })
})
