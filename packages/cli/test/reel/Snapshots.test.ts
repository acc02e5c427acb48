import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Inventory, stateOf } from "@kubereel/core"
import Database from "better-sqlite3"
import { Effect } from "effect"
import { afterAll } from "vitest"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { type Snapshot, snapshotOf, unpackState } from "../../src/reel/Snapshots.ts"
import { invoke } from "../command/invoke.ts"
import { churn } from "./churn.ts"
import { inReel } from "./history.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-snapshots-"))
let made = 0
const newFile = (): string => join(folder, `${++made}.reel`)
afterAll(() => rmSync(folder, { recursive: true }))

const COUNT = 7_000
const all = churn(COUNT)
const recorded = all.map((event, i) => ({ seq: i + 1, event }))

/** Three snapshots. */
const sound = await Effect.runPromise(
  Effect.gen(function* () {
    const file = newFile()
    yield* inReel(file, "create", (log) =>
      Effect.gen(function* () {
        for (let i = 0; i < COUNT; i += 500) yield* log.append(all.slice(i, i + 500))
      })
    )
    return readFileSync(file)
  })
)

const edited = (edit: (db: Database.Database) => void): string => {
  const file = newFile()
  writeFileSync(file, sound)
  const db = new Database(file)
  edit(db)
  db.close()
  return file
}

const moments = [0, 1, 2_047, 2_048, 2_049, 5_555, COUNT, COUNT + 1].map((seq) => ({ seq }))
const isRight = (file: string) =>
  inReel(file, "read", (log) =>
    Effect.forEach(moments, (moment) =>
      Effect.map(log.stateAt(moment), (state) => assert.deepStrictEqual(state, stateOf(recorded, moment)))
    )
  )

describe("guarantee 12: a snapshot", () => {
  it.effect(
    "is only a cache: states are the same with it, without it, and with one that is damaged or of another log",
    () =>
      Effect.gen(function* () {
        for (const sql of [
          "SELECT 1",
          "DELETE FROM snapshot",
          "UPDATE snapshot SET body = zeroblob(50)",
          "UPDATE snapshot SET seq = seq + 256 WHERE seq = (SELECT max(seq) FROM snapshot)",
          "UPDATE snapshot SET observed = observed - 1",
          "UPDATE snapshot SET hash = replace(hash, 'a', 'b')",
          "UPDATE snapshot SET body = (SELECT body FROM snapshot s WHERE s.seq <> snapshot.seq LIMIT 1)"
        ])
          yield* isRight(edited((db) => db.exec(sql)))
      })
  )

  it.effect("that is damaged is named by verify", () =>
    Effect.gen(function* () {
      const file = edited((db) => db.exec("UPDATE snapshot SET body = zeroblob(50) WHERE seq = 2048"))
      const { code, stdout } = yield* invoke("verify", file)
      assert.strictEqual(code, 1)
      assert.include(stdout, "the recorded state after event 2048 is damaged")
      assert.include(stdout, "all events are sound")
    })
  )
})

describe("guarantee 21: replay", () => {
  it.effect("finds a recorded state that is not what the events give, and shows the first difference", () =>
    Effect.gen(function* () {
      // What a reducer with a mistake in it would have recorded: well formed, with all its checksums.
      const file = edited((db) => {
        const row = db.prepare<[], Snapshot>("SELECT * FROM snapshot WHERE seq = 2048").get() as Snapshot
        const state = unpackState(row.body)
        const entries = state.entries.map((entry, i) => (i === 3 ? { ...entry, name: "somebody-else" } : entry))
        db.prepare("UPDATE snapshot SET digest = @digest, body = @body WHERE seq = @seq").run(
          snapshotOf(new Inventory({ ...state, entries }), row.hash)
        )
      })
      const { snapshots } = yield* EventLogSqlite.verify(file)
      assert.strictEqual(snapshots.length, 1)
      assert.deepInclude(snapshots[0], { seq: 2_048, kind: "diverged" })
      assert.match(snapshots[0]?.detail ?? "", /recorded .*somebody-else.*, replayed .*web-\d/)
      assert.deepInclude(yield* invoke("verify", file), { code: 1 })
    })
  )

  it.effect("gives what was recorded, in a sound reel", () =>
    Effect.gen(function* () {
      const file = edited(() => undefined)
      assert.deepStrictEqual((yield* EventLogSqlite.verify(file)).snapshots, [])
    })
  )
})
