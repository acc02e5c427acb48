import { assert, describe, it } from "@effect/vitest"
import { EventLogMemory, makeRedactor } from "@kubereel/core"
import { Effect } from "effect"
import { defaultResources } from "../../src/record/Resource.ts"
import { caughtUp, gapsOf, given, logged, session, truthful, until } from "./session.ts"

describe("a recorder", () => {
  it.live("tells what was there, then every change, in order", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      const a = server.create("pods", "a")
      const since = server.version
      yield* session(kubeconfig.file)
      yield* caughtUp(server)
      const b = server.create("pods", "b")
      server.update(a.metadata.uid, { status: { phase: "Running" } })
      server.delete(b.metadata.uid)
      yield* caughtUp(server)
      const log = yield* logged
      assert.deepStrictEqual(
        log
          .flatMap((event) =>
            event._tag === "ObjectChanged" ? [`${event.change}${event.found === undefined ? "" : " found"}`] : []
          )
          .filter((word) => word !== "BOOKMARK"),
        ["ADDED found", "BOOKMARK found", "ADDED", "MODIFIED", "DELETED"]
      )
      assert.deepStrictEqual(gapsOf(log), [])
      truthful(server, log, since)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("guarantee 8: what was compacted away is a gap that names what was found", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      const [a, b] = [server.create("pods", "a"), server.create("pods", "b")]
      const since = server.version
      yield* session(kubeconfig.file)
      yield* caughtUp(server)
      for (let i = 0; i < 3; i++) server.fault({ on: "watch", what: "reset" })
      server.disconnect()
      server.update(a.metadata.uid, { status: { phase: "Running" } })
      server.delete(b.metadata.uid)
      server.create("pods", "c")
      server.compact()
      yield* caughtUp(server)
      yield* until((log) => gapsOf(log).some(({ to }) => to !== undefined), "the end of the gap")
      const log = yield* logged
      const gap = gapsOf(log).find(({ to }) => to !== undefined)
      assert.strictEqual(gap?.resource, "pods")
      assert.deepStrictEqual(
        [gap?.found?.created, gap?.found?.changed, gap?.found?.vanished].map((refs) => refs?.map(({ name }) => name)),
        [["c"], ["a"], ["b"]]
      )
      truthful(server, log, since)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("goes on where it was after a restart, and says that it was not running", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      const a = server.create("pods", "a")
      const since = server.version
      const { stop } = yield* session(kubeconfig.file)
      yield* caughtUp(server)
      yield* stop
      for (let i = 0; i < 3; i++) server.update(a.metadata.uid, { status: { turn: i } })
      yield* session(kubeconfig.file)
      yield* caughtUp(server)
      yield* until((log) => gapsOf(log).some(({ to }) => to !== undefined), "the end of the gap")
      const log = yield* logged
      const turns = log.flatMap((event) =>
        event._tag === "ObjectChanged" && event.change === "MODIFIED" ? [event.found ?? event.object["status"]] : []
      )
      assert.deepStrictEqual(turns, [{ turn: 0 }, { turn: 1 }, { turn: 2 }], "all versions, none of them found only")
      assert.deepStrictEqual(
        gapsOf(log).map(({ cause, found }) => [cause, found?.changed.length]),
        [
          ["stopped", undefined],
          ["stopped", 0]
        ]
      )
      truthful(server, log, since)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("names what it may not read, records the rest, and goes on when it may", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      server.forbidden.add("nodes")
      server.create("nodes", "n")
      server.create("pods", "a")
      const { recording } = yield* session(kubeconfig.file, { resources: defaultResources })
      yield* caughtUp(server)
      yield* until((log) => gapsOf(log).some(({ cause }) => cause === "denied"), "the gap")
      const gap = gapsOf(yield* logged).find(({ cause }) => cause === "denied")
      assert.deepInclude(gap, { resource: "nodes", detail: "nodes is forbidden: no rights" })
      assert.strictEqual(recording.standings.get("nodes"), "denied")
      server.forbidden.clear()
      yield* caughtUp(server, "nodes", "Node")
      yield* until((log) => gapsOf(log).some(({ resource, to }) => resource === "nodes" && to !== undefined), "its end")
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("refuses where nothing may be read, and where the log is of something else", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      server.forbidden.add("pods")
      const denied = yield* Effect.flip(session(kubeconfig.file))
      assert.match(denied.message, /^nothing may be recorded: pods is forbidden.*--print-rbac/)
      server.forbidden.clear()
      const { stop } = yield* session(kubeconfig.file)
      yield* until((log) => log.length > 0, "the header")
      yield* stop
      const other = yield* Effect.flip(session(kubeconfig.file, { scope: { namespace: "shop", selector: "a=b" } }))
      assert.strictEqual(other.message, "was recorded with neither --namespace nor --selector")
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("loads its credentials again when they are no longer accepted", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      server.token = "first"
      server.create("pods", "a")
      yield* session(kubeconfig.file)
      yield* caughtUp(server)
      server.token = "second"
      kubeconfig.write("second")
      server.disconnect()
      server.create("pods", "b")
      yield* caughtUp(server)
      assert.deepStrictEqual(
        gapsOf(yield* logged).filter(({ cause }) => cause === "denied"),
        []
      )
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("guarantee 18: hides secrets before they are written, also in what vanished", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      const spec = { containers: [{ name: "app", env: [{ name: "PASSWORD", value: "hunter2" }] }] }
      const a = server.create("pods", "a", { spec })
      const redactor = makeRedactor(new Uint8Array(32))
      const first = yield* session(kubeconfig.file, { redactor })
      yield* until((log) => log.some((event) => event._tag === "ObjectChanged" && event.change === "ADDED"), "the pod")
      yield* first.stop
      server.delete(a.metadata.uid)
      server.compact()
      yield* session(kubeconfig.file, { redactor })
      yield* until(
        (log) => log.some((event) => event._tag === "ObjectChanged" && event.change === "DELETED"),
        "its end"
      )
      assert.notInclude(JSON.stringify(yield* logged), "hunter2")
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("guarantee 9: a slow log makes the watches wait, and loses nothing", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      const since = server.version
      const { recording, stop } = yield* session(kubeconfig.file, { onWritten: () => Effect.sleep(20) })
      yield* until((log) => log.length > 1, "the first list")
      const a = server.create("pods", "a")
      for (let i = 0; i < 3_000; i++) server.update(a.metadata.uid, { status: { turn: i } })
      yield* caughtUp(server)
      yield* stop
      const { received, appended, repeated } = recording.counts
      assert.strictEqual(received, appended + repeated)
      const log = yield* logged
      assert.strictEqual(log.length, appended)
      assert.deepStrictEqual(gapsOf(log), [])
      truthful(server, log, since)
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )

  it.live("says so when a number was rounded", () =>
    Effect.gen(function* () {
      const { server, kubeconfig } = yield* given
      yield* session(kubeconfig.file)
      yield* until((log) => log.length > 1, "the first list")
      server.raw("pods", (line) => line.replace('"big":0', '"big":9007199254740993'), { big: 0 })
      yield* until((log) => log.some((event) => event._tag === "Warned"), "the warning")
      const warning = (yield* logged).find((event) => event._tag === "Warned")
      assert.include(warning, {
        message: "pods: the number 9007199254740993 has more digits than can be kept; it was rounded"
      })
    }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))
  )
})
