/** A recorder beside a fake API server, and what must hold of the log that it leaves. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert } from "@effect/vitest"
import { type ClusterEvent, canonical, EventLog, type Gap, type JsonObject, type ObjectChanged } from "@kubereel/core"
import { Effect, type Scope as EffectScope, Fiber, Stream } from "effect"
import { ApiClient } from "../../src/client/ApiClient.ts"
import { defaultResources, type Scope } from "../../src/record/Resource.ts"
import { connect, type Recording, type RecordOptions, record } from "../../src/record/record.ts"
import type { Timing } from "../../src/record/reflect.ts"
import { FakeApiServer } from "./fakeApiServer.ts"

/** A hundred times as fast as the real one. */
export const fast: Timing = {
  backOff: { initial: 4, max: 30 },
  quiet: 300,
  watch: 300_000,
  denied: 20
}

export const pods = defaultResources.filter(({ name }) => name === "pods")

export const fakeServer: Effect.Effect<FakeApiServer, never, EffectScope.Scope> = Effect.acquireRelease(
  Effect.promise(() => FakeApiServer.start()),
  (server) => Effect.promise(() => server.stop())
)

/** A kubeconfig for that server; `token` may be written anew. */
export const kubeconfigFor = (url: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "kubereel-record-"))),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
    ),
    (folder) => {
      const file = join(folder, "kubeconfig")
      const write = (token: string): void =>
        writeFileSync(
          file,
          JSON.stringify({
            apiVersion: "v1",
            kind: "Config",
            clusters: [{ name: "fake", cluster: { server: url } }],
            users: [{ name: "me", user: { token } }],
            contexts: [{ name: "fake", context: { cluster: "fake", user: "me" } }],
            "current-context": "fake"
          })
        )
      write("first")
      return { file, write }
    }
  )

/** The server, and a kubeconfig for it. */
export const given = Effect.gen(function* () {
  const server = yield* fakeServer
  const kubeconfig = yield* kubeconfigFor(server.url)
  return { server, kubeconfig }
})

const still = { isPassing: () => false, onFailure: () => Effect.void, onWritten: () => Effect.void }

export interface SessionOptions
  extends Partial<Pick<RecordOptions, "redactor" | "resources" | "onWritten" | "timing">> {
  readonly scope?: Scope
}

/** Begins to record, in the background, until the scope ends or `stop`. */
export const session = Effect.fnUntraced(function* (kubeconfig: string, options: SessionOptions = {}) {
  const client = yield* ApiClient.make({ kubeconfig }, options.timing === undefined ? fast.quiet : undefined)
  const { resources = pods, scope = {} } = options
  // Whoever begins may wait for as long as it takes: a machine that is busy is no fault of this history.
  const patient = yield* ApiClient.make({ kubeconfig })
  const recording: Recording = yield* record({
    ...still,
    client,
    connection: yield* connect(patient, resources, scope),
    resources,
    scope,
    until: Effect.never,
    timing: fast,
    program: "test",
    ...options
  })
  const fiber = yield* Effect.forkScoped(recording.run)
  return { recording, stop: Fiber.interrupt(fiber) }
})

export const logged = Effect.flatMap(EventLog, (log) =>
  Effect.map(Stream.runCollect(log.read()), (all) => all.map(({ event }) => event))
)

const metadataOf = (event: ObjectChanged) =>
  event.object["metadata"] as unknown as { uid: string; resourceVersion: string }

const changes = (log: ReadonlyArray<ClusterEvent>): ReadonlyArray<ObjectChanged> =>
  log.filter((event) => event._tag === "ObjectChanged").filter(({ change }) => change !== "BOOKMARK")

/** Uid and version of what is there, by the log. */
export const stateOf = (log: ReadonlyArray<ClusterEvent>, kind = "Pod"): ReadonlyMap<string, string> => {
  const state = new Map<string, string>()
  for (const event of changes(log)) {
    const { uid, resourceVersion } = metadataOf(event)
    if (event.object["kind"] !== kind) continue
    if (event.change === "DELETED") state.delete(uid)
    else state.set(uid, resourceVersion)
  }
  return state
}

const same = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([uid, version]) => b.get(uid) === version)

/** Waits until the log says what is true; whoever waits in vain is told what is missing. */
export const caughtUp = Effect.fnUntraced(function* (server: FakeApiServer, resource = "pods", kind = "Pod") {
  for (let turn = 0; turn < 1_000; turn++) {
    if (same(stateOf(yield* logged, kind), server.state(resource))) return
    server.bookmark(resource)
    yield* Effect.sleep(20)
  }
  assert.deepStrictEqual(stateOf(yield* logged, kind), server.state(resource), "the log never caught up")
})

/** Waits for an event. */
export const until = Effect.fnUntraced(function* (holds: (log: ReadonlyArray<ClusterEvent>) => boolean, what: string) {
  for (let turn = 0; turn < 1_000; turn++) {
    if (holds(yield* logged)) return
    yield* Effect.sleep(20)
  }
  assert.fail(
    `${what}: never seen; the log has\n${(yield* logged).map((event) => canonical(event as never)).join("\n")}`
  )
})

export const gapsOf = (log: ReadonlyArray<ClusterEvent>): ReadonlyArray<Gap> =>
  log.filter((event) => event._tag === "Gap")

/** Versions say nothing of what came before what where the server went back in between: then the time does. */
const within = (server: FakeApiServer, gap: Gap, change: FakeApiServer["made"][number]): boolean => {
  if (gap.to === undefined || gap.resource !== change.resource) return false
  const [from, to] = [Number(gap.from?.resourceVersion ?? 0), Number(gap.to.resourceVersion)]
  const [began, ended] = [gap.from?.at ?? 0, gap.to.at ?? 0]
  const isTakenBack = server.restored.some(({ at, era }) => era === change.era && at <= ended)
  if (gap.cause !== "restored" && !isTakenBack) return change.resourceVersion > from && change.resourceVersion <= to
  return change.at <= ended && (change.resourceVersion > from || change.at >= began - 1_000)
}

/**
 * Taken back before anything of that time was heard: to whoever stands at the restored version, nothing has happened. No
 * client can know better.
 */
const unheardOf = (
  server: FakeApiServer,
  log: ReadonlyArray<ClusterEvent>,
  change: FakeApiServer["made"][number]
): boolean =>
  server.restored.some(
    ({ era, version, at }) =>
      era === change.era &&
      change.resourceVersion > version &&
      !log.some(
        (event) =>
          event._tag === "ObjectChanged" &&
          Number(metadataOf(event).resourceVersion) > version &&
          (event.observed ?? 0) >= (server.restored.find((other) => other.era === era - 1)?.at ?? 0) &&
          (event.observed ?? 0) <= at
      )
  )

/**
 * Of a version that the restored server handed out again, to whoever had passed it by already, and that left no trace: the
 * next list shows neither it nor anything older.
 */
const handedOutAgain = (
  server: FakeApiServer,
  log: ReadonlyArray<ClusterEvent>,
  change: FakeApiServer["made"][number]
): boolean => {
  const { uid } = change.object.metadata
  const later = server.made.slice(server.made.indexOf(change) + 1)
  const isSuperseded =
    change.type === "DELETED" || later.some(({ object, era }) => object.metadata.uid === uid && era === change.era)
  const ended = server.restored.find(({ era }) => era === change.era - 1)?.at ?? 0
  const heard = log.flatMap((event) =>
    event._tag === "ObjectChanged" && (event.observed ?? 0) <= ended + 5_000
      ? [Number(metadataOf(event).resourceVersion)]
      : []
  )
  return change.era > 0 && isSuperseded && heard.some((version) => version >= change.resourceVersion)
}

/** Guarantee 8, and that nothing is told twice, out of order or made up. `since`: changes before it were there already. */
export const truthful = (server: FakeApiServer, log: ReadonlyArray<ClusterEvent>, since: number): void => {
  const seen = changes(log)
  const gaps = gapsOf(log)
  const told = new Set(
    seen.map((event) => `${metadataOf(event).uid} ${metadataOf(event).resourceVersion} ${event.change}`)
  )
  for (const change of server.made.filter(
    ({ resource, era, resourceVersion }) => resource === "pods" && (era > 0 || resourceVersion > since)
  )) {
    const { uid } = change.object.metadata
    const isTold = told.has(`${uid} ${change.resourceVersion} ${change.type}`)
    assert.isTrue(
      isTold ||
        gaps.some((gap) => within(server, gap, change)) ||
        unheardOf(server, log, change) ||
        handedOutAgain(server, log, change),
      `${change.type} of ${uid} at ${change.resourceVersion} (era ${change.era}) is neither told nor inside a gap: ${JSON.stringify(gaps)}`
    )
  }
  const made = new Map<string, ReadonlyArray<string>>()
  for (const { object, type } of server.made) {
    const text = canonical(object as unknown as JsonObject)
    made.set(text, [...(made.get(text) ?? []), type])
  }
  const last = new Map<string, { readonly era: number; readonly version: number }>()
  for (const event of seen) {
    const { uid, resourceVersion } = metadataOf(event)
    const [era, version] = [event.era ?? 0, Number(resourceVersion)]
    const before = last.get(uid)
    if (before !== undefined && before.era === era) {
      const isEnd = event.change === "DELETED" && event.found !== undefined
      assert.isTrue(
        isEnd ? version >= before.version : version > before.version,
        `${uid}: ${version} after ${before.version}`
      )
    }
    last.set(uid, { era, version })
    const types = made.get(canonical(event.object)) ?? []
    const isTrue = event.found === undefined ? types.includes(event.change) : types.length > 0
    assert.isTrue(isTrue, `${event.change} of ${uid} at ${version} never happened`)
  }
}
