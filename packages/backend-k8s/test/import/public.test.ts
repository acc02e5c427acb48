/** Files that other people's tools wrote, as they stand in their repositories. */
import { globSync, statSync } from "node:fs"
import { join } from "node:path"
import { assert, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { BadRecording, importRecordings, recognise } from "../../src/index.ts"

const root = join(import.meta.dirname, "../../../../recordings/public")
const files = globSync("**/*.{json,yaml}", { cwd: root })
  .filter((path) => statSync(join(root, path)).isFile())
  .toSorted()

it.effect("are told apart, and read or refused with a sentence", () =>
  Effect.gen(function* () {
    const found: Array<string> = []
    for (const path of files) {
      const recording = yield* Effect.promise(() => recognise(join(root, path)))
      const counts = new Map<string, number>()
      const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
      const done = yield* Effect.result(Stream.runCollect(importRecordings([recording])))
      if (done._tag === "Failure") {
        assert.isTrue(done.failure instanceof BadRecording)
        found.push(`${path}: refused`)
        continue
      }
      for (const event of done.success) {
        if (event._tag === "ObjectChanged") count(`${event.change} ${String(event.object.kind)}`)
        if (event._tag === "Gap") count(`Gap ${event.cause}`)
      }
      found.push(`${path}: ${recording.format}: ${[...counts].map(([what, n]) => `${n} ${what}`).join(", ")}`)
    }
    expect(found).toMatchSnapshot()
  })
)
