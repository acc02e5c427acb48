/** Many small requests: in order where it matters, asked again where the server says so, and answered in any case. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import type { Answer } from "@kubereel/core"
import { Effect } from "effect"
import { type PooledRequest, RequestPool } from "../../src/client/RequestPool.ts"
import { kubeconfigFor } from "../record/session.ts"

type Handler = (request: IncomingMessage, response: ServerResponse, seen: number) => void

const given = (handle: Handler) =>
  Effect.gen(function* () {
    const seen: Array<string> = []
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`)
      request.resume()
      handle(request, response, seen.length)
    })
    yield* Effect.acquireRelease(
      Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
      () => Effect.sync(() => void (server.close(), server.closeAllConnections()))
    )
    const { file, write } = yield* kubeconfigFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const pool = yield* Effect.acquireRelease(RequestPool.make({ kubeconfig: file }), (made) =>
      Effect.sync(() => made.close())
    )
    const ask = (request: PooledRequest): Effect.Effect<Answer> =>
      Effect.callback((resume) => pool.send(request, (answer) => resume(Effect.succeed(answer))))
    return { seen, server, pool, ask, write }
  })

const say = (response: ServerResponse, status: number, body: object = {}, headers: Record<string, string> = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body))

describe("a pool of requests", () => {
  it.live("sends what concerns one path in its order, and what makes something new at once", () =>
    Effect.gen(function* () {
      const held: Array<() => void> = []
      const { ask, pool, seen } = yield* given((request, response) => {
        const answer = () => say(response, 200, { method: request.method })
        if (request.method === "PATCH") held.push(answer)
        else answer()
      })
      const path = "/api/v1/namespaces/n/pods/p/status"
      const answers: Array<number> = []
      for (const n of [1, 2, 3]) pool.send({ method: "PATCH", path, body: { n } }, () => answers.push(n))
      yield* ask({ method: "POST", path: "/api/v1/namespaces/n/events", body: {} })
      for (let left = 3; left > 0; ) {
        const next = held.shift()
        // While one is not answered there is no other.
        assert.strictEqual(held.length, 0)
        if (next === undefined) yield* Effect.sleep("5 millis")
        else {
          next()
          left--
        }
      }
      while (answers.length < 3) yield* Effect.sleep("5 millis")
      assert.deepStrictEqual(answers, [1, 2, 3])
      assert.strictEqual(seen.filter((one) => one.startsWith("PATCH")).length, 3)
    })
  )

  it.live("asks again when the server says when", () =>
    Effect.gen(function* () {
      const { ask, seen } = yield* given((_, response, number) =>
        number < 3 ? say(response, 429, {}, { "retry-after": "0" }) : say(response, 201)
      )
      assert.strictEqual((yield* ask({ method: "POST", path: "/api/v1/nodes", body: {} })).status, 201)
      assert.strictEqual(seen.length, 3)
    })
  )

  it.live("gives a refusal as it is", () =>
    Effect.gen(function* () {
      const { ask } = yield* given((_, response) => say(response, 409, { message: "the object has been modified" }))
      const { body, status } = yield* ask({ method: "PUT", path: "/x", body: {} })
      assert.deepStrictEqual([status, body["message"]], [409, "the object has been modified"])
    })
  )

  it.live("answers with status 0 where nobody does, and goes on with what waited behind it", () =>
    Effect.gen(function* () {
      const { pool } = yield* given((request, response, number) =>
        number === 1 ? request.socket.destroy() : say(response, 200)
      )
      const answers: Array<number> = []
      for (const _ of [1, 2]) pool.send({ method: "PATCH", path: "/x", body: {} }, ({ status }) => answers.push(status))
      while (answers.length < 2) yield* Effect.sleep("5 millis")
      assert.deepStrictEqual(answers, [0, 200])
    })
  )

  it.live("loads its credentials again when they are not taken any more", () =>
    Effect.gen(function* () {
      const { ask, write } = yield* given((request, response) =>
        say(response, request.headers.authorization === "Bearer second" ? 200 : 401)
      )
      write("second")
      assert.strictEqual((yield* ask({ method: "GET", path: "/x" })).status, 200)
    })
  )

  it.live("answers nobody once it is closed", () =>
    Effect.gen(function* () {
      const { pool } = yield* given((_, response) => void setTimeout(() => say(response, 200), 50))
      let answered = false
      pool.send({ method: "GET", path: "/x" }, () => {
        answered = true
      })
      yield* Effect.sleep("10 millis")
      pool.close()
      yield* Effect.sleep("100 millis")
      assert.isFalse(answered)
    })
  )
})
