/** A recorder goes on with a reel whose beginning was removed by a limit. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { defaultResources } from "@kubereel/backend-k8s"
import {
  caughtUp,
  fakeServer,
  fast,
  gapsOf,
  kubeconfigFor,
  logged,
  session,
  truthful
} from "@kubereel/backend-k8s/testing"
import { type ClusterEvent, EventLog, type ObjectChanged } from "@kubereel/core"
import { Effect, Stream } from "effect"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"

const resources = defaultResources.filter(({ name }) => name === "pods" || name === "nodes")

/** Nodes may say nothing for as long as they like. */
const timing = { ...fast, quiet: 60_000 }

const reel = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "kubereel-resume-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
  ),
  (path) => join(path, "a.reel")
)

const written = (file: string) => EventLogSqlite.layer(file, { mode: "write", limits: { age: 1 } })

const versionOf = ({ object }: ObjectChanged): number =>
  Number((object["metadata"] as { readonly resourceVersion: string }).resourceVersion)

const horizonOf = (log: ReadonlyArray<ClusterEvent>): number =>
  log[0]?._tag === "Horizon" ? log[0].removed : assert.fail("nothing was removed")

/** Up to which version of the pods changes may be gone. */
const removedTo = Effect.gen(function* () {
  const log = yield* EventLog
  const all = yield* Stream.runCollect(log.read())
  const removed = horizonOf(all.map(({ event }) => event))
  const first = all.find(({ event, seq }) => seq > removed && event._tag === "ObjectChanged")?.event
  return first?._tag === "ObjectChanged" ? versionOf(first) - 1 : assert.fail("nothing is left")
})

/** Many changes of few pods, some of which end. */
const busy = Effect.fnUntraced(function* (server: Effect.Success<typeof fakeServer>) {
  for (let round = 0; round < 24; round++) {
    const pods = Array.from({ length: 20 }, (_, i) => server.create("pods", `web-${round}-${i}`).metadata.uid)
    for (let turn = 0; turn < 12; turn++) for (const uid of pods) server.update(uid, { status: { round, turn } })
    for (const uid of pods.slice(0, 17)) server.delete(uid)
    yield* Effect.sleep(10)
  }
  yield* caughtUp(server)
})

describe("guarantees 8 and 17: a recorder that goes on with a reel whose beginning was removed", () => {
  it.live("tells what happened meanwhile, and nothing again", () =>
    Effect.gen(function* () {
      const file = yield* reel
      const server = yield* fakeServer
      const kubeconfig = yield* kubeconfigFor(server.url)
      const node = server.create("nodes", "node-0").metadata.uid
      yield* Effect.gen(function* () {
        const first = yield* session(kubeconfig.file, { resources, timing })
        yield* busy(server)
        yield* first.stop
      }).pipe(Effect.scoped, Effect.provide(written(file)))

      // Of nodes nothing was heard since their list, whose bookmark was removed: only a new list can tell.
      server.delete(node)
      server.create("nodes", "node-1")
      const gone = server.uids().find((uid) => server.state("pods").has(uid)) ?? ""
      server.delete(gone)
      server.create("pods", "meanwhile")
      yield* Effect.gen(function* () {
        assert.isAbove(horizonOf(yield* logged), 1_000)
        const second = yield* session(kubeconfig.file, { resources, timing })
        yield* caughtUp(server)
        yield* caughtUp(server, "nodes", "Node")
        server.create("pods", "later")
        yield* caughtUp(server)
        yield* second.stop
        const log = yield* logged
        truthful(server, log, yield* removedTo)
        const ended = gapsOf(log).filter(({ to }) => to !== undefined)
        assert.sameMembers(
          ended.map(({ resource, cause }) => `${resource} ${cause}`),
          ["pods stopped", "nodes stopped"]
        )
        const names = (refs: ReadonlyArray<{ readonly name: string }> = []) => refs.map(({ name }) => name)
        const ofNodes = ended.find(({ resource }) => resource === "nodes")?.found
        assert.deepStrictEqual([names(ofNodes?.created), names(ofNodes?.vanished)], [["node-1"], ["node-0"]])
        const { counts } = second.recording
        assert.strictEqual(counts.received, counts.appended + counts.repeated)
      }).pipe(Effect.scoped, Effect.provide(written(file)))
      yield* EventLogSqlite.verify(file)
    }).pipe(Effect.scoped)
  )

  it.live("is still only that of its cluster and of its part of it", () =>
    Effect.gen(function* () {
      const file = yield* reel
      const [server, other] = [yield* fakeServer, yield* fakeServer]
      const kubeconfig = yield* kubeconfigFor(server.url)
      other.cluster = "another cluster"
      const elsewhere = yield* kubeconfigFor(other.url)
      yield* Effect.gen(function* () {
        const first = yield* session(kubeconfig.file)
        yield* busy(server)
        yield* first.stop
        assert.isAbove(horizonOf(yield* logged), 1_000)
        const refused = yield* Effect.flip(session(elsewhere.file))
        assert.strictEqual(refused.message, "holds a recording of another cluster")
        const part = yield* Effect.flip(session(kubeconfig.file, { scope: { namespace: "shop" } }))
        assert.strictEqual(part.message, "was recorded with neither --namespace nor --selector")
        const started = (yield* logged).filter(({ _tag }) => _tag === "RecordingStarted")
        assert.strictEqual(started.length, 1)
      }).pipe(Effect.scoped, Effect.provide(written(file)))
    }).pipe(Effect.scoped)
  )
})
