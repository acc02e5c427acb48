/** Who may ask, how much, and that nobody holds up the rest. */
import { connect } from "node:http2"
import { request } from "node:https"
import type { ClusterEvent } from "@kubereel/core"
import { expect, test } from "vitest"
import { changed, pod, serving } from "../serving.ts"

const pods = "/api/v1/namespaces/shop/pods"

test("a body of more than three megabytes is refused with Kubernetes' Status", async () => {
  const { ask } = await serving([changed("01", "ADDED", pod("a", 11))])
  const { body, status } = await ask(pods, {
    method: "POST",
    type: "application/json",
    body: "x".repeat(3 * 1024 * 1024 + 1)
  })
  expect(status).toBe(413)
  expect(JSON.parse(body)).toMatchObject({
    kind: "Status",
    reason: "RequestEntityTooLarge",
    message: "limit is 3145728"
  })
})

test("no path leads out of the API, and hostile names are names", async () => {
  const { ask } = await serving([changed("01", "ADDED", pod("a", 11))])
  for (const path of [
    "/../../etc/passwd",
    "/api/v1/%2e%2e/%2e%2e/etc",
    "/api/v1/namespaces/shop/pods/..%2f..%2f",
    "//etc/passwd"
  ])
    expect((await ask(path)).status).toBe(404)
  const { body, headers, status } = await ask(`${pods}/${encodeURIComponent('<script>"\r\nx: y')}`)
  expect(status).toBe(404)
  expect(headers["content-type"]).toBe("application/json")
  expect(headers["x"]).toBeUndefined()
  expect(JSON.parse(body).message).toBe('pods "<script>\\"\\r\\nx: y" not found')
})

test("a gap's words, whatever they are, stay within their header", async () => {
  const gap: ClusterEvent = {
    _tag: "Gap",
    cause: "closed",
    detail: 'a "quote" \\ and\r\nset-cookie: ä',
    resource: "pods"
  }
  const { ask } = await serving([changed("01", "ADDED", pod("a", 11)), gap])
  const { headers } = await ask(pods)
  expect(headers["set-cookie"]).toBeUndefined()
  const warning = Buffer.from(String(headers["warning"]), "latin1").toString("utf8")
  expect(warning).toMatch(/\(closed: a \\"quote\\" \\\\ and set-cookie: ä\)"$/)
})

test("HTTP/2 is spoken, and HTTP/1.1", async () => {
  const { ask, served } = await serving([changed("01", "ADDED", pod("a", 11))])
  expect((await ask("/version")).status).toBe(200)
  const session = connect(served.url, { rejectUnauthorized: false })
  const status = await new Promise((resolve) => {
    const stream = session.request({ ":path": "/healthz" })
    stream.on("response", (headers) => resolve(headers[":status"]))
    stream.resume()
  })
  session.destroy()
  expect(status).toBe(200)
})

test("a long answer is compressed for who can read that", async () => {
  const many = Array.from({ length: 1_000 }, (_, i) => changed("01", "ADDED", pod(`pod-${i}`, 100 + i)))
  const { served } = await serving(many)
  const token = /token: (\S+)/.exec(served.kubeconfig)?.[1]
  const encoding = (path: string) =>
    new Promise((resolve) => {
      const headers = { authorization: `Bearer ${token}`, "accept-encoding": "gzip" }
      request(`${served.url}${path}`, { headers, rejectUnauthorized: false }, (response) => {
        resolve(response.headers["content-encoding"])
        response.resume()
      }).end()
    })
  expect(await encoding(pods)).toBe("gzip")
  expect(await encoding(`${pods}/pod-1`)).toBeUndefined()
})

test("a watcher that does not read is left behind, and holds nobody up", async () => {
  const big = "x".repeat(400_000)
  const many = Array.from({ length: 150 }, (_, i) =>
    changed("01", i === 0 ? "ADDED" : "MODIFIED", pod("a", 11 + i, { status: { message: big } }))
  )
  const { ask, served } = await serving(many)
  const token = /token: (\S+)/.exec(served.kubeconfig)?.[1]
  const headers = { authorization: `Bearer ${token}` }
  const path = `/at/2025-01-01T00:00:00Z@max${pods}?watch=true&resourceVersion=0`
  const cut = new Promise((resolve) => {
    const sent = request(`${served.url}${path}`, { headers, rejectUnauthorized: false }, (response) => {
      response.pause()
      response.on("error", () => resolve("cut"))
      response.on("end", () => resolve("ended"))
      // It looks away until the server has given it up.
      setTimeout(() => response.resume(), 2_000)
    })
    sent.on("error", () => resolve("cut"))
    sent.end()
  })
  expect((await ask(`${pods}/a`)).status).toBe(200)
  expect(await cut).toBe("cut")
})

test("a server that closes does so at once, whoever watches", async () => {
  const { served } = await serving([changed("01", "ADDED", pod("a", 11))])
  const token = /token: (\S+)/.exec(served.kubeconfig)?.[1]
  const headers = { authorization: `Bearer ${token}` }
  const ended = new Promise((resolve) => {
    const sent = request(`${served.url}${pods}?watch=true`, { headers, rejectUnauthorized: false }, (response) => {
      response.on("error", () => resolve("cut"))
      response.on("end", () => resolve("ended"))
      response.once("data", () => void served.close())
    })
    sent.on("error", () => resolve("cut"))
    sent.end()
  })
  expect(await ended).toBe("cut")
})
