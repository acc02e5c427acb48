import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import type { ClusterEvent } from "@kubereel/core"
import { Effect } from "effect"
import { afterAll } from "vitest"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { churn } from "./churn.ts"
import { events, history, inReel, pod, readAll, withLog } from "./history.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-versions-"))
let made = 0
const newFile = (): string => join(folder, `${++made}.reel`)
afterAll(() => rmSync(folder, { recursive: true }))

const racer = (file: string, name: string, times: number): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(async () => {
    const program = join(import.meta.dirname, "racer.ts")
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--conditions=source",
      program,
      file,
      name,
      String(times)
    ])
    return stdout.trim().split("\n")
  })

const uidOf = (event: ClusterEvent | undefined): string =>
  event?._tag === "ObjectChanged" ? String((event.object.metadata as { readonly uid?: string }).uid) : ""

/** How often an object is in a history. */
const countOf = (all: ReadonlyArray<ClusterEvent>, uid: string): number =>
  all.filter((event) => uidOf(event) === uid).length

const actualOf = (file: string, uid: string) =>
  inReel(file, "write", (log) =>
    Effect.map(Effect.flip(log.append([], [{ uid, version: -1 }])), (refused) =>
      refused._tag === "WrongVersion" ? refused.actual : refused
    )
  )

describe("guarantee 4: expected versions of a reel", () => {
  it.effect("a second writer is kept out by the lock, and refused with the actual version once that is free", () =>
    Effect.gen(function* () {
      const file = newFile()
      const known = countOf(history(100), "5f0c-3")
      yield* inReel(file, "create", (log) =>
        Effect.gen(function* () {
          yield* log.append(history(100))
          const other = yield* Effect.flip(inReel(file, "write", (second) => second.head))
          assert.deepInclude(other, { _tag: "UnusableLog", reason: "Locked" })
          yield* log.append([pod(803)], [{ uid: "5f0c-3", version: known }])
        })
      )
      yield* inReel(file, "write", (log) =>
        Effect.gen(function* () {
          const refused = yield* Effect.flip(log.append([pod(811)], [{ uid: "5f0c-3", version: known }]))
          assert.deepInclude(refused, { _tag: "WrongVersion", uid: "5f0c-3", expected: known, actual: known + 1 })
          yield* log.append([pod(811)], [{ uid: "5f0c-3", version: known + 1 }])
        })
      )
      assert.strictEqual((yield* readAll(file)).length, 102)
    })
  )

  it.live(
    "two processes that race make each version once, without a gap",
    () =>
      Effect.gen(function* () {
        const file = newFile()
        yield* inReel(file, "create", (log) => log.head)
        const told = yield* Effect.all([racer(file, "a", 12), racer(file, "b", 12)], { concurrency: 2 })
        const numbers = told.flatMap((lines) =>
          lines.filter((line) => line.startsWith("made ")).map((line) => Number(line.slice(5)))
        )
        assert.deepStrictEqual(
          numbers.toSorted((x, y) => x - y),
          Array.from({ length: 24 }, (_, i) => i + 1)
        )
        // Whoever came second knew nothing of the first one's versions.
        assert.isTrue(told.some((lines) => lines.some((line) => line.startsWith("at "))))
        assert.strictEqual(countOf(events(yield* readAll(file)), "turns"), 24)
      }),
    60_000
  )

  it.effect("count what a limit removed of an object that is still there, in later sessions too", () =>
    Effect.gen(function* () {
      const file = newFile()
      const all = churn(9_000)
      const node = (n: number): ClusterEvent => ({
        _tag: "ObjectChanged",
        change: "MODIFIED",
        object: { apiVersion: "v1", kind: "Node", metadata: { name: "n", uid: "n", resourceVersion: String(n) } }
      })
      const removals = new Set<number>()
      for (const from of [0, 3_000, 6_000]) {
        yield* withLog(EventLogSqlite.layer(file, { mode: "write", limits: { age: 500_000 } }), (log) =>
          Effect.gen(function* () {
            for (let i = from; i < from + 3_000; i += 500) {
              const known = i / 500
              yield* log.append([node(known + 1), ...all.slice(i, i + 500)], [{ uid: "n", version: known }])
            }
          })
        )
        removals.add((yield* EventLogSqlite.verify(file)).removed)
      }
      assert.isAbove(removals.size, 2)
      assert.strictEqual(yield* actualOf(file, "n"), 18)
      const [oldest, newest] = [uidOf(all[0]), uidOf(all.at(-1))]
      assert.strictEqual(yield* actualOf(file, newest), countOf(all, newest))
      // Of what was gone before the horizon nothing is known.
      assert.strictEqual(yield* actualOf(file, oldest), 0)
    })
  )
})
