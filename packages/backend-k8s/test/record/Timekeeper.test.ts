import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, EventLogMemory } from "@kubereel/core"
import { Clock, Effect } from "effect"
import fc from "fast-check"
import { Timekeeper } from "../../src/record/Timekeeper.ts"
import { caughtUp, fakeServer, gapsOf, kubeconfigFor, logged, session, truthful, until } from "./session.ts"

const HOUR = 3_600_000

/** Looks at a clock that shows these times, one after the other. */
const said = (...readings: ReadonlyArray<readonly [wall: number, monotonic: number]>): ReadonlyArray<string> => {
  const keeper = new Timekeeper({ wall: 0, monotonic: 0 })
  return readings.flatMap(([wall, monotonic]) => keeper.look({ wall, monotonic })).map(({ message }) => message)
}

describe("guarantee 7: the recorder's clock", () => {
  it("says nothing while it runs, also when it is corrected in small steps", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(100_000), fc.integer({ min: -999, max: 999 }))), (steps) => {
        let [wall, monotonic] = [0, 0]
        const readings = steps.map(([passed, drift]) => {
          monotonic += passed
          wall += Math.max(passed > 0 ? 1 : 0, passed + (passed > 0 ? drift : 0))
          return [wall, monotonic] as const
        })
        assert.deepStrictEqual(said(...readings), [])
      })
    )
  })

  it("is told of once when it leaps, goes back, stands, and goes on", () => {
    assert.deepStrictEqual(said([HOUR + 500, 500], [HOUR + 1_000, 1_000]), [
      "the recorder's clock leapt ahead by 1h0m0s, or its machine slept"
    ])
    assert.deepStrictEqual(said([10_000 - HOUR, 10_000], [11_000 - HOUR, 11_000]), [
      "the recorder's clock went back by 1h0m0s"
    ])
    assert.deepStrictEqual(said([100, 100], [97, 101]), ["the recorder's clock went back by 4ms"])
    assert.deepStrictEqual(said([0, 900], [0, 1_000], [0, 9_000], [1, 60_001], [1_001, 61_001]), [
      "the recorder's clock stands still",
      "the recorder's clock goes on after it stood still for 1m0.001s, and is 1m0s behind"
    ])
    assert.deepStrictEqual(said([0, 5_000], [60_000, 60_000]), [
      "the recorder's clock stands still",
      "the recorder's clock goes on after it stood still for 1m0s, and is right again"
    ])
  })

  it("gives each moment once while it stands: equal facts stay two", () => {
    const keeper = new Timekeeper({ wall: 5, monotonic: 5 })
    const instants = Array.from({ length: 3_000 }, () => keeper.instant({ wall: 5, monotonic: 5 }))
    assert.strictEqual(new Set(instants).size, 3_000)
    assert.strictEqual(instants[0], 5_000)
  })
})

/** The machine's clock, but for what it shows. */
const bent = (real: Clock.Clock) => {
  let shown = (millis: number): number => millis
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => shown(real.currentTimeMillisUnsafe()),
    currentTimeMillis: Effect.sync(() => clock.currentTimeMillisUnsafe()),
    currentTimeNanosUnsafe: () => BigInt(clock.currentTimeMillisUnsafe()) * 1_000_000n,
    currentTimeNanos: Effect.sync(() => clock.currentTimeNanosUnsafe()),
    monotonicTimeNanosUnsafe: () => real.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: real.monotonicTimeNanos,
    sleep: (duration) => real.sleep(duration)
  }
  const bend = (how: (millis: number) => number) =>
    Effect.sync(() => {
      shown = how
    })
  return { clock, bend }
}

const warnings = (log: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  log.flatMap((event) => (event._tag === "Warned" ? [event.message.replace(/ by .*| for .*/, "")] : []))

const versionsOf = (log: ReadonlyArray<ClusterEvent>): ReadonlyArray<number> =>
  log.flatMap((event) =>
    event._tag === "ObjectChanged" && event.change !== "BOOKMARK"
      ? [Number((event.object["metadata"] as { readonly resourceVersion: string }).resourceVersion)]
      : []
  )

describe("a recording by a clock that leaps, goes back and stands", () => {
  it.live("guarantee 7: has everything in its order, each jump as an event, and each gap", () =>
    Effect.gen(function* () {
      const { clock, bend } = bent(yield* Clock.Clock)
      yield* Effect.gen(function* () {
        const server = yield* fakeServer
        const kubeconfig = yield* kubeconfigFor(server.url)
        const { uid } = server.create("pods", "web-0").metadata
        const since = server.version
        const { recording } = yield* session(kubeconfig.file)
        const change = Effect.gen(function* () {
          server.update(uid, { status: { turn: server.version } })
          server.create("pods", "more")
          yield* caughtUp(server)
        })
        yield* caughtUp(server)
        yield* bend((millis) => millis + 8 * HOUR)
        yield* change
        yield* until((log) => warnings(log).length === 1, "the leap")
        yield* bend((millis) => millis - HOUR)
        yield* change
        yield* until((log) => warnings(log).length === 2, "going back")
        const stopped = clock.currentTimeMillisUnsafe()
        yield* bend(() => stopped)
        yield* change
        for (let turn = 0; turn < 2; turn++) {
          const gaps = gapsOf(yield* logged).length
          server.disconnect()
          yield* until((log) => gapsOf(log).length >= gaps + 2, "a gap and its end while the clock stands")
        }
        yield* change
        yield* until((log) => warnings(log).length === 3, "standing still")
        yield* bend((millis) => millis)
        yield* change
        yield* until((log) => warnings(log).length === 4, "going on")
        const log = yield* logged
        truthful(server, log, since)
        assert.deepStrictEqual(warnings(log), [
          "the recorder's clock leapt ahead",
          "the recorder's clock went back",
          "the recorder's clock stands still",
          "the recorder's clock goes on after it stood still"
        ])
        const versions = versionsOf(log)
        assert.deepStrictEqual(
          versions,
          versions.toSorted((a, b) => a - b)
        )
        const edges = gapsOf(log).map(({ to }) => to !== undefined)
        assert.deepStrictEqual(
          edges,
          edges.map((_, i) => i % 2 === 1),
          "each gap begins and ends"
        )
        const moments = log.map(({ observed }) => observed ?? 0)
        assert.isTrue(
          moments.some((at, i) => at < (moments[i - 1] ?? 0)),
          "the clock's own times stay as they were"
        )
        assert.strictEqual(recording.counts.received, recording.counts.appended + recording.counts.repeated)
      }).pipe(Effect.scoped, Effect.provide(EventLogMemory.layer), Effect.provideService(Clock.Clock, clock))
    })
  )
})
