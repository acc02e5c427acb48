import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { ApiClient } from "../../src/client/ApiClient.ts"

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void

/** A server that answers as the test says, and notes what it was asked. */
const serving = (answer: Answer) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const asked: Array<{ readonly url: URL; readonly token: string | undefined }> = []
      const server = createServer((request, response) => {
        const url = new URL(request.url ?? "/", "http://there")
        asked.push({ url, token: request.headers.authorization })
        answer(request, response, url)
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      return { server, asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
    }),
    ({ server }) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "kubereel-client-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

const kubeconfig = (path: string, server: string, user: object): string => {
  const file = join(path, "kubeconfig")
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "there", cluster: { server } }],
    users: [{ name: "me", user }],
    contexts: [{ name: "there", context: { cluster: "there", user: "me" } }],
    "current-context": "there"
  }
  writeFileSync(file, JSON.stringify(config))
  return file
}

/** A client of a server that answers so. */
const client = Effect.fnUntraced(function* (answer: Answer, within?: number) {
  const server = yield* serving(answer)
  const path = yield* folder
  const file = kubeconfig(path, server.url, { token: "t" })
  return { ...server, client: yield* ApiClient.make({ kubeconfig: file }, within) }
})

const status = (response: ServerResponse, code: number, message: string, headers = {}): void => {
  response.writeHead(code, headers).end(JSON.stringify({ kind: "Status", code, message }))
}

const item = (name: string) => ({ metadata: { name } })

describe("a list", () => {
  it.live("is asked for in pieces, whose items are told what they are", () =>
    Effect.gen(function* () {
      const { asked, client: api } = yield* client((_, response, url) => {
        const last = url.searchParams.get("continue") === "more"
        const metadata = { resourceVersion: "7", ...(last ? {} : { continue: "more" }) }
        const items = last ? [item("c")] : [item("a"), item("b")]
        response.end(JSON.stringify({ kind: "DeploymentList", apiVersion: "apps/v1", metadata, items }))
      })
      const pages = yield* Stream.runCollect(api.list("/apis/apps/v1/deployments", { labelSelector: "a=b" }))
      const what = { apiVersion: "apps/v1", kind: "Deployment" }
      assert.deepStrictEqual(
        pages.map(({ resourceVersion, items }) => ({ resourceVersion, items })),
        [
          {
            resourceVersion: "7",
            items: [
              { ...what, ...item("a") },
              { ...what, ...item("b") }
            ]
          },
          { resourceVersion: "7", items: [{ ...what, ...item("c") }] }
        ]
      )
      assert.deepStrictEqual(
        asked.map(({ url }) => url.search),
        ["?labelSelector=a%3Db&limit=500", "?labelSelector=a%3Db&limit=500&continue=more"]
      )
    }).pipe(Effect.scoped)
  )

  it.live("fails as data when its rest is gone, and when what comes is no list", () =>
    Effect.gen(function* () {
      const { client: api } = yield* client((_, response, url) => {
        if (url.searchParams.has("continue")) return status(response, 410, "the continue token is too old")
        if (url.pathname === "/none") return void response.end(JSON.stringify({ kind: "Pod", metadata: {} }))
        const metadata = { resourceVersion: "7", continue: "more" }
        response.end(JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata, items: null }))
      })
      const failure = (path: string) => Effect.flip(Stream.runDrain(api.list(path)))
      assert.deepInclude(yield* failure("/api/v1/pods"), { _tag: "Expired", detail: "the continue token is too old" })
      assert.deepInclude(yield* failure("/none"), {
        _tag: "Garbled",
        detail: "/none: the server's answer is no list with a resourceVersion"
      })
    }).pipe(Effect.scoped)
  )

  it.live("says which integer it had to round, and only then", () =>
    Effect.gen(function* () {
      const { client: api } = yield* client((_, response, url) => {
        const digits = url.pathname === "/exact" ? "9007199254740992" : "9007199254740993"
        response.end(
          `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[{"n": ${digits}, "s": "9007199254740993"}]}`
        )
      })
      const rounded = (path: string) =>
        Effect.map(Stream.runCollect(api.list(path)), (pages) => pages.map((page) => page.rounded))
      assert.deepStrictEqual(yield* rounded("/exact"), [undefined])
      assert.deepStrictEqual(yield* rounded("/more"), ["9007199254740993"])
    }).pipe(Effect.scoped)
  )
})

describe("a watch", () => {
  const heard = (api: ApiClient, quiet = 5_000) => {
    const lines: Array<string> = []
    return Effect.gen(function* () {
      const stream = yield* api.watch("/api/v1/pods", { resourceVersion: "7" }, quiet)
      const read = Stream.runForEach(stream, ({ type, object }) =>
        Effect.sync(() => lines.push(`${type} ${(object["metadata"] as { readonly name: string }).name}`))
      )
      const ending = yield* Effect.result(read)
      return { lines, ending: ending._tag === "Success" ? "ended" : ending.failure._tag }
    }).pipe(Effect.scoped)
  }
  const line = (type: string, name: string): string => `${JSON.stringify({ type, object: item(name) })}\n`

  it.live("C-176: hears lines however they are cut into pieces, and its good end", () =>
    Effect.gen(function* () {
      const bytes = Buffer.from(`${line("ADDED", "ä-€-😀")}\n${line("MODIFIED", "b")}${line("DELETED", "c")}`)
      const { asked, client: api } = yield* client(async (_, response) => {
        for (let i = 0; i < bytes.length; i += 7) {
          response.write(bytes.subarray(i, i + 7))
          await new Promise((resolve) => setImmediate(resolve))
        }
        response.end()
      })
      assert.deepStrictEqual(yield* heard(api), {
        lines: ["ADDED ä-€-😀", "MODIFIED b", "DELETED c"],
        ending: "ended"
      })
      assert.strictEqual(asked[0]?.url.search, "?resourceVersion=7&watch=true&allowWatchBookmarks=true")
    }).pipe(Effect.scoped)
  )

  it.live("gives what was whole and then fails: cut in a line, cut between lines, quiet, no JSON", () =>
    Effect.gen(function* () {
      const endings: ReadonlyArray<readonly [string, (response: ServerResponse) => void]> = [
        ["Unreachable", (response) => void response.end('{"type":"ADD')],
        ["Unreachable", (response) => void setTimeout(() => response.destroy(), 20)],
        ["GoneQuiet", () => undefined],
        ["Garbled", (response) => void response.end("<html>\n")],
        ["Garbled", (response) => void response.end('{"type":"ADDED"}\n')]
      ]
      for (const [ending, end] of endings) {
        const { client: api } = yield* client((_, response) => response.write(line("ADDED", "a"), () => end(response)))
        assert.deepStrictEqual(yield* heard(api, 300), { lines: ["ADDED a"], ending })
      }
    }).pipe(Effect.scoped)
  )

  it.live("closes its connection when nobody listens any more", () =>
    Effect.gen(function* () {
      let closed = false
      const { client: api } = yield* client((_, response) => {
        response.on("close", () => {
          closed = true
        })
        response.write(line("ADDED", "a"))
      })
      const first = Effect.flatMap(api.watch("/api/v1/pods", {}, 5_000), (lines) =>
        Stream.runCollect(Stream.take(lines, 1))
      )
      assert.strictEqual((yield* Effect.scoped(first)).length, 1)
      for (let turn = 0; turn < 500 && !closed; turn++) yield* Effect.sleep(10)
      assert.isTrue(closed)
    }).pipe(Effect.scoped)
  )
})

describe("a refusal", () => {
  it.live("is typed by its status, and says what the server says", () =>
    Effect.gen(function* () {
      const { client: api } = yield* client((_, response, url) =>
        status(response, Number(url.pathname.slice(1)), "no such luck", {
          ...(url.search === "" ? {} : { "retry-after": url.searchParams.get("after") ?? "" })
        })
      )
      const refusal = (path: string, query = {}) => Effect.flip(api.get(path, query))
      for (const [code, _tag] of [
        [403, "Forbidden"],
        [404, "Refused"],
        [410, "Expired"],
        [429, "TooManyRequests"],
        [500, "Refused"],
        [503, "Refused"]
      ] as const)
        assert.deepInclude(yield* refusal(`/${code}`), { _tag, detail: "no such luck" })
      assert.deepInclude(yield* refusal("/429", { after: "3" }), { _tag: "TooManyRequests", retryAfter: 3_000 })
      assert.deepInclude(yield* refusal("/503", { after: "1" }), { _tag: "TooManyRequests", retryAfter: 1_000 })
      const date = yield* refusal("/429", { after: "Wed, 21 Oct 2026 07:28:00 GMT" })
      assert.strictEqual(date._tag, "TooManyRequests")
      assert.notProperty(date, "retryAfter")
    }).pipe(Effect.scoped)
  )

  it.live("is told from a server that is silent, that is not there, and from a page of a proxy", () =>
    Effect.gen(function* () {
      const { client: api, server } = yield* client((_, response, url) => {
        if (url.pathname === "/half") response.write('{"kind":')
        if (url.pathname === "/page") response.end("<html>")
        if (url.pathname === "/bad") response.writeHead(502).end("<html>bad gateway</html>")
      }, 300)
      const failure = (path: string) => Effect.flip(api.get(path))
      assert.strictEqual((yield* failure("/silent"))._tag, "GoneQuiet")
      assert.strictEqual((yield* failure("/half"))._tag, "GoneQuiet")
      assert.deepInclude(yield* failure("/page"), {
        _tag: "Garbled",
        detail: '/page: the server\'s answer is no JSON: "<html>"'
      })
      assert.deepInclude(yield* failure("/bad"), {
        _tag: "Refused",
        detail: "the server answered 502: <html>bad gateway</html>"
      })
      server.closeAllConnections()
      server.close()
      assert.strictEqual((yield* failure("/gone"))._tag, "Unreachable")
    }).pipe(Effect.scoped)
  )
})

describe("credentials", () => {
  /** Lets in who has this token. */
  const guarded = (accepted: { token: string }): Answer => {
    return (request, response) =>
      request.headers.authorization === `Bearer ${accepted.token}`
        ? void response.end("{}")
        : status(response, 401, "Unauthorized")
  }

  it.live("are loaded again once after a 401, by one of all who were refused", () =>
    Effect.gen(function* () {
      const accepted = { token: "first" }
      const { url, asked } = yield* serving(guarded(accepted))
      const path = yield* folder
      const file = kubeconfig(path, url, { token: "first" })
      const api = yield* ApiClient.make({ kubeconfig: file })
      yield* api.get("/")
      accepted.token = "second"
      const refused = yield* Effect.flip(api.get("/"))
      assert.strictEqual(refused.message, `${url} does not accept the credentials of the kubeconfig: Unauthorized`)
      assert.strictEqual(asked.length, 3, "asked again once")
      kubeconfig(path, url, { token: "second" })
      yield* Effect.all(
        Array.from({ length: 5 }, () => api.get("/")),
        { concurrency: "unbounded" }
      )
      rmSync(file)
      accepted.token = "third"
      assert.strictEqual((yield* Effect.flip(api.get("/")))._tag, "Unauthorized")
    }).pipe(Effect.scoped)
  )

  it.live("come from a program, which is asked again after a 401; one that fails is named", () =>
    Effect.gen(function* () {
      const accepted = { token: "run-1" }
      const { url } = yield* serving(guarded(accepted))
      const path = yield* folder
      const program = join(path, "credentials")
      const count = join(path, "count")
      writeFileSync(
        program,
        `#!/bin/sh
echo run >> "$COUNT"
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"run-'$(wc -l < "$COUNT" | tr -d ' ')'"}}'
`
      )
      chmodSync(program, 0o700)
      const exec = {
        apiVersion: "client.authentication.k8s.io/v1",
        command: program,
        env: [{ name: "COUNT", value: count }]
      }
      const api = yield* ApiClient.make({ kubeconfig: kubeconfig(path, url, { exec }) })
      yield* api.get("/")
      yield* api.get("/")
      assert.strictEqual(readFileSync(count, "utf8"), "run\n", "what it said is used again")
      accepted.token = "run-2"
      yield* api.get("/")
      writeFileSync(program, "#!/bin/sh\necho 'log in first' >&2\nexit 1\n")
      accepted.token = "run-3"
      assert.strictEqual(
        (yield* Effect.flip(api.get("/"))).message,
        `${url} does not accept the credentials of the kubeconfig: they cannot be had (log in first)`
      )
    }).pipe(Effect.scoped)
  )

  it.live("come from a file beside the kubeconfig that somebody else keeps fresh", () =>
    Effect.gen(function* () {
      const accepted = { token: "first" }
      const { url } = yield* serving(guarded(accepted))
      const path = yield* folder
      writeFileSync(join(path, "token"), "first\n")
      const api = yield* ApiClient.make({ kubeconfig: kubeconfig(path, url, { tokenFile: "token", token: "old" }) })
      yield* api.get("/")
      accepted.token = "second"
      writeFileSync(join(path, "token"), "second\n")
      yield* api.get("/")
      rmSync(join(path, "token"))
      accepted.token = "third"
      assert.match((yield* Effect.flip(api.get("/"))).message, /they cannot be had \(.*no such file.*token/)
    }).pipe(Effect.scoped)
  )
})
