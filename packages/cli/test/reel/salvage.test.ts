import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, encode } from "@kubereel/core"
import Database from "better-sqlite3"
import { Effect } from "effect"
import { afterAll } from "vitest"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { Remains } from "../../src/reel/raw/Remains.ts"
import { type Loss, salvaged } from "../../src/reel/salvage.ts"
import { invoke } from "../command/invoke.ts"
import { history, inReel, readAll } from "./history.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-salvage-"))
afterAll(() => rmSync(folder, { recursive: true }))

const COUNT = 1_300
const all = history(COUNT)
const texts = all.map((event) => encode(event))

/** Three blocks and a tail of three rows. */
const sound = await Effect.runPromise(
  Effect.gen(function* () {
    const file = join(folder, "sound.reel")
    yield* inReel(file, "create", (log) => log.append(all.slice(0, 1_270)))
    for (const [from, to] of [
      [1_270, 1_280],
      [1_280, 1_290],
      [1_290, 1_300]
    ] as const)
      yield* inReel(file, "write", (log) => log.append(all.slice(from, to)))
    return readFileSync(file)
  })
)

const salvage = (
  file: string
): { readonly events: ReadonlyArray<ClusterEvent>; readonly lost: ReadonlyArray<Loss> } => {
  const remains = new Remains(file)
  const lost: Array<Loss> = []
  const events = [...salvaged(file, remains, (loss) => lost.push(loss))]
  remains.close()
  return { events, lost }
}

/** Exactly what was written, but for what the losses name, each of which has its gap in its place. */
const isHonest = (file: string, where: string, end = COUNT): number => {
  const { events, lost } = salvage(file)
  const expected: Array<string> = []
  for (let seq = 1; seq <= end; seq++) {
    const loss = lost.find(({ from, to }) => from <= seq && seq <= to)
    if (loss === undefined) expected.push(texts[seq - 1] as string)
    else if (seq === loss.from) expected.push("gap")
  }
  assert.deepStrictEqual(
    events.map((event) => (event._tag === "Gap" ? "gap" : encode(event))),
    expected,
    where
  )
  return lost.reduce((sum, { from, to }) => sum + to - from + 1, 0)
}

function* places(count: number): Generator<readonly [offset: number, bit: number]> {
  let state = 54_321
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  for (let i = 0; i < count; i++) yield [next(sound.length), 1 << next(8)]
}

describe("guarantee 15: salvage", () => {
  it("gives back all of a sound reel", () => {
    assert.strictEqual(isHonest(join(folder, "sound.reel"), "sound"), 0)
  })

  it("gives back everything but what it names, whichever bit is flipped", () => {
    const file = join(folder, "flipped.reel")
    let lossy = 0
    for (const [offset, bit] of places(120)) {
      const bytes = Buffer.from(sound)
      bytes[offset] = (bytes[offset] as number) ^ bit
      writeFileSync(file, bytes)
      if (isHonest(file, `offset ${offset}, bit ${bit}`) > 0) lossy++
    }
    assert.isAbove(lossy, 5)
  })

  it("needs neither the header of the file nor its tables", () => {
    const file = join(folder, "headless.reel")
    const bytes = Buffer.from(sound)
    bytes.fill(0, 0, 16_384)
    writeFileSync(file, bytes)
    assert.strictEqual(isHonest(file, "headless"), 0)
  })

  it("gives back what is before a cut", () => {
    const file = join(folder, "cut.reel")
    for (let length = 16_384; length < sound.length; length += 10_007) {
      writeFileSync(file, sound.subarray(0, length))
      const { events } = salvage(file)
      const kept = events.filter(({ _tag }) => _tag !== "Gap").map((event) => encode(event))
      assert.deepStrictEqual(
        kept,
        texts.filter((text) => kept.includes(text)),
        `cut at ${length}`
      )
    }
  })

  it.effect("gives back what is behind a damaged block, as far as nothing there rests on it", () =>
    Effect.gen(function* () {
      const [file, out] = [join(folder, "hole.reel"), join(folder, "saved.reel")]
      writeFileSync(file, sound)
      new Database(file).exec("UPDATE block SET body = zeroblob(100) WHERE first = 513").close()
      const { code, stderr } = yield* invoke("salvage", file, "-o", out)
      assert.strictEqual(code, 0, stderr)
      const saved = yield* readAll(out)
      const gap = saved[512]?.event
      assert.deepInclude(gap, { _tag: "Gap", cause: "unreadable" })
      assert.match(
        stderr,
        /events 513 to 10[23]\d of .*hole\.reel are lost: the block that holds it cannot be unpacked/
      )
      assert.deepStrictEqual(
        saved.slice(0, 512).map(({ event }) => encode(event)),
        texts.slice(0, 512)
      )
      // The sessions behind began with whole versions.
      assert.includeMembers(
        saved.map(({ event }) => encode(event)),
        texts.slice(1_270)
      )
      assert.deepInclude(yield* invoke("verify", out), { code: 0 })
    })
  )

  it.effect("says that the newest events were in a -wal that is missing, and uses one that is there", () =>
    Effect.gen(function* () {
      const [file, copy] = [join(folder, "live.reel"), join(folder, "copy.reel")]
      yield* inReel(file, "create", (log) =>
        Effect.gen(function* () {
          yield* log.append(all.slice(0, 300))
          yield* log.append(all.slice(300, 310))
          cpSync(file, copy)
          cpSync(`${file}-wal`, `${copy}-wal`)
        })
      )
      assert.strictEqual(isHonest(copy, "with its -wal", 310), 0)
      rmSync(`${copy}-wal`)
      const { events } = salvage(copy)
      assert.deepInclude(events.at(-1), {
        _tag: "Gap",
        detail: `the newest events of ${copy} were in ${copy}-wal, which is missing`
      })
    })
  )

  it.effect("refuses what is no reel, and to write over what it reads", () =>
    Effect.gen(function* () {
      const [text, file] = [join(folder, "text.reel"), join(folder, "again.reel")]
      writeFileSync(text, "kind: Pod\n".repeat(10_000))
      writeFileSync(file, sound)
      assert.deepInclude(yield* invoke("salvage", text, "-o", join(folder, "x.reel")), {
        code: 65,
        stderr: `kubereel: ${text}: no event of a reel can be found in it`
      })
      assert.deepInclude(yield* invoke("salvage", file, "-o", file), { code: 64 })
      assert.isTrue(readFileSync(file).equals(sound))
    })
  )
})

describe("guarantee 15: verify", () => {
  it.effect("answers with the head of a sound reel", () =>
    Effect.gen(function* () {
      const file = join(folder, "sound.reel")
      const { hash } = yield* EventLogSqlite.verify(file)
      assert.deepStrictEqual(yield* invoke("verify", file), {
        code: 0,
        stdout: `${file}: sound, 1300 events, head ${hash}\n`,
        stderr: ""
      })
      const { stdout } = yield* invoke("verify", file, "--json")
      assert.deepStrictEqual(JSON.parse(stdout), {
        schemaVersion: 1,
        reel: file,
        sound: true,
        head: { seq: 1_300, hash },
        removed: 0,
        firstBad: null,
        detail: null,
        snapshots: []
      })
    })
  )

  it.effect.each([
    ["a block", "UPDATE block SET body = zeroblob(100) WHERE first = 513", 513],
    ["a row of the tail", "UPDATE tail SET body = replace(body, 'Running', 'Walking') WHERE first = 1281", 1_281],
    ["a missing row", "DELETE FROM tail WHERE first = 1281", 1_281]
  ] as const)("names the first bad event and exits with 1: %s", ([, sql, seq]) =>
    Effect.gen(function* () {
      const file = join(folder, "bad.reel")
      writeFileSync(file, sound)
      new Database(file).exec(sql).close()
      const plain = yield* invoke("verify", file)
      assert.strictEqual(plain.code, 1, plain.stderr)
      assert.include(plain.stdout, `event ${seq} is the first bad one`)
      const { code, stdout } = yield* invoke("verify", file, "--json")
      assert.strictEqual(code, 1)
      assert.deepInclude(JSON.parse(stdout), { sound: false, head: null, firstBad: seq })
    })
  )

  it.effect(
    "finds every change of data in 300 flipped bits, and says so of a file that is cut off",
    () =>
      Effect.gen(function* () {
        const file = join(folder, "bits.reel")
        let found = 0
        for (const [offset, bit] of places(300)) {
          const bytes = Buffer.from(sound)
          bytes[offset] = (bytes[offset] as number) ^ bit
          writeFileSync(file, bytes)
          const outcome = yield* Effect.result(EventLogSqlite.verify(file))
          if (outcome._tag === "Failure") found++
          // Where nothing was found nothing is changed: all of it is read, and is what was written.
          else
            assert.deepStrictEqual(
              (yield* readAll(file)).map(({ event }) => encode(event)),
              texts,
              `offset ${offset}, bit ${bit}`
            )
        }
        assert.isAbove(found, 15)
        writeFileSync(file, sound.subarray(0, sound.length - 20_000))
        assert.deepInclude(yield* invoke("verify", file), { code: 1 })
      }),
    120_000
  )

  it.effect("finds damage in a -wal, where SQLite goes back to an earlier commit without a word", () =>
    Effect.gen(function* () {
      const [file, copy] = [join(folder, "running.reel"), join(folder, "damagedWal.reel")]
      yield* inReel(file, "create", (log) =>
        Effect.gen(function* () {
          for (let i = 0; i < 10; i++) yield* log.append(all.slice(10 * i, 10 * i + 10))
          cpSync(file, copy)
          cpSync(`${file}-wal`, `${copy}-wal`)
        })
      )
      const wal = readFileSync(`${copy}-wal`)
      const middle = 32 + 3 * (24 + 16_384) + 5_000
      wal[middle] = (wal[middle] as number) ^ 1
      writeFileSync(`${copy}-wal`, wal)
      const refused = yield* Effect.flip(EventLogSqlite.verify(copy))
      assert.include(refused.message, "its -wal is damaged in frame 4")
      assert.isBelow(isHonest(copy, "damaged -wal", 100), 100)
    })
  )
})
