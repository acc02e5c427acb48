/** Kubelets at ports of their own: who is answered, and what. */
import { request } from "node:https"
import { connect } from "node:tls"
import { type Answer, badRequest, type JsonObject, type PodObject, type ServedKubelet } from "@kubereel/core"
import { generate } from "selfsigned"
import { expect, onTestFinished, test } from "vitest"
import { makeCertificate } from "../../src/http/certificate.ts"
import { KubeletAccess } from "../../src/kubelet/KubeletAccess.ts"
import { KubeletServer } from "../../src/kubelet/KubeletServer.ts"

const podObject = (name: string): PodObject =>
  ({
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name, namespace: "shop", uid: `uid-${name}` },
    spec: { containers: [{ name: "main", image: "busybox" }] },
    status: {}
  }) as never

async function* lines(...texts: ReadonlyArray<string>) {
  yield* texts
}

/** It has one pod. What it is asked comes back in what it answers. */
const kubelet = (name: string, pod: string, answers = () => true): ServedKubelet => ({
  name,
  answers,
  pods: async () => [podObject(pod)],
  of: {
    log: async (_, of, { container, tailLines }) =>
      container === "waiting"
        ? badRequest("it waits")
        : lines(`${name} ${of} ${container} `, `${tailLines ?? "all"}\n`),
    exec: async (_namespace, _pod, { command }) =>
      command[0] === "nothing"
        ? badRequest("it is not declared")
        : { stdout: `${command.join(" ")}\n`, stderr: "", exitCode: command[0] === "false" ? 1 : 0 },
    connect: () => ({ request: async (_, path) => ({ status: 200, body: `you asked for ${path}` }) })
  }
})

const DAY = 86_400_000
const authority = await generate([{ name: "commonName", value: "clients" }], {
  keyType: "ec",
  algorithm: "sha256",
  notBeforeDate: new Date(Date.now() - DAY),
  notAfterDate: new Date(Date.now() + DAY),
  extensions: [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true }
  ]
})
const clientOf = (signed: { readonly cert: string; readonly key: string }) =>
  generate(
    [
      { name: "commonName", value: "kube-apiserver-kubelet-client" },
      { name: "organizationName", value: "system:masters" }
    ],
    {
      keyType: "ec",
      algorithm: "sha256",
      notBeforeDate: new Date(Date.now() - DAY),
      notAfterDate: new Date(Date.now() + DAY),
      extensions: [{ name: "extKeyUsage", clientAuth: true }],
      ca: signed
    }
  )
const apiServer = await clientOf({ cert: authority.cert, key: authority.private })
const stranger = await makeCertificate("127.0.0.1", Date.now())

const serving = async (
  more: { readonly answers?: () => boolean; readonly review?: (body: JsonObject) => Answer } = {}
) => {
  const reviews: Array<JsonObject> = []
  const allowed = ({ kind, spec }: JsonObject): Answer => {
    const { token, user } = spec as { readonly token?: string; readonly user?: string }
    const status =
      kind === "TokenReview"
        ? {
            authenticated: token === "good" || token === "poor",
            user: { username: String(token), groups: ["holders"] }
          }
        : { allowed: user !== "poor" }
    return { status: 201, body: { kind: String(kind), status } }
  }
  const kubelets = [kubelet("n-0", "a", more.answers), kubelet("n-1", "b", more.answers)]
  let now = 0
  const options = {
    host: "127.0.0.1",
    nodes: 2,
    port: 42_000,
    skips: true,
    certificate: await makeCertificate("127.0.0.1", Date.now()),
    clientCA: authority.cert,
    kubelet: (index: number) => kubelets[index],
    access: new KubeletAccess({
      now: () => now,
      review: async (_: string, body: JsonObject) => {
        reviews.push(body)
        return (more.review ?? allowed)(body)
      }
    })
  }
  const server = await KubeletServer.listen(options)
  onTestFinished(() => server.close())
  const asker = { cert: apiServer.cert, key: apiServer.private }
  const ask = (
    path: string,
    { node = 0, method = "GET", token, as = token === undefined ? asker : {} }: Asking = {}
  ): Promise<{ readonly code: number; readonly body: string }> =>
    new Promise((resolve, reject) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const port = server.ports[node] ?? 0
      const sent = request({
        host: "127.0.0.1",
        port,
        path,
        method,
        headers,
        agent: false,
        rejectUnauthorized: false,
        ...as
      })
      sent.on("error", reject)
      sent.on("response", (response) => {
        let body = ""
        response.setEncoding("utf8").on("data", (piece: string) => {
          body += piece
        })
        response.on("end", () => resolve({ code: response.statusCode ?? 0, body }))
      })
      sent.end()
    })
  return { ask, options, reviews, server, asker, pass: (milliseconds: number) => (now += milliseconds) }
}

interface Asking {
  readonly node?: number
  readonly method?: string
  readonly token?: string
  readonly as?: { readonly cert?: string; readonly key?: string }
}

const LOG = "/containerLogs/shop/a/main"

test("the API server reads logs, of the node whose port it asks", async () => {
  const { ask, reviews } = await serving()
  expect(await ask(`${LOG}?tailLines=3`)).toEqual({ code: 200, body: "n-0 a main 3\n" })
  expect(await ask("/containerLogs/shop/b/main", { node: 1 })).toEqual({ code: 200, body: "n-1 b main all\n" })
  expect(await ask("/containerLogs/shop/b/main")).toEqual({ code: 404, body: "pod does not exist" })
  expect(await ask("/containerLogs/shop/a/waiting")).toEqual({ code: 400, body: "it waits" })
  expect(await ask(`${LOG}?stream=Stderr`)).toMatchObject({ code: 400 })
  expect(reviews[0]).toMatchObject({
    kind: "SubjectAccessReview",
    spec: {
      user: "kube-apiserver-kubelet-client",
      groups: ["system:masters"],
      resourceAttributes: { verb: "get", resource: "nodes", subresource: "proxy", name: "n-0" }
    }
  })
})

test("each node has a port of its own, and what others have is left out, unless it was asked for", async () => {
  const first = await serving()
  const second = await serving()
  const ports = [...first.server.ports, ...second.server.ports]
  expect(new Set(ports).size).toBe(4)
  expect([...ports].sort()).toEqual(ports)
  const [taken = 0] = ports
  const again = KubeletServer.listen({ ...first.options, port: taken, skips: false })
  await expect(again).rejects.toMatchObject({ code: "EADDRINUSE" })
})

test("pods, health, and what is not there", async () => {
  const { ask } = await serving()
  expect(JSON.parse((await ask("/pods", { node: 1 })).body)).toMatchObject({
    kind: "PodList",
    items: [{ metadata: { name: "b" } }]
  })
  expect(await ask("/healthz")).toEqual({ code: 200, body: "ok" })
  expect((await ask("/metrics/cadvisor")).code).toBe(404)
  expect((await ask("/stats/summary")).body).toMatch(/answers \/containerLogs, \/exec/)
  expect((await ask("/pods", { method: "POST" })).code).toBe(405)
  expect(await ask("/run/shop/a/main?cmd=echo+hi", { method: "POST" })).toEqual({ code: 200, body: "echo hi\n" })
  expect((await ask("/run/shop/a/main?cmd=false", { method: "POST" })).code).toBe(500)
  expect(await ask("/exec/shop/a/main?command=ls")).toEqual({ code: 400, body: "Upgrade request required" })
})

test("who is nobody, or may not, is told no more than that", async () => {
  const { ask, reviews } = await serving()
  expect(await ask(LOG, { as: {} })).toEqual({ code: 401, body: "Unauthorized" })
  expect(await ask(LOG, { as: stranger })).toEqual({ code: 401, body: "Unauthorized" })
  expect(await ask(LOG, { token: "bad" })).toEqual({ code: 401, body: "Unauthorized" })
  expect(reviews.map(({ kind }) => kind)).toEqual(["TokenReview"])
  expect(await ask(LOG, { token: "poor" })).toEqual({
    code: 403,
    body: "Forbidden (user=poor, verb=get, resource=nodes, subresource(s)=[proxy])\n"
  })
  expect((await ask("/pods", { token: "poor" })).body).toMatch(/subresource\(s\)=\[pods proxy\]/)
  expect((await ask(LOG, { token: "good" })).code).toBe(200)
})

test("what the API server said is remembered for a while: a no shorter than a yes", async () => {
  const { ask, pass, reviews } = await serving()
  const asked = async (token: string) => {
    const before = reviews.length
    await ask(LOG, { token })
    return reviews.slice(before).map(({ kind }) => kind)
  }
  expect(await asked("good")).toEqual(["TokenReview", "SubjectAccessReview"])
  expect(await asked("poor")).toEqual(["TokenReview", "SubjectAccessReview"])
  expect([await asked("good"), await asked("poor")]).toEqual([[], []])
  pass(31_000)
  expect([await asked("good"), await asked("poor")]).toEqual([[], ["SubjectAccessReview"]])
  pass(100_000)
  expect(await asked("good")).toEqual(["TokenReview"])
  pass(200_000)
  expect(await asked("good")).toEqual(["TokenReview", "SubjectAccessReview"])
})

test("an API server that says nothing lets nobody in", async () => {
  const { ask } = await serving({ review: () => ({ status: 0, body: { kind: "Status" } }) })
  expect((await ask(LOG)).code).toBe(500)
  expect(await ask(LOG, { token: "good" })).toEqual({ code: 401, body: "Unauthorized" })
})

test("a node without a running kubelet takes no connections", async () => {
  let answers = true
  const { ask } = await serving({ answers: () => answers })
  expect((await ask("/healthz")).code).toBe(200)
  answers = false
  await expect(ask("/healthz")).rejects.toThrow()
})

test("no hostile path is anything but a path", async () => {
  const { ask } = await serving()
  for (const path of [
    "/containerLogs/../../etc/passwd",
    "/containerLogs/shop/a/%E0%A4%A",
    "//",
    "/exec",
    "/portForward/shop"
  ])
    expect((await ask(path)).code).toBe(404)
})

const upgraded = async (
  { asker, server }: Awaited<ReturnType<typeof serving>>,
  path: string,
  headers: Readonly<Record<string, string>>
): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: server.ports[0] ?? 0, rejectUnauthorized: false, ...asker })
    let heard = ""
    socket.on("error", reject)
    socket.on("data", (piece) => {
      heard += piece.toString("latin1")
      if (heard.includes("\r\n\r\n")) setTimeout(() => socket.destroy(), 50)
    })
    socket.on("close", () => resolve(heard))
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    socket.write([`POST ${path} HTTP/1.1`, "Host: n", "Connection: Upgrade", ...lines, "", ""].join("\r\n"))
  })

const spdy = { Upgrade: "SPDY/3.1", "X-Stream-Protocol-Version": "v5.channel.k8s.io" }

test("commands by SPDY: the protocol is the newest that both speak, and a refusal is in words", async () => {
  const given = await serving()
  const path = "/exec/shop/a/main?command=echo&output=1"
  const offered = { ...spdy, "X-Stream-Protocol-Version": "v5.channel.k8s.io, v4.channel.k8s.io" }
  expect(await upgraded(given, path, offered)).toMatch(
    /^HTTP\/1.1 101 .*\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n/s
  )
  expect(await upgraded(given, path, spdy)).toMatch(/^HTTP\/1.1 400 .*unable to negotiate protocol/s)
  expect(await upgraded(given, "/exec/shop/a/main?command=nothing", offered)).toMatch(
    /^HTTP\/1.1 400 .*it is not declared$/s
  )
  expect(await upgraded(given, "/exec/shop/b/main?command=echo", offered)).toMatch(
    /^HTTP\/1.1 404 .*pod does not exist$/s
  )
  expect(await upgraded(given, "/exec/shop/a/other-uid/main?command=echo", offered)).toMatch(/^HTTP\/1.1 404 /)
  expect(await upgraded(given, "/exec/shop/a/uid-a/main?command=echo", offered)).toMatch(/^HTTP\/1.1 101 /)
  expect(await upgraded(given, "/attach/shop/a/main", offered)).toMatch(/^HTTP\/1.1 405 .*attach is not simulated/s)
  const ports = { ...spdy, "X-Stream-Protocol-Version": "portforward.k8s.io" }
  expect(await upgraded(given, "/portForward/shop/a", ports)).toMatch(/^HTTP\/1.1 101 /)
  expect(await upgraded({ ...given, asker: {} as never }, path, offered)).toMatch(/^HTTP\/1.1 401 .*Unauthorized$/s)
})
