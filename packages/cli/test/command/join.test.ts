/** `kubereel join` where it cannot begin: one sentence, and nothing was done. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { invoke } from "./invoke.ts"

interface Cluster {
  /** What is there. */
  readonly nodes?: ReadonlyArray<object>
  /** `create nodes`: what the user may not do. */
  readonly denied?: ReadonlyArray<string>
}

interface Review {
  readonly spec: { readonly resourceAttributes: { readonly verb: string; readonly resource: string } }
}

const node = (name: string, annotations: object = {}) => ({ metadata: { name, annotations } })

/** As much of an API server as is asked before anything is done. */
const serverOf = ({ denied = [], nodes = [] }: Cluster, changed: Array<string>): Server =>
  createServer(async (request, response) => {
    const say = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
    const sent = await text(request)
    if (request.url === "/version") return say(200, { gitVersion: "v1.36.3" })
    if (request.url === "/api/v1/nodes") return say(200, { items: nodes })
    if (request.url?.endsWith("/selfsubjectaccessreviews") === true) {
      const { resource, verb } = (JSON.parse(sent) as Review).spec.resourceAttributes
      return say(201, { status: { allowed: !denied.includes(`${verb} ${resource}`) } })
    }
    changed.push(`${request.method} ${request.url}`)
    return say(500, { message: "not expected" })
  })

const given = (cluster: Cluster) =>
  Effect.gen(function* () {
    const changed: Array<string> = []
    const server = serverOf(cluster, changed)
    yield* Effect.acquireRelease(
      Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
      () => Effect.sync(() => void (server.close(), server.closeAllConnections()))
    )
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "kubereel-join-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
    )
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const file = join(folder, "kubeconfig")
    const config = {
      clusters: [{ name: "c", cluster: { server: url } }],
      users: [{ name: "u", user: {} }],
      contexts: [{ name: "mine", context: { cluster: "c", user: "u" } }],
      "current-context": "mine"
    }
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "Config", ...config }))
    return { changed, server, join: (...more: ReadonlyArray<string>) => invoke("join", "--kubeconfig", file, ...more) }
  })

describe("kubereel join", () => {
  it.live("refuses the name of a node that is somebody else's", () =>
    Effect.gen(function* () {
      const { changed, join } = yield* given({ nodes: [node("w-0"), node("w-2"), node("other")] })
      const { code, stderr } = yield* join("--name", "w", "--nodes", "3")
      assert.strictEqual(code, 64)
      assert.match(
        stderr,
        /^kubereel: the cluster has nodes w-0, w-2 already, which kubereel did not join; choose another --name$/
      )
      assert.deepStrictEqual(changed, [])
    })
  )

  it.live("says in one sentence what the user may not do", () =>
    Effect.gen(function* () {
      const { changed, join } = yield* given({ denied: ["create nodes", "watch secrets"] })
      const { code, stderr } = yield* join()
      assert.strictEqual(code, 69)
      assert.match(
        stderr,
        /^kubereel: the user of context mine may not create nodes, watch secrets: nodes that join need that in the whole cluster$/
      )
      assert.deepStrictEqual(changed, [])
    })
  )

  it.live("says that nobody answers", () =>
    Effect.gen(function* () {
      const { join, server } = yield* given({})
      server.close()
      server.closeAllConnections()
      const { code, stderr } = yield* join()
      assert.strictEqual(code, 69)
      assert.match(stderr, /^kubereel: http:\/\/127\.0\.0\.1:\d+ cannot be reached: [^\n]*$/)
    })
  )

  it.effect.each([
    [["--nodes", "0"], /--nodes: got 0, expected a whole number from 1 to 10000/],
    [["--node-capacity", "gpu=1"], /--node-capacity: there is no "gpu"; it takes cpu, memory, pods/],
    [["--node-capacity", "cpu=lots"], /joining nodes: cpu: .*quantity/],
    [["--labels", "zone"], /--labels: "zone" is no KEY=VALUE/],
    [["--taints", "a=b:Never"], /--taints: "a=b:Never" is no KEY=VALUE:EFFECT with one of NoSchedule, /],
    [["--for", "soon"], /--for: "soon" is no duration/],
    [["--node-ip", "here"], /--node-ip: "here" is no IP address/],
    [["--kubelet-port", "0"], /--kubelet-port: got 0, expected 1 to 65535: the node has a port/],
    [
      ["--nodes", "3", "--kubelet-port", "65534"],
      /got 65534, expected 1 to 65533: each of the 3 nodes has a port of its own/
    ],
    [["--tls-cert-file", "a.crt"], /--tls-cert-file and --tls-private-key-file belong together: give both, or none/]
  ] as const)("%s is refused before anybody is asked", ([flags, words]) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* invoke("join", "--kubeconfig", "/nowhere", ...flags)
      assert.strictEqual(code, 64)
      assert.match(stderr, words)
    })
  )

  it.effect("says of a certificate that it is missing, or none", () =>
    Effect.gen(function* () {
      const flags = (file: string) => ["--tls-cert-file", file, "--tls-private-key-file", file]
      const missing = yield* invoke("join", ...flags("/nowhere/node.crt"))
      assert.deepStrictEqual([missing.code, missing.stderr], [66, "kubereel: /nowhere/node.crt: there is no such file"])
      const none = yield* invoke("join", ...flags(import.meta.filename))
      assert.strictEqual(none.code, 65)
      assert.match(none.stderr, /^kubereel: \S+ and \S+ are no certificate in PEM with its key: [^\n]*$/)
    })
  )

  it.effect("says which file of programs is missing", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* invoke("join", "--programs", "/nowhere/programs.yaml")
      assert.deepStrictEqual([code, stderr], [66, "kubereel: /nowhere/programs.yaml: there is no such file"])
    })
  )
})
