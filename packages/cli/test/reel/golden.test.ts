/**
 * Reels of every released format, and of every version of the vocabulary, with what was in them. A new format adds a file
 * here; none is ever written again.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { EventLogMemory, encode, vocabulary } from "@kubereel/core"
import { Effect } from "effect"
import { afterAll } from "vitest"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { FORMAT } from "../../src/reel/ReelFile.ts"
import { history, inReel, readAll, withLog } from "./history.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-golden-"))
afterAll(() => rmSync(folder, { recursive: true }))

const golden = (name: string): Buffer => gunzipSync(readFileSync(join(import.meta.dirname, "golden", name)))

const formats = [
  { format: 1, seq: 642, removed: 0, hash: "43b68ae594d1e6af81ab2752dfbd1f212dcb3ae543f187d2911ed742342c969d" },
  { format: 2, seq: 3_603, removed: 2_048, hash: "8739183893ae494a69f143accdfcea9a7b2f0ae36e18876a52088d62433efdd0" },
  { format: 3, seq: 9_980, removed: 9_216, hash: "17413ba2e90d9c87d282b8cb5751d75d92187e1911ad661c30b639d551601e41" }
]

describe("guarantee 14: a reel of an earlier kubereel", () => {
  it("is there for every format", () => {
    assert.deepStrictEqual(
      formats.map(({ format }) => format),
      Array.from({ length: FORMAT }, (_, i) => i + 1)
    )
  })

  it("speaks every version of the vocabulary", () => {
    const spoken = new Set(
      formats.flatMap(({ format }) =>
        golden(`format-${format}.lines.gz`)
          .toString()
          .trimEnd()
          .split("\n")
          .map((line) => Number(/^\[(\d+)/.exec(line)?.[1]))
      )
    )
    assert.includeMembers(
      [...spoken],
      Array.from({ length: vocabulary.version }, (_, i) => i + 1)
    )
  })

  it.effect.each(formats)(
    "of format $format is read as it was written, and is continued",
    ({ format, hash, removed, seq }) =>
      Effect.gen(function* () {
        const file = join(folder, `${format}.reel`)
        writeFileSync(file, golden(`format-${format}.reel.gz`))
        const texts = golden(`format-${format}.lines.gz`).toString().trimEnd().split("\n")
        const found = yield* readAll(file)
        assert.deepStrictEqual(
          found.map(({ event }) => encode(event)),
          texts
        )
        assert.deepInclude(yield* EventLogSqlite.verify(file), { seq, hash, removed, snapshots: [] })
        const state = yield* inReel(file, "read", (log) => log.stateAt({ seq }))
        const before = yield* withLog(EventLogMemory.layer, (log) =>
          Effect.andThen(log.append(found.map(({ event }) => event)), log.stateAt({ seq: found.length }))
        )
        assert.sameMembers(
          state.entries.map(({ uid, resourceVersion }) => `${uid} ${resourceVersion}`),
          before.entries.map(({ uid, resourceVersion }) => `${uid} ${resourceVersion}`)
        )
        yield* inReel(file, "write", (log) => log.append(history(10, 20_000)))
        assert.deepStrictEqual(
          (yield* readAll(file)).slice(0, texts.length).map(({ event }) => encode(event)),
          texts
        )
        assert.deepInclude(yield* EventLogSqlite.verify(file), { seq: seq + 10, removed, snapshots: [] })
      })
  )
})
