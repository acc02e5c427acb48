import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { encode } from "@kubereel/core"
import Database from "better-sqlite3"
import { Effect, Stream } from "effect"
import { afterAll } from "vitest"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { history, inReel } from "./history.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-damage-"))
afterAll(() => rmSync(folder, { recursive: true }))

const COUNT = 1_300
const all = history(COUNT)
const texts = all.map((event) => encode(event))

/** Blocks and, because the last session was short, a tail. */
const sound = await Effect.runPromise(
  Effect.gen(function* () {
    const file = join(folder, "sound.reel")
    yield* inReel(file, "create", (log) => log.append(all.slice(0, 1_250)))
    yield* inReel(file, "write", (log) =>
      Effect.andThen(log.append(all.slice(1_250, 1_260)), log.append(all.slice(1_260)))
    )
    return readFileSync(file)
  })
)

/** Reads as far as it goes: how many events were right, and what was said about the rest. */
const readThrough = (file: string, from = 1) =>
  Effect.gen(function* () {
    let right = 0
    const outcome = yield* Effect.result(
      inReel(file, "read", (log) =>
        Stream.runForEach(log.read(from), ({ event, seq }) =>
          Effect.sync(() => {
            assert.strictEqual(seq, from + right)
            assert.strictEqual(encode(event), texts[seq - 1], `event ${seq} was read as another`)
            right++
          })
        )
      )
    )
    return { right, error: outcome._tag === "Failure" ? outcome.failure : undefined }
  })

/** A small generator of its own, so that a failure can be repeated: the offset and the bit are in the message. */
function* places(count: number): Generator<readonly [offset: number, bit: number]> {
  let state = 12_345
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  for (let i = 0; i < count; i++) yield [next(sound.length), 1 << next(8)]
}

const check = (file: string, bytes: Buffer, where: string) =>
  Effect.gen(function* () {
    writeFileSync(file, bytes)
    const { error, right } = yield* readThrough(file)
    if (error === undefined) assert.strictEqual(right, COUNT, where)
    else if (error._tag === "DamagedLog") assert.strictEqual(error.seq, right + 1, `${where}: ${error.message}`)
    else assert.strictEqual(error._tag, "UnusableLog", `${where}: ${String(error)}`)
    return error?._tag ?? "unnoticed"
  })

describe("guarantee 15: a damaged reel", () => {
  it.effect(
    "never gives another event than was written, whichever bit is flipped",
    () =>
      Effect.gen(function* () {
        const file = join(folder, "flipped.reel")
        const outcomes = new Map<string, number>()
        for (const [offset, bit] of places(150)) {
          const bytes = Buffer.from(sound)
          bytes[offset] = (bytes[offset] as number) ^ bit
          const outcome = yield* check(file, bytes, `offset ${offset}, bit ${bit}`)
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        }
        assert.isAbove(outcomes.get("DamagedLog") ?? 0, 8)
      }),
    120_000
  )

  it.effect("says so for every byte of its header and schema that matters", () =>
    Effect.gen(function* () {
      const file = join(folder, "header.reel")
      for (let offset = 0; offset < 200; offset++) {
        const bytes = Buffer.from(sound)
        bytes[offset] = (bytes[offset] as number) ^ 0xff
        yield* check(file, bytes, `offset ${offset}`)
      }
    })
  )

  it.effect("never gives another event when it is cut off", () =>
    Effect.gen(function* () {
      const file = join(folder, "cut.reel")
      for (let length = 0; length < sound.length; length += 4_001) {
        assert.notStrictEqual(yield* check(file, sound.subarray(0, length), `cut at ${length}`), "unnoticed")
      }
    })
  )

  it.effect.each([
    ["a deleted block", "DELETE FROM block WHERE first = 513", 513],
    ["a deleted row of the tail", "DELETE FROM tail WHERE first = 1261", 1_261],
    ["all of the tail deleted", "DELETE FROM tail", 1_251],
    ["a block put elsewhere", "UPDATE block SET first = first + 1, last = last + 1 WHERE first = 1025", 1_025],
    [
      "two blocks swapped",
      "UPDATE block SET body = (SELECT body FROM block b WHERE b.first = 1537 - block.first + 1) WHERE first IN (513, 1025)",
      513
    ],
    ["another chain", "UPDATE block SET hash = replace(hash, 'a', 'b') WHERE first = 513", 513]
  ] as const)("names the first event that is wrong: %s", ([, sql, seq]) =>
    Effect.gen(function* () {
      const file = join(folder, "edited.reel")
      writeFileSync(file, sound)
      new Database(file).exec(sql).close()
      const { error, right } = yield* readThrough(file)
      assert.deepInclude(error, { _tag: "DamagedLog", seq })
      assert.strictEqual(right, seq - 1)
    })
  )

  it.effect("is read from behind the damage on, as far as nothing there depends on it", () =>
    Effect.gen(function* () {
      const file = join(folder, "behind.reel")
      writeFileSync(file, sound)
      new Database(file).exec("UPDATE block SET body = zeroblob(100) WHERE first = 513").close()
      // The last session began with whole versions.
      assert.deepStrictEqual(yield* readThrough(file, 1_251), { right: 50, error: undefined })
      assert.deepInclude((yield* readThrough(file, 1_025)).error, { _tag: "DamagedLog" })
    })
  )

  it.effect("is not continued", () =>
    Effect.gen(function* () {
      const file = join(folder, "continued.reel")
      writeFileSync(file, sound)
      new Database(file).exec("UPDATE block SET body = zeroblob(100) WHERE first = 513").close()
      const refused = yield* Effect.flip(inReel(file, "write", (log) => log.append(history(1, 5_000))))
      assert.deepInclude(refused, { _tag: "EventLogFailure" })
    })
  )

  it.effect("is found by its chain where somebody forged a block with all its checksums", () =>
    Effect.gen(function* () {
      const [file, forged] = [join(folder, "true.reel"), join(folder, "forged.reel")]
      yield* inReel(file, "create", (log) => log.append(all.slice(0, 1_200)))
      yield* inReel(forged, "create", (log) =>
        log.append([...all.slice(0, 600), { _tag: "Warned", message: "forged" }, ...all.slice(601, 1_200)])
      )
      const db = new Database(file)
      db.exec(
        `ATTACH '${forged}' AS f; UPDATE block SET body = (SELECT body FROM f.block WHERE first = 513), digest = (SELECT digest FROM f.block WHERE first = 513), sums = (SELECT sums FROM f.block WHERE first = 513), hash = (SELECT hash FROM f.block WHERE first = 513) WHERE first = 513`
      )
      db.close()
      assert.deepInclude(yield* Effect.flip(EventLogSqlite.verify(file)), { _tag: "DamagedLog", seq: 1_025 })
      assert.strictEqual((yield* EventLogSqlite.verify(forged)).seq, 1_200)
    })
  )
})
