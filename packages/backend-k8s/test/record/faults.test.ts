import { assert, describe, it } from "@effect/vitest"
import { EventLogMemory } from "@kubereel/core"
import { Effect } from "effect"
import fc from "fast-check"
import type { FakeApiServer, Fault } from "./fakeApiServer.ts"
import { caughtUp, fakeServer, gapsOf, kubeconfigFor, logged, session, truthful } from "./session.ts"

type Deed =
  | {
      readonly _tag:
        | "create"
        | "bookmark"
        | "compact"
        | "endWatches"
        | "disconnect"
        | "backup"
        | "restore"
        | "restart"
        | "rest"
        | "kill"
    }
  | { readonly _tag: "update" | "delete"; readonly which: number }
  | { readonly _tag: "fault"; readonly fault: Fault }

const on = fc.constantFrom("watch" as const, "list" as const)
const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    on,
    what: fc.constantFrom(
      "close" as const,
      "reset" as const,
      "empty" as const,
      "garble" as const,
      "refuse" as const,
      "stall" as const
    )
  }),
  fc.record({
    on,
    what: fc.constant("status" as const),
    status: fc.constantFrom(401, 403, 404, 410, 429, 500, 503, 504),
    retryAfter: fc.constant(0)
  }),
  fc.record({
    on: fc.constant("watch" as const),
    what: fc.constantFrom("cut" as const, "garbleAfter" as const, "expireAfter" as const),
    after: fc.nat({ max: 3 })
  })
)
const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Deed>({ _tag: "create" }) },
  { weight: 8, arbitrary: fc.record({ _tag: fc.constant("update" as const), which: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ _tag: fc.constant("delete" as const), which: fc.nat() }) },
  { weight: 6, arbitrary: anyFault.map((fault): Deed => ({ _tag: "fault", fault })) },
  {
    weight: 8,
    arbitrary: fc.constantFrom<Deed>(
      { _tag: "bookmark" },
      { _tag: "compact" },
      { _tag: "endWatches" },
      { _tag: "disconnect" },
      { _tag: "backup" },
      { _tag: "restore" },
      { _tag: "restart" },
      { _tag: "kill" }
    )
  },
  { weight: 4, arbitrary: fc.constant<Deed>({ _tag: "rest" }) }
)

const pick = (server: FakeApiServer, which: number): string =>
  server.uids()[which % Math.max(1, server.uids().length)] ?? ""

/** Does all that to a server while it is recorded; then the faults end, and the log must tell the truth. */
const history = (
  deeds: ReadonlyArray<Deed>,
  {
    atFirst,
    pageSize,
    streams
  }: Pick<FakeApiServer, "pageSize" | "streams"> & { readonly atFirst: ReadonlyArray<Fault> }
) =>
  Effect.gen(function* () {
    const server = yield* fakeServer
    server.streams = streams
    const kubeconfig = yield* kubeconfigFor(server.url)
    server.pageSize = pageSize
    for (let i = 0; i < 3; i++) server.create("pods", `first-${i}`)
    const since = server.version
    for (const fault of atFirst) server.fault(fault)
    let current = yield* session(kubeconfig.file)
    yield* caughtUp(server)
    let backup = server.backup()
    const recorded = [current]
    for (const deed of deeds) {
      switch (deed._tag) {
        case "create":
          server.create("pods", "p")
          break
        case "update":
          server.update(pick(server, deed.which), { status: { turn: server.version } })
          break
        case "delete":
          server.delete(pick(server, deed.which))
          break
        case "fault":
          server.fault(deed.fault)
          break
        case "backup":
          backup = server.backup()
          break
        case "restore":
          server.restore(backup)
          break
        case "restart": {
          const { port } = server
          yield* Effect.promise(() => server.stop())
          yield* Effect.promise(() => server.listen(port))
          break
        }
        case "kill":
          yield* current.stop
          server.update(pick(server, 0), { status: { while: "nobody looked" } })
          current = yield* session(kubeconfig.file)
          recorded.push(current)
          break
        case "rest":
          yield* Effect.sleep(15)
          break
        default:
          server[deed._tag]()
      }
    }
    server.clearFaults()
    // What is still on its way into the log may hide that the log looks like what the server went back to.
    for (let rest = 0; rest < 2; ) {
      server.bookmark("pods")
      yield* Effect.sleep(80)
      yield* caughtUp(server)
      const { received, appended, repeated } = current.recording.counts
      rest = received === appended + repeated ? rest + 1 : 0
    }
    yield* current.stop
    const log = yield* logged
    truthful(server, log, since)
    for (const { recording } of recorded) {
      const { received, appended, repeated } = recording.counts
      assert.strictEqual(received, appended + repeated, "guarantee 9: the counts add up")
    }
    return gapsOf(log)
  }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer))

describe("whatever happens to the server and to the connection", () => {
  it("guarantees 8 and 9: every change is told or inside a gap that covers it, nothing is told twice, out of order or made up", async () => {
    const causes = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyDeed, { minLength: 5, maxLength: 40 }),
        fc.record({
          pageSize: fc.integer({ min: 1, max: 4 }),
          streams: fc.constantFrom("yes", "yes", "refused", "unknown"),
          atFirst: fc.array(anyFault, { maxLength: 2 })
        }),
        async (deeds, how) => {
          for (const { cause } of await Effect.runPromise(history(deeds, how))) causes.add(cause)
        }
      ),
      { numRuns: 60, endOnFailure: true }
    )
    assert.includeMembers([...causes], ["closed", "expired", "stopped", "restored"])
  }, 120_000)
})
