import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { KubeConfig } from "@kubernetes/client-node"
import { Effect, Stream } from "effect"
import { watch } from "../src/watch.ts"

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** An API server that says one thing, on loopback. */
const apiServer = (answer: Answer) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<Server>((resume) => {
        const server = createServer(answer)
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.sync(() => {
          server.closeAllConnections()
          server.close()
        })
    ),
    (server) => {
      const config = new KubeConfig()
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      config.loadFromClusterAndUser({ name: "fake", server: url, skipTLSVerify: true }, { name: "nobody" })
      return config
    }
  )

const added = (name: string) => ({ type: "ADDED", object: { kind: "Pod", metadata: { name } } })
const line = (event: object): string => `${JSON.stringify(event)}\n`

describe("a watch", () => {
  it.live("yields what the server says, and ends when it hangs up", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const asked: Array<string> = []
        const config = yield* apiServer((request, response) => {
          asked.push(request.url ?? "")
          response.writeHead(200, { "content-type": "application/json" })
          response.write(line(added("a")).slice(0, 10))
          setTimeout(() => response.end(line(added("a")).slice(10) + line(added("b"))), 20)
        })
        const seen = yield* Stream.runCollect(watch(config, "/api/v1/pods", { resourceVersion: "7" }))
        assert.deepStrictEqual(seen, [added("a"), added("b")])
        const url = new URL(asked[0] ?? "", "http://x")
        assert.deepStrictEqual(
          [
            url.pathname,
            url.searchParams.get("watch"),
            url.searchParams.get("resourceVersion"),
            url.searchParams.get("allowWatchBookmarks")
          ],
          ["/api/v1/pods", "true", "7", "true"]
        )
      })
    )
  )

  it.live("hangs up when nobody reads any more", () =>
    Effect.scoped(
      Effect.gen(function* () {
        let closed: () => void = () => undefined
        const gone = new Promise<void>((resolve) => {
          closed = resolve
        })
        const config = yield* apiServer((_, response) => {
          response.on("close", closed)
          response.writeHead(200, { "content-type": "application/json" })
          response.write(line(added("a")) + line(added("b")))
        })
        assert.deepStrictEqual(yield* watch(config, "/api/v1/pods").pipe(Stream.take(1), Stream.runCollect), [
          added("a")
        ])
        yield* Effect.promise(() => gone)
      })
    )
  )

  it.live("fails with the path when the server refuses or the connection breaks", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const refusing = yield* apiServer((_, response) => {
          response.writeHead(403).end('{"kind":"Status","code":403}')
        })
        const refused = yield* Effect.flip(Stream.runCollect(watch(refusing, "/api/v1/pods")))
        assert.match(refused.message, /^watching \/api\/v1\/pods failed: /)
        const breaking = yield* apiServer((_, response) => {
          response.writeHead(200, { "content-type": "application/json" })
          response.write(line(added("a")))
          setTimeout(() => response.destroy(), 20)
        })
        const broken = yield* Effect.flip(Stream.runCollect(watch(breaking, "/api/v1/pods")))
        assert.strictEqual(broken._tag, "WatchFailure")
      })
    )
  )
})
