import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import Database from "better-sqlite3"
import { Effect } from "effect"
import { afterAll } from "vitest"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { project } from "../../src/reel/Projection.ts"
import { invoke } from "../command/invoke.ts"
import { history, inReel } from "./history.ts"

const root = join(import.meta.dirname, "../../../..")
const folder = mkdtempSync(join(tmpdir(), "kubereel-tables-"))
let made = 0
const newFile = (end: string): string => join(folder, `${++made}.${end}`)
afterAll(() => rmSync(folder, { recursive: true }))

/** Everything that the tables hold, as bytes. */
const dump = (file: string): string => {
  const db = new Database(file, { readonly: true })
  const all = ["checkpoint", "event"].map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1`).raw().all())
  db.close()
  return JSON.stringify(all)
}

const query = (file: string, sql: string): ReadonlyArray<unknown> => {
  const db = new Database(file, { readonly: true })
  const rows = db.prepare(sql).raw().all()
  db.close()
  return rows
}

const projected = (reel: string, tables: string) =>
  Effect.provide(project(tables), EventLogSqlite.layer(reel, { mode: "read" }))

describe("tables over a reel", () => {
  it.effect("guarantees 10, 11: grow with the reel, and are byte-equal when they are deleted and made anew", () =>
    Effect.gen(function* () {
      const [reel, tables, anew] = [newFile("reel"), newFile("db"), newFile("db")]
      const all = history(1_000)
      for (let i = 0; i < all.length; i += 250) {
        yield* inReel(reel, "write", (log) => log.append(all.slice(i, i + 250)))
        yield* projected(reel, tables)
      }
      yield* projected(reel, anew)
      assert.strictEqual(dump(tables), dump(anew))
      rmSync(tables)
      yield* projected(reel, tables)
      assert.strictEqual(dump(tables), dump(anew))
      const { hash } = yield* EventLogSqlite.verify(reel)
      assert.deepStrictEqual(query(tables, "SELECT seq, hash FROM checkpoint"), [[1_000, hash]])
    })
  )

  it.effect("guarantee 11: are made anew where they are another reel's", () =>
    Effect.gen(function* () {
      const [one, other, tables, fresh] = [newFile("reel"), newFile("reel"), newFile("db"), newFile("db")]
      yield* inReel(one, "create", (log) => log.append(history(300)))
      yield* inReel(other, "create", (log) => log.append(history(500, 7)))
      yield* projected(one, tables)
      yield* projected(other, tables)
      yield* projected(other, fresh)
      assert.strictEqual(dump(tables), dump(fresh))
    })
  )

  it.effect("guarantee 11: stop at an event that they cannot take, by its number; the reel is none the worse", () =>
    Effect.gen(function* () {
      const [reel, tables] = [newFile("reel"), newFile("db")]
      yield* inReel(reel, "create", (log) => log.append(history(40)))
      yield* projected(reel, tables)
      const db = new Database(tables)
      db.exec("CREATE TRIGGER poison BEFORE INSERT ON event WHEN new.seq = 55 BEGIN SELECT raise(ABORT, 'poison'); END")
      db.close()
      yield* inReel(reel, "write", (log) => log.append(history(40, 40)))
      assert.deepInclude(yield* Effect.flip(projected(reel, tables)), { _tag: "ProjectionStopped", seq: 55 })
      assert.deepStrictEqual(query(tables, "SELECT max(seq), (SELECT seq FROM checkpoint) FROM event"), [[54, 54]])
      new Database(tables).exec("DROP TRIGGER poison").close()
      assert.strictEqual((yield* projected(reel, tables)).seq, 80)
      assert.strictEqual((yield* EventLogSqlite.verify(reel)).seq, 80)
    })
  )

  it.effect("answer questions about a recording", () =>
    Effect.gen(function* () {
      const [reel, tables] = [newFile("reel"), newFile("db")]
      yield* invoke("import", join(root, "recordings/crash-loop.1.jsonl.gz"), "-o", reel)
      const { code, stderr } = yield* invoke("export", reel, "--format", "sql", "-o", tables)
      assert.strictEqual(code, 0, stderr)
      const [[restarts]] = query(tables, "SELECT max(restart_count) FROM container") as [[number]]
      assert.isAbove(restarts, 1)
      assert.deepStrictEqual(
        query(tables, "SELECT DISTINCT reason FROM container WHERE state = 'waiting' AND reason LIKE 'Crash%'"),
        [["CrashLoopBackOff"]]
      )
      assert.isNotEmpty(query(tables, "SELECT * FROM kubernetes_event WHERE reason = 'BackOff'"))
      assert.isNotEmpty(query(tables, "SELECT * FROM life WHERE kind = 'Pod' AND versions > 3"))
      assert.isNotEmpty(query(tables, "SELECT * FROM pod WHERE phase = 'Running' AND observed LIKE '20%Z'"))
      assert.isEmpty(query(tables, "SELECT * FROM gap WHERE cause IS NULL"))
      assert.isNotEmpty(query(tables, "SELECT object FROM object_version WHERE kind = 'Node'"))
    })
  )

  it.effect("replace no other file, and need a name", () =>
    Effect.gen(function* () {
      const [reel, text] = [newFile("reel"), newFile("txt")]
      yield* inReel(reel, "create", (log) => log.append(history(3)))
      writeFileSync(text, "a shopping list")
      for (const file of [text, reel]) {
        const { code, stderr } = yield* invoke("export", reel, "--format", "sql", "-o", file)
        assert.deepStrictEqual(
          [code, stderr],
          [
            74,
            `kubereel: ${file}: exists and holds no tables of a reel, so it is not replaced; name another output or remove it`
          ]
        )
      }
      assert.deepInclude(yield* invoke("export", reel, "--format", "sql"), { code: 64 })
    })
  )
})
