/** What the protocol of lists and watches means to who records, rule by rule. */
import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, EventLogMemory } from "@kubereel/core"
import { Effect } from "effect"
import { defaultResources } from "../../src/record/Resource.ts"
import type { FakeApiServer } from "./fakeApiServer.ts"
import { caughtUp, gapsOf, given, logged, session, truthful, until } from "./session.ts"

/** From which versions watches of pods were asked for. */
const watchedFrom = (server: FakeApiServer): ReadonlyArray<string | null> =>
  server.requests.flatMap((request) => {
    const url = new URL(request, server.url)
    // The fake server refuses to stream a list: what asks for one is not the watch that follows the list.
    const isList = url.searchParams.has("sendInitialEvents")
    return url.searchParams.get("watch") === "true" && url.pathname.endsWith("/pods") && !isList
      ? [url.searchParams.get("resourceVersion")]
      : []
  })

const changesIn = (log: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  log.flatMap((event) => {
    if (event._tag !== "ObjectChanged" || event.change === "BOOKMARK") return []
    const { name, resourceVersion } = event.object.metadata as { name: string; resourceVersion: string }
    return [`${event.change} ${String(event.object.kind)} ${name} ${resourceVersion}`]
  })

describe("a recorder of a server that counts its changes", () => {
  it.live("C-155, C-166: watches from the version of the list, not of its newest item, and from nothing less", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      server.create("pods", "a")
      server.create("nodes", "n")
      const listed = server.version
      yield* session(kubeconfig.file)
      yield* caughtUp(server)
      const b = server.create("pods", "b")
      yield* caughtUp(server)
      assert.deepStrictEqual(watchedFrom(server), [String(listed)])
      assert.deepStrictEqual(changesIn(yield* logged), ["ADDED Pod a 101", `ADDED Pod b ${b.metadata.resourceVersion}`])
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("C-159, C-165: takes a list of many pieces for one moment, and its items for what the list is of", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      server.pageSize = 2
      for (let i = 0; i < 5; i++) server.create("pods", `p${i}`)
      const listed = String(server.version)
      yield* session(kubeconfig.file)
      yield* caughtUp(server)
      const found = (yield* logged).flatMap((event) =>
        event._tag === "ObjectChanged" && event.change === "ADDED" ? [[event.object.kind, event.found]] : []
      )
      assert.deepStrictEqual(
        found,
        Array.from({ length: 5 }, () => ["Pod", { resource: "pods", resourceVersion: listed }])
      )
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("C-168, C-170: goes on from a bookmark, however long nothing happened to what it watches", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      server.create("pods", "a")
      const since = server.version
      yield* session(kubeconfig.file)
      yield* caughtUp(server)
      for (let i = 0; i < 20; i++) server.create("nodes", `n${i}`)
      const marked = String(server.version)
      server.bookmark("pods")
      const isMarked = (event: ClusterEvent): boolean =>
        event._tag === "ObjectChanged" &&
        event.change === "BOOKMARK" &&
        (event.object.metadata as { resourceVersion: string }).resourceVersion === marked
      yield* until((log) => log.some(isMarked), "the bookmark")
      server.endWatches()
      yield* until(() => watchedFrom(server).includes(marked), "a watch from the bookmark")
      yield* caughtUp(server)
      truthful(server, yield* logged, since)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("C-175: tells a deletion with its own version", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      const a = server.create("pods", "a")
      yield* session(kubeconfig.file)
      yield* caughtUp(server)
      server.delete(a.metadata.uid)
      const deleted = server.version
      yield* caughtUp(server)
      assert.strictEqual(changesIn(yield* logged).at(-1), `DELETED Pod a ${deleted}`)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("C-192: says which version of Kubernetes it was", () =>
    Effect.gen(function* () {
      const { kubeconfig } = yield* given
      yield* session(kubeconfig.file, { resources: defaultResources })
      yield* until((log) => log.length > 0, "the header")
      const [first] = yield* logged
      assert.strictEqual(first?._tag === "RecordingStarted" ? first.header["kubernetes"] : "", "v1.36.3")
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )
})

describe("a watch that ends", () => {
  it.live.each([
    ["C-171: after its time, in good order", (server: FakeApiServer) => server.endWatches(), undefined],
    ["C-173: without a word, because its client was slow", (server: FakeApiServer) => server.disconnect(), undefined],
    [
      "C-172, C-173: with an ERROR, its version being compacted",
      (server: FakeApiServer) => {
        server.fault({ on: "watch", what: "expireAfter", after: 0 })
        server.endWatches()
      },
      "expired"
    ],
    [
      "C-163: and that may not go on, because what came after it is compacted",
      (server: FakeApiServer) => {
        server.fault({ on: "watch", what: "status", status: 410 })
        server.endWatches()
      },
      "expired"
    ],
    [
      "C-162: and cannot go on yet, because the server has not got there (504)",
      (server: FakeApiServer) => {
        server.fault({ on: "watch", what: "status", status: 504, retryAfter: 0 })
        server.endWatches()
      },
      undefined
    ],
    [
      "C-179: and cannot go on yet, because the server is not ready (429)",
      (server: FakeApiServer) => {
        server.fault({ on: "watch", what: "status", status: 429, retryAfter: 0 })
        server.endWatches()
      },
      undefined
    ]
  ] as const)("%s: is gone on with, nothing is lost, and what was not seen is in a gap", ([, end, cause]) =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      const a = server.create("pods", "a")
      const since = server.version
      yield* session(kubeconfig.file)
      yield* caughtUp(server)
      server.update(a.metadata.uid, { status: { phase: "Running" } })
      yield* caughtUp(server)
      end(server)
      server.update(a.metadata.uid, { status: { phase: "Succeeded" } })
      server.create("pods", "b")
      yield* caughtUp(server)
      const open = (log: ReadonlyArray<ClusterEvent>) =>
        gapsOf(log).filter(({ to }) => to === undefined).length -
        gapsOf(log).filter(({ to }) => to !== undefined).length
      yield* until((log) => open(log) === 0, "the end of the gap")
      const log = yield* logged
      if (cause !== undefined)
        assert.include(
          gapsOf(log).map((gap) => gap.cause),
          cause
        )
      truthful(server, log, since)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("C-163: a list whose rest was compacted away is asked for again, from its beginning", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      server.create("pods", "a")
      const since = server.version
      server.fault({ on: "list", what: "status", status: 410 })
      yield* session(kubeconfig.file)
      yield* caughtUp(server)
      truthful(server, yield* logged, since)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )
})
