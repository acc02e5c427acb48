/** What joined nodes hear of a real API server, whatever breaks: every change once, and the end of what went meanwhile. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { ApiClient } from "@kubereel/backend-k8s"
import { FakeApiServer } from "@kubereel/backend-k8s/testing"
import { Effect } from "effect"
import { watchKind } from "../../src/join/watchKind.ts"

const given = Effect.gen(function* () {
  const server = yield* Effect.acquireRelease(
    Effect.promise(() => FakeApiServer.start()),
    (made) => Effect.promise(() => made.stop())
  )
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "kubereel-join-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
  )
  const kubeconfig = join(folder, "kubeconfig")
  const config = {
    clusters: [{ name: "c", cluster: { server: server.url } }],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x"
  }
  writeFileSync(kubeconfig, JSON.stringify({ apiVersion: "v1", kind: "Config", ...config }))
  const client = yield* ApiClient.make({ kubeconfig })
  const heard: Array<string> = []
  const broken: Array<string> = []
  let watching = 0
  const follow = Effect.forkScoped(
    watchKind(
      { kind: "Pod", path: "/api/v1/pods" },
      {
        client,
        backOff: { first: 5, most: 20 },
        onChange: (change, { metadata }) => heard.push(`${change} ${metadata.name}`),
        onWatching: () => watching++,
        onBroken: ({ _tag }) => broken.push(_tag)
      }
    )
  )
  const until = (holds: () => boolean) =>
    Effect.gen(function* () {
      while (!holds()) yield* Effect.sleep("5 millis")
    })
  return { server, heard, broken, follow, until, times: () => watching }
})

describe("a kind that is followed", () => {
  it.live("is listed, then watched", () =>
    Effect.gen(function* () {
      const { follow, heard, server, until } = yield* given
      const p = server.create("pods", "p")
      yield* follow
      yield* until(() => heard.length === 1)
      server.create("pods", "q")
      server.update(p.metadata.uid)
      server.delete(p.metadata.uid)
      yield* until(() => heard.length === 4)
      assert.deepStrictEqual(heard, ["ADDED p", "ADDED q", "MODIFIED p", "DELETED p"])
    })
  )

  it.live("goes on where it was when the server ends the watch", () =>
    Effect.gen(function* () {
      const { broken, follow, heard, server, times, until } = yield* given
      yield* follow
      yield* until(() => times() === 1)
      server.create("pods", "p")
      yield* until(() => heard.length === 1)
      server.endWatches()
      server.create("pods", "q")
      yield* until(() => heard.length === 2)
      assert.deepStrictEqual([heard, broken], [["ADDED p", "ADDED q"], []])
    })
  )

  it.live("is listed anew when its version is gone, and what is not there any more has ended", () =>
    Effect.gen(function* () {
      const { follow, heard, server, times, until } = yield* given
      const [p, q] = [server.create("pods", "p"), server.create("pods", "q")]
      yield* follow
      yield* until(() => times() === 1)
      server.fault({ on: "watch", what: "refuse" })
      server.endWatches()
      server.delete(p.metadata.uid)
      server.update(q.metadata.uid)
      server.create("pods", "r")
      server.compact()
      yield* until(() => heard.length === 5)
      assert.deepStrictEqual(heard.slice(2).toSorted(), ["ADDED r", "DELETED p", "MODIFIED q"])
    })
  )

  it.live("is asked for again and again while nobody answers, and that is said once", () =>
    Effect.gen(function* () {
      const { broken, follow, heard, server, until } = yield* given
      for (let i = 0; i < 3; i++) server.fault({ on: "list", what: "status", status: 503 })
      server.create("pods", "p")
      yield* follow
      yield* until(() => heard.length === 1)
      assert.deepStrictEqual(broken, ["Refused"])
    })
  )
})
