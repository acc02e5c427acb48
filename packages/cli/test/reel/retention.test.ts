import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, encode, type Recorded } from "@kubereel/core"
import Database from "better-sqlite3"
import { Effect, Stream } from "effect"
import { afterAll } from "vitest"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { Remains } from "../../src/reel/raw/Remains.ts"
import { salvaged } from "../../src/reel/salvage.ts"
import { churn } from "./churn.ts"
import { inReel, readAll, withLog } from "./history.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-retention-"))
let made = 0
const newFile = (): string => join(folder, `${++made}.reel`)
afterAll(() => rmSync(folder, { recursive: true }))

const MIB = 1_048_576
const within = (file: string, limits: { readonly bytes?: number; readonly age?: number }) =>
  EventLogSqlite.layer(file, { mode: "write", limits })

const bytesOf = (file: string): number =>
  ["", "-wal"].reduce((sum, end) => sum + (statSync(`${file}${end}`, { throwIfNoEntry: false })?.size ?? 0), 0)

/** What a reader finds: the horizon, what was true there, and the rest without gaps. */
const isWhole = (found: ReadonlyArray<Recorded>, all: ReadonlyArray<ClusterEvent>): number => {
  const [horizon] = found
  if (horizon?.event._tag !== "Horizon") return 0
  const { removed } = horizon.event
  const rest = found.slice(1)
  const seqs = rest.map(({ seq }) => seq)
  assert.deepStrictEqual(
    seqs,
    seqs.toSorted((a, b) => a - b)
  )
  assert.deepStrictEqual(
    seqs.filter((seq) => seq > removed),
    Array.from({ length: all.length - removed }, (_, i) => removed + 1 + i)
  )
  for (const { event, seq } of rest) assert.strictEqual(encode(event), encode(all[seq - 1] as ClusterEvent))
  return removed
}

/** The newest version of each object that is there after that many events. */
const trueAfter = (all: ReadonlyArray<ClusterEvent>, count: number): ReadonlyArray<number> => {
  const newest = new Map<string, number>()
  for (const [i, event] of all.slice(0, count).entries()) {
    if (event._tag !== "ObjectChanged") continue
    const { uid } = event.object.metadata as unknown as { readonly uid: string }
    if (event.change === "DELETED") newest.delete(uid)
    else newest.set(uid, i + 1)
  }
  return [...newest.values()].sort((a, b) => a - b)
}

const seldom = (i: number): ClusterEvent => {
  const name = `seldom-${Math.floor(i / 25) % 31}`
  const metadata = { name, uid: name, resourceVersion: String(10_000 + i) }
  const status = { turn: i, images: Array.from({ length: 50 }, (_, n) => `registry/image-${n}`) }
  return { _tag: "ObjectChanged", change: "MODIFIED", object: { apiVersion: "v1", kind: "Node", metadata, status } }
}

/** A reel whose older part was removed by its age; `all` is what was appended. */
const aged = Effect.gen(function* () {
  const file = newFile()
  const all = churn(9_000)
  yield* withLog(within(file, { age: 1_000_000 }), (log) =>
    Effect.gen(function* () {
      for (let i = 0; i < all.length; i += 500) yield* log.append(all.slice(i, i + 500))
    })
  )
  return { all, file }
})

describe("guarantee 17: a reel with limits", () => {
  it.effect("stays under its size through a long run, and says where its history begins", () =>
    Effect.gen(function* () {
      const file = newFile()
      const all = churn(14_000)
      let largest = 0
      yield* withLog(within(file, { bytes: 8 * MIB }), (log) =>
        Effect.gen(function* () {
          for (let i = 0; i < all.length; i += 100) {
            yield* log.append(all.slice(i, i + 100))
            largest = Math.max(largest, bytesOf(file))
          }
        })
      )
      assert.isBelow(largest, 8 * MIB)
      const found = yield* readAll(file)
      const removed = isWhole(found, all)
      assert.isAbove(removed, 2_000)
      assert.deepStrictEqual(
        found.filter(({ seq }) => seq > 0 && seq <= removed).map(({ seq }) => seq),
        trueAfter(all, removed)
      )
      const verified = yield* EventLogSqlite.verify(file)
      assert.deepInclude(verified, { seq: all.length, removed, snapshots: [] })
    })
  )

  it.effect("answers a question about what was removed with: before recorded history", () =>
    Effect.gen(function* () {
      const { all, file } = yield* aged
      const removed = isWhole(yield* readAll(file), all)
      assert.isAbove(removed, 2_000)
      yield* inReel(file, "read", (log) =>
        Effect.gen(function* () {
          const refused = yield* Effect.flip(log.stateAt({ seq: removed - 1 }))
          assert.deepInclude(refused, { _tag: "BeforeHistory", removed })
          assert.include(refused.message, "before recorded history")
          assert.deepInclude(yield* Effect.flip(log.stateAt({ observed: all[0]?.observed as never })), {
            _tag: "BeforeHistory"
          })
          const here = yield* log.stateAt({ seq: removed })
          assert.sameMembers(
            here.entries.map(({ seq }) => seq),
            [...trueAfter(all, removed)]
          )
          const later = yield* log.stateAt({ seq: removed + 1_234 })
          assert.sameMembers(
            later.entries.map(({ seq }) => seq),
            [...trueAfter(all, removed + 1_234)]
          )
          for (const { seq } of later.entries)
            assert.strictEqual(encode((yield* log.event(seq)) as ClusterEvent), encode(all[seq - 1] as ClusterEvent))
        })
      )
    })
  )

  it.effect("refuses a size that no reel can keep", () =>
    Effect.gen(function* () {
      const file = newFile()
      const refused = yield* Effect.flip(withLog(within(file, { bytes: 1_000 }), (log) => log.head))
      assert.strictEqual(refused.message, `${file} cannot be kept under 1000 bytes: allow at least 8388608`)
    })
  )

  it.effect("goes on in the next session, where a list of what is there is a repeat", () =>
    Effect.gen(function* () {
      const file = newFile()
      const all = churn(10_000)
      for (let from = 0; from < all.length; from += 2_500)
        yield* withLog(within(file, { age: 800_000 }), (log) => log.append(all.slice(from, from + 2_500)))
      const removed = isWhole(yield* readAll(file), all)
      const still = trueAfter(all, removed).map((seq) => all[seq - 1] as ClusterEvent)
      yield* withLog(within(file, { age: 800_000 }), (log) =>
        Effect.gen(function* () {
          assert.strictEqual((yield* log.append(still)).repeated, still.length)
        })
      )
    })
  )

  it.effect("makes a reel smaller that was made without them", () =>
    Effect.gen(function* () {
      const file = newFile()
      const all = churn(16_000)
      yield* inReel(file, "create", (log) => log.append(all.slice(0, 15_000)))
      const before = statSync(file).size
      assert.isAbove(before, 8 * MIB)
      yield* withLog(within(file, { bytes: 8 * MIB }), (log) => log.append(all.slice(15_000)))
      assert.isBelow(statSync(file).size, 8 * MIB)
      assert.isAbove(isWhole(yield* readAll(file), all), 100)
    })
  )

  it.effect("is read by somebody while its oldest events are removed: nothing is taken for damage", () =>
    Effect.gen(function* () {
      const file = newFile()
      const all = churn(10_000)
      yield* withLog(within(file, { age: 500_000 }), (log) =>
        Effect.gen(function* () {
          yield* log.append(all.slice(0, 3_000))
          let next = 3_000
          let last = 0
          yield* inReel(file, "read", (reading) =>
            Stream.runForEach(reading.read(), ({ event, seq }) =>
              Effect.gen(function* () {
                if (event._tag === "Horizon") last = 0
                else {
                  assert.isAbove(seq, last)
                  assert.strictEqual(encode(event), encode(all[seq - 1] as ClusterEvent))
                  last = seq
                }
                if (seq % 300 === 7 && next < all.length) {
                  yield* log.append(all.slice(next, next + 900))
                  next += 900
                }
              })
            )
          )
        })
      )
    })
  )

  it.effect("is read again and again by one who stays, through every removal", () =>
    Effect.gen(function* () {
      const file = newFile()
      // Some objects change so seldom that their versions are written against ones that were removed long before.
      const all = churn(8_000).map((event, i) => (i % 25 === 7 ? seldom(i) : event))
      const start: ClusterEvent = { _tag: "RecordingStarted", header: { t0: "2026-01-01T00:00:00.000000Z" } }
      yield* withLog(within(file, { age: 1 }), (log) =>
        Effect.gen(function* () {
          yield* log.append([start])
          const horizons = new Set<number>()
          for (let i = 0; i < all.length; i += 160) {
            yield* log.append(all.slice(i, i + 160))
            const found = yield* Stream.runCollect(log.read())
            horizons.add(isWhole(found, [start, ...all.slice(0, i + 160)]))
            assert.deepStrictEqual(found.find(({ event }) => event._tag === "RecordingStarted")?.event, start)
          }
          assert.isAbove(horizons.size, 3)
        })
      )
    })
  )

  it.effect("shows damage of what was kept, and is salvaged from its horizon on", () =>
    Effect.gen(function* () {
      const { file } = yield* aged
      const remains = new Remains(file)
      assert.deepStrictEqual(
        [...salvaged(file, remains, () => assert.fail("nothing is lost"))].map((event) => encode(event)),
        (yield* readAll(file)).map(({ event }) => encode(event))
      )
      remains.close()
      for (const sql of [
        "DELETE FROM kept WHERE first = (SELECT min(first) FROM kept)",
        "UPDATE kept SET body = zeroblob(10)",
        "UPDATE horizon SET seq = seq + 256",
        "DELETE FROM horizon"
      ]) {
        const copy = newFile()
        new Database(file).exec(`VACUUM INTO '${copy}'`).close()
        new Database(copy).exec(sql).close()
        assert.strictEqual((yield* Effect.flip(EventLogSqlite.verify(copy)))._tag, "DamagedLog", sql)
      }
    })
  )
})
