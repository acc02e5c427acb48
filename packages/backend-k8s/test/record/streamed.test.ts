import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, EventLogMemory, Instant, type JsonObject } from "@kubereel/core"
import { Effect } from "effect"
import type { WatchLine } from "../../src/client/ApiClient.ts"
import { type Item, initialOf } from "../../src/record/initial.ts"
import { Known } from "../../src/record/Known.ts"
import { nothingLeft, Reflection } from "../../src/record/Reflection.ts"
import type { FakeApiServer } from "./fakeApiServer.ts"
import { caughtUp, fakeServer, gapsOf, kubeconfigFor, logged, pods, session, truthful } from "./session.ts"

const resource = pods[0] as (typeof pods)[number]
const at = Instant.make(1_767_225_600_000_000)

const pod = (uid: string, resourceVersion: string): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: uid, namespace: "shop", uid, resourceVersion }
})

const line = (type: string, object: JsonObject): WatchLine => ({ type, object, rounded: undefined })

const item = (change: Item["change"], uid: string, version: string): Item => ({
  _tag: "Item",
  change,
  object: pod(uid, version),
  rounded: undefined
})

/** Change, name and whether it was found; a gap by its cause. */
const told = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  events.map((event) => {
    if (event._tag !== "ObjectChanged") return event._tag === "Gap" ? `gap ${event.cause}` : event._tag
    const { name = "", resourceVersion } = event.object["metadata"] as { name?: string; resourceVersion: string }
    return `${event.found === undefined ? "" : "found "}${event.change} ${name}@${resourceVersion}`
  })

const asked = (server: FakeApiServer, what: string): number =>
  server.requests.filter((request) => request.includes(what)).length

const recorded = (streams: FakeApiServer["streams"]) =>
  Effect.gen(function* () {
    const server = yield* fakeServer
    server.streams = streams
    const kubeconfig = yield* kubeconfigFor(server.url)
    for (const name of ["a", "b"]) server.create("pods", name)
    const since = server.version
    yield* session(kubeconfig.file)
    yield* caughtUp(server)
    server.create("pods", "c")
    yield* caughtUp(server)
    return { server, since }
  })

describe("a list that the server streams", () => {
  it.live("ends with its boundary, and goes on as the watch: what was there is found, what comes then is created", () =>
    Effect.gen(function* () {
      const { server, since } = yield* recorded("yes")
      const log = yield* logged
      assert.deepStrictEqual(
        told(log.slice(1)).filter((text) => !text.startsWith("BOOKMARK")),
        ["found ADDED a@101", "found ADDED b@102", "found BOOKMARK @102", "ADDED c@103"]
      )
      const boundary = log[3]
      assert.deepStrictEqual(boundary?._tag === "ObjectChanged" ? boundary.object["metadata"] : undefined, {
        resourceVersion: "102",
        annotations: { "k8s.io/initial-events-end": "true" }
      })
      assert.deepStrictEqual(gapsOf(log), [])
      assert.strictEqual(asked(server, "watch=true"), 1)
      assert.strictEqual(asked(server, "limit=500"), 0)
      truthful(server, log, since)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("is read in pieces where the server refuses, which is asked only once", () =>
    Effect.gen(function* () {
      const { server, since } = yield* recorded("refused")
      server.compact()
      server.disconnect()
      server.create("pods", "d")
      yield* caughtUp(server)
      assert.strictEqual(asked(server, "sendInitialEvents=true"), 1)
      assert.isAtLeast(asked(server, "limit=500"), 2)
      truthful(server, yield* logged, since)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("is read in pieces where the server does not know the word and only watches", () =>
    Effect.gen(function* () {
      const { server, since } = yield* recorded("unknown")
      assert.strictEqual(asked(server, "sendInitialEvents=true"), 1)
      assert.isAtLeast(asked(server, "limit=500"), 1)
      truthful(server, yield* logged, since)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it("counts what happens while it is on its way as part of it", () => {
    const known = new Known()
    for (const [uid, version] of [
      ["a", "1"],
      ["b", "2"],
      ["c", "3"]
    ] as const)
      known.note(pod(uid, version))
    const self = new Reflection(resource, { ...nothingLeft(), known, position: "5" }, (object) => object)
    self.listing()
    const came = [
      item("ADDED", "a", "1"),
      item("ADDED", "b", "6"),
      item("MODIFIED", "b", "7"),
      item("ADDED", "c", "3"),
      item("DELETED", "c", "8"),
      item("ADDED", "d", "9"),
      item("DELETED", "d", "10")
    ]
    for (const one of came) assert.deepStrictEqual(self.item(one, at), [])
    self.whole("10")
    const facts = self.listed(false, { cause: "expired", detail: "too old" }, at)
    assert.deepStrictEqual(told(facts), [
      "gap expired",
      "found MODIFIED b@7",
      "found DELETED c@3",
      "gap expired",
      "found BOOKMARK @10"
    ])
    assert.strictEqual(self.position, "10")
  })

  it("is told apart, line by line", () => {
    const end = { resourceVersion: "9", annotations: { "k8s.io/initial-events-end": "true" } }
    const said = [
      line("ADDED", pod("a", "1")),
      line("BOOKMARK", { metadata: end }),
      line("BOOKMARK", { metadata: { resourceVersion: "9" } }),
      line("ERROR", { code: 410, message: "too old" }),
      line("ADDED", { metadata: {} }),
      line("RENAMED", pod("a", "1"))
    ].map((one) => initialOf(one, resource)._tag)
    assert.deepStrictEqual(said, ["Item", "Whole", "Unstreamed", "Expired", "Garbled", "Garbled"])
  })
})
