/** The official Python client reads, watches and writes a simulated cluster. */
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { describeWith } from "./clients/clients.ts"
import { fileOf, type Server, startServer } from "./clients/kubereel.ts"
import { run } from "./clients/run.ts"

describeWith(["python"], "the Python client", (python) => {
  let server: Server
  beforeAll(async () => {
    server = await startServer("up", "-f", fileOf("packages/serve/test-clients/shop.yaml"), "--speed", "10")
  })
  afterAll(() => server.stop())

  const drive = async (topic: string) => {
    const script = join(import.meta.dirname, "python/drive.py")
    const { stdout, stderr, code } = await run(python, [script, server.kubeconfig, "shop", topic], { seconds: 60 })
    if (code !== 0) throw new Error(stderr)
    return JSON.parse(stdout)
  }

  it("lists, pages, selects, and is told what is missing", async () => {
    const seen = await drive("listing")
    expect(seen).toMatchObject({
      version: "v1.36.3",
      names: ["speaker"],
      pages: ["speaker"],
      selected: ["speaker"],
      nodes: ["node-1", "node-2"],
      missing: { code: 404, reason: "NotFound", message: 'pods "nobody" not found' }
    })
  })

  it("watches from the version of a list on", async () => {
    expect(await drive("watching")).toEqual({
      seen: [
        ["ADDED", "watched"],
        ["MODIFIED", "watched"],
        ["DELETED", "watched"]
      ]
    })
  })

  it("creates, replaces, patches and deletes, and is refused as by Kubernetes", async () => {
    expect(await drive("writing")).toEqual({
      uid: true,
      conflict: {
        code: 409,
        reason: "Conflict",
        message:
          'Operation cannot be fulfilled on pods "written": the object has been modified; please apply your changes to the latest version and try again'
      },
      again: { code: 409, reason: "AlreadyExists", message: 'pods "written" already exists' },
      labels: { "made-by": "python" },
      invalid: {
        code: 422,
        reason: "Invalid",
        message: expect.stringContaining(
          'Pod "Not_A_Name" is invalid: metadata.name: Invalid value: "Not_A_Name": a lowercase RFC 1123'
        )
      },
      unknown: {
        code: 400,
        reason: "BadRequest",
        message:
          'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dat"'
      },
      names: ["written"],
      left: []
    })
  })

  it("scales a Deployment through its scale and watches it become available", async () => {
    expect(await drive("scaling")).toEqual({ available: 3, scale: [3, 3, "app=python"] })
  })

  it("reads logs, runs a command that the program answers, and asks a forwarded port", async () => {
    expect(await drive("connecting")).toEqual({
      log: "ready to serve\nGET / 200\n",
      tail: "GET / 200\n",
      exec: ["welcome\n", "", 0],
      http: "HTTP/1.1 200 OK",
      error: null
    })
  })
})
