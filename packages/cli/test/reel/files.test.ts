import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { EventLogMemory, encode, type UnusableLog } from "@kubereel/core"
import Database from "better-sqlite3"
import { Effect, Stream } from "effect"
import { afterAll } from "vitest"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { events, history, inReel, readAll, withLog } from "./history.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-files-"))
let made = 0
const newFolder = (): string => {
  const path = join(folder, String(++made))
  mkdirSync(path)
  return path
}
const newFile = (): string => join(newFolder(), "a.reel")

afterAll(() => rmSync(folder, { recursive: true }))

const refusal = (file: string, mode: "read" | "write" | "create"): Effect.Effect<UnusableLog, unknown> =>
  Effect.flip(inReel(file, mode, (log) => log.head)) as Effect.Effect<UnusableLog, unknown>

const written = (count: number): Effect.Effect<string, unknown> =>
  Effect.gen(function* () {
    const file = newFile()
    yield* inReel(file, "create", (log) => log.append(history(count)))
    return file
  })

const texts = (given: ReturnType<typeof history>): ReadonlyArray<string> => given.map((event) => encode(event))

describe("a reel on disk", () => {
  it.effect("holds what was appended, session after session, and is one file when it is closed", () =>
    Effect.gen(function* () {
      const file = newFile()
      const all = history(900)
      for (const [from, to] of [
        [0, 3],
        [3, 300],
        [300, 301],
        [301, 900]
      ] as const) {
        yield* inReel(file, "write", (log) => log.append(all.slice(from, to)))
        assert.deepStrictEqual(readdirSync(join(file, "..")), ["a.reel"])
      }
      assert.deepStrictEqual(texts(events(yield* readAll(file))), texts(all))
      assert.deepStrictEqual(
        yield* inReel(file, "write", (log) => Effect.map(log.append(all), ({ repeated }) => repeated)),
        900
      )
      const inMemory = yield* withLog(EventLogMemory.layer, (log) => Effect.andThen(log.append(all), log.head))
      assert.deepInclude(yield* EventLogSqlite.verify(file), inMemory)
    })
  )

  it.effect("stores deltas in blocks and not rows of JSON", () =>
    Effect.gen(function* () {
      const all = history(6_000)
      const file = newFile()
      yield* inReel(file, "create", (log) => log.append(all))
      const plain = texts(all).reduce((sum, text) => sum + text.length, 0)
      assert.isBelow(readFileSync(file).length, plain / 13)
    })
  )

  it.effect("is read while it is written, without stopping the writer", () =>
    Effect.gen(function* () {
      const file = newFile()
      const all = history(1_200)
      yield* inReel(file, "create", (log) =>
        Effect.gen(function* () {
          yield* log.append(all.slice(0, 300))
          yield* inReel(file, "read", (reading) =>
            Effect.gen(function* () {
              let seen = 0
              yield* Stream.runForEach(reading.read(), () => {
                seen++
                return seen % 100 === 0 ? log.append(all.slice(200 + seen, 300 + seen)) : Effect.void
              })
              assert.strictEqual(seen, 300)
              assert.deepStrictEqual(yield* reading.head, yield* log.head)
              assert.deepStrictEqual(texts(events(yield* Stream.runCollect(reading.read()))), texts(all.slice(0, 600)))
            })
          )
        })
      )
      assert.strictEqual((yield* readAll(file)).length, 600)
    })
  )

  it.effect("leaves nothing behind when it is read, also in a folder that cannot be written", () =>
    Effect.gen(function* () {
      const file = yield* written(300)
      const before = readFileSync(file)
      chmodSync(file, 0o444)
      chmodSync(join(file, ".."), 0o555)
      yield* inReel(file, "read", (log) =>
        Effect.gen(function* () {
          yield* Stream.runDrain(log.read())
          assert.deepStrictEqual(readdirSync(join(file, "..")), ["a.reel"])
          const refused = yield* Effect.flip(log.append(history(1)))
          assert.strictEqual(refused._tag, "EventLogFailure")
        })
      )
      assert.deepStrictEqual(readdirSync(join(file, "..")), ["a.reel"])
      assert.isTrue(readFileSync(file).equals(before))
      chmodSync(join(file, ".."), 0o755)
    })
  )
})

describe("a reel that cannot be opened", () => {
  it.effect("is being written by somebody else, who is named", () =>
    Effect.gen(function* () {
      const file = newFile()
      yield* inReel(file, "create", () =>
        Effect.gen(function* () {
          const refused = yield* refusal(file, "write")
          assert.strictEqual(refused.reason, "Locked")
          assert.strictEqual(
            refused.message,
            `${file} is being written by process ${process.pid} on ${hostname()}: wait for it, or write to another file`
          )
        })
      )
      yield* inReel(file, "write", (log) => log.append(history(1)))
    })
  )

  it.effect.each([
    ["is empty", "", "is not a reel: it is empty"],
    ["is text", "{}\n".repeat(100), "is not a reel"],
    ["is cut off in its header", "SQLite format 3\0", "is not a reel"]
  ] as const)("because it %s", ([, content, sentence]) =>
    Effect.gen(function* () {
      const file = newFile()
      writeFileSync(file, content)
      for (const mode of ["read", "write"] as const) {
        const refused = yield* refusal(file, mode)
        assert.deepInclude(refused, { reason: "NotAReel" })
        assert.strictEqual(refused.message, `${file} ${sentence}`)
      }
      assert.strictEqual(readFileSync(file, "latin1"), content)
    })
  )

  it.effect("because it is another program's database, or a folder", () =>
    Effect.gen(function* () {
      const file = newFile()
      new Database(file).exec("CREATE TABLE t(a); INSERT INTO t VALUES (1)").close()
      assert.deepInclude(yield* refusal(file, "write"), { reason: "NotAReel" })
      assert.deepInclude(yield* refusal(join(file, ".."), "read"), { reason: "NotAReel" })
    })
  )

  it.effect("because a newer kubereel wrote it", () =>
    Effect.gen(function* () {
      const file = yield* written(3)
      const db = new Database(file)
      db.pragma("user_version = 4")
      db.close()
      const refused = yield* refusal(file, "read")
      assert.strictEqual(refused.reason, "Newer")
      assert.strictEqual(
        refused.message,
        `${file} was written by a newer kubereel (format 4, this one knows up to 3): open it with that one`
      )
    })
  )

  it.effect("because it is not there, or is there already, or its folder is not", () =>
    Effect.gen(function* () {
      const file = newFile()
      assert.deepInclude(yield* refusal(file, "read"), { reason: "Missing", detail: `${file}: there is no such file` })
      assert.deepStrictEqual(readdirSync(join(file, "..")), [])
      assert.deepInclude(yield* refusal(join(file, "no", "where.reel"), "write"), { reason: "NotWritable" })
      yield* inReel(file, "create", (log) => log.head)
      assert.deepInclude(yield* refusal(file, "create"), { reason: "NotWritable", detail: `${file} exists already` })
    })
  )

  it.effect("because it was copied without its newest events", () =>
    Effect.gen(function* () {
      const file = newFile()
      const copy = newFile()
      yield* inReel(file, "create", (log) =>
        Effect.gen(function* () {
          yield* log.append(history(30))
          copyFileSync(file, copy)
          for (const mode of ["read", "write"] as const) {
            assert.deepInclude(yield* refusal(copy, mode), {
              reason: "Damaged",
              detail: `${copy} was being written when it was copied, and its newest events are missing: copy ${copy}-wal with it`
            })
          }
        })
      )
    })
  )
})
