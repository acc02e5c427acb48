import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { ClusterEvent } from "@kubereel/core"
import { Effect, Schema } from "effect"
import { afterAll } from "vitest"
import { GENESIS, link } from "../../src/reel/Container.ts"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { invoke } from "../command/invoke.ts"
import { history, inReel } from "./history.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-exchange-"))
let made = 0
const newFile = (end: string): string => join(folder, `${++made}.${end}`)
afterAll(() => rmSync(folder, { recursive: true }))

const isClusterEvent = Schema.is(ClusterEvent)

describe("guarantee 20: a reel as lines", () => {
  const there = Effect.fnUntraced(function* (events: ReadonlyArray<ClusterEvent>) {
    const [reel, lines, back] = [newFile("reel"), newFile("jsonl"), newFile("reel")]
    yield* inReel(reel, "create", (log) => log.append(events))
    assert.deepInclude(yield* invoke("export", reel, "--format", "reel", "-o", lines), { code: 0 })
    return { reel, lines, back }
  })

  const everySort: ReadonlyArray<ClusterEvent> = [
    { _tag: "RecordingStarted", header: { scenario: "a", ü: [null] } },
    ...history(300),
    { _tag: "Gap", cause: "stopped", detail: "", resource: "pods", from: { resourceVersion: "1" }, to: {} },
    { _tag: "Horizon", removed: 3, detail: "small disk" },
    { _tag: "Unknown", version: 99, content: { _tag: "PodDreamt" } },
    { _tag: "PodFact", pod: { namespace: "a", name: "b", uid: "c" }, event: { _tag: "PodSynced", sync: "SyncPod" } }
  ].filter((event): event is ClusterEvent => isClusterEvent(event))

  it.effect("has the same head when it is read in again, plain or packed, and anybody can compute it", () =>
    Effect.gen(function* () {
      assert.strictEqual(everySort.length, 305)
      const { back, lines, reel } = yield* there(everySort)
      const { hash } = yield* EventLogSqlite.verify(reel)
      const text = readFileSync(lines, "utf8")
      assert.strictEqual(
        text
          .trimEnd()
          .split("\n")
          .reduce((chain, line) => link(chain, line), GENESIS),
        hash
      )
      const packed = newFile("jsonl.gz")
      writeFileSync(packed, gzipSync(text))
      for (const file of [lines, packed]) {
        assert.deepInclude(yield* invoke("import", file, "--no-redact", "-o", back), { code: 0 })
        assert.strictEqual((yield* EventLogSqlite.verify(back)).hash, hash)
      }
    })
  )

  it.effect("hides secrets like every other import", () =>
    Effect.gen(function* () {
      const { back, lines } = yield* there(history(20))
      yield* invoke("import", lines, "-o", back)
      assert.notInclude(readFileSync(back, "latin1"), "none-3")
    })
  )

  it.effect("says which line is none", () =>
    Effect.gen(function* () {
      const { back, lines } = yield* there(history(20))
      writeFileSync(lines, `${readFileSync(lines, "utf8")}[1,{"_tag":"Warned"}]\n`)
      assert.deepInclude(yield* invoke("import", lines, "-o", back), {
        code: 65,
        stderr: `kubereel: ${lines}:21: no Warned of version 1 looks like this`
      })
    })
  )
})
